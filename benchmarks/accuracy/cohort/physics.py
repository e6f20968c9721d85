"""What simulations a subject is made by: each is harder than the model in a way of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Physics:
    """A simulation that departs from what the model presumes.

    Parameters
    ----------
    name, what : str
        Short name, and what is hard about it.
    settings : mapping of str to object
        Settings of `simulate_subject` by their names.
    same_scanner : bool
        Whether the follow-ups come from the scanner, and with the settings, of the baseline.
    """

    name: str
    what: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    same_scanner: bool = True


SMOOTH = Physics("smooth", "regions change smoothly, as the model likes it")

_CLEAN_AND_SHARP = {"smoothness_mm": 1.0, "drift": 0.0, "noise": 0.02}
SHARP = Physics("sharp", "steps of change at the borders of regions; no drift", _CLEAN_AND_SHARP)
ROTATION = Physics(
    "rotation",
    "sharp; tissue turns too, by 0.04 mm a year in the mean",
    _CLEAN_AND_SHARP | {"rotation_mm": 0.04},
)
OWN_COURSES = Physics(
    "own-courses",
    "sharp; each region at a pace of its own",
    _CLEAN_AND_SHARP | {"own_courses": (0.6, 1.0, 1.6)},
)
COMBINED = Physics(
    "combined",
    "sharp; drift of 3 % with waves of 25 mm, denoised source, jittered strip, follow-ups blurred by 0.35 mm",
    _CLEAN_AND_SHARP
    | {
        "drift": 0.03,
        "drift_wavelength_mm": 25.0,
        "denoise": True,
        "strip_jitter_mm": 1.0,
        "blur_mm": 0.35,
    },
    same_scanner=False,
)
SLICES = Physics("slices", "slices of 3 mm by averaging; sharp", _CLEAN_AND_SHARP | {"slice_mm": 3.0})

MATCHED = Physics("matched", "the same scanner once more")
SCALE = Physics("scale", "0.2 % larger in each direction", {"scale_percent": 0.2}, same_scanner=False)
STRETCH = Physics(
    "stretch", "0.2 % larger from feet to head", {"scale_percent": (0.0, 0.0, 0.2)}, same_scanner=False
)
BLUR = Physics("blur", "blurred by 0.5 mm", {"blur_mm": 0.5}, same_scanner=False)
CONTRAST = Physics("contrast", "another contrast: the power 0.85", {"contrast": 0.85}, same_scanner=False)
DISTORTION = Physics(
    "distortion",
    "nonlinear gradients: 1 mm at the edge of the head",
    {"gradient_nonlinearity_mm": 1.0},
)
MOTION = Physics("motion", "the head moves by up to 2 mm during the scan", {"motion_mm": 2.0})
NEW_LESION = Physics("new-lesion", "a lesion of 10 mm appears, without displacement", {"lesion_mm": 10.0})
CONTRAST_AGENT = Physics(
    "contrast-agent",
    "real: one session before and after contrast agent, nothing is simulated",
    same_scanner=False,
)

TUNED_SHARP = Physics("tuning-sharp", "smoothed by 1.5 mm; no drift", {"smoothness_mm": 1.5, "drift": 0.0})
TUNED_OWN_COURSES = Physics(
    "tuning-own-courses",
    "smoothed by 1.5 mm; each region at a pace of its own; tissue turns",
    {"smoothness_mm": 1.5, "drift": 0.0, "own_courses": (0.8, 1.3), "rotation_mm": 0.03},
)
TUNED_COMBINED = Physics(
    "tuning-combined",
    "smoothed by 1.5 mm; drift of 4 % with waves of 40 mm, denoised, jittered strip, blur of 0.25 mm",
    {
        "smoothness_mm": 1.5,
        "drift": 0.04,
        "drift_wavelength_mm": 40.0,
        "denoise": True,
        "strip_jitter_mm": 0.7,
        "blur_mm": 0.25,
    },
    same_scanner=False,
)
TUNED_SCALE = Physics("tuning-scale", "0.3 % smaller", {"scale_percent": -0.3}, same_scanner=False)
TUNED_BLUR = Physics("tuning-blur", "blurred by 0.7 mm", {"blur_mm": 0.7}, same_scanner=False)
TUNED_CONTRAST = Physics(
    "tuning-contrast", "another contrast: the power 1.1", {"contrast": 1.1}, same_scanner=False
)
TUNED_MOTION = Physics("tuning-motion", "the head moves by up to 1.3 mm", {"motion_mm": 1.3})
