"""`simulate`: a subject whose change is known."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from LongitudinalINRLib.cli.options import AsJson, month_list, numbers
from LongitudinalINRLib.cli.outcome import outcome, print_json, print_line, print_warning
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.plain_text import one_line

LARGEST_SEED = 2**63 - 1


_HARDER = "Harder subjects and scans"


def _harder(text: str, unit: str) -> Any:
    return typer.Option(help=text, metavar=unit, rich_help_panel=_HARDER)


def simulate(
    t1: Annotated[Path, typer.Option("--t1", help="A T1-weighted scan.")],
    labels: Annotated[Path, typer.Option(help="Its segmentation, with FreeSurfer's label numbers.")],
    months: Annotated[str, typer.Option(help="Months of the scans, 0 among them.", metavar="0,12,24,36")],
    output: Annotated[
        Path, typer.Option(help="New or empty folder, or that of an earlier simulation.", metavar="DIR")
    ],
    noise: Annotated[
        float, typer.Option(help="Standard deviation of the noise, as a share of the brightest.")
    ] = 0.02,
    seed: Annotated[int, typer.Option(help="The same seed gives the same subject.")] = 0,
    smoothness_mm: Annotated[float, _harder("Blur of the map of change; 1 is sharp.", "MM")] = 3.0,
    own_courses: Annotated[str, _harder("Powers of time; each region draws one.", "0.7,1,1.5")] = "",
    rotation_mm: Annotated[float, _harder("Flow without growth, per year.", "MM")] = 0.0,
    lesion_mm: Annotated[float, _harder("Diameter of a lesion that appears.", "MM")] = 0.0,
    lesion_brightness: Annotated[float, _harder("Its intensity, of white matter's.", "SHARE")] = 0.6,
    drift: Annotated[float, _harder("Uneven intensity of each scan, as a share.", "SHARE")] = 0.03,
    drift_wavelength_mm: Annotated[float, _harder("Its wavelength; 0: it follows a polynomial.", "MM")] = 0.0,
    strip_jitter_mm: Annotated[float, _harder("Skull strip that differs between scans.", "MM")] = 0.0,
    slice_mm: Annotated[float, _harder("Thickness of the slices; 0: as they are.", "MM")] = 0.0,
    denoise: Annotated[
        bool,
        typer.Option(
            "--denoise", help="Noise and texture do not move with the tissue.", rich_help_panel=_HARDER
        ),
    ] = False,
    gradient_nonlinearity_mm: Annotated[float, _harder("Distortion at the edge of the head.", "MM")] = 0.0,
    scale_percent: Annotated[
        str, _harder("Follow-ups show the head larger; one number, or three.", "PERCENT")
    ] = "0",
    blur_mm: Annotated[float, _harder("Blur of the follow-ups.", "MM")] = 0.0,
    contrast: Annotated[float, _harder("Exponent of the follow-ups' intensities.", "EXPONENT")] = 1.0,
    motion_mm: Annotated[float, _harder("The head moves while a follow-up is taken.", "MM")] = 0.0,
    as_json: AsJson = False,
) -> None:
    """Simulate follow-up scans with known truth from any scan and its segmentation."""
    settings: dict[str, Any] = {
        "noise": noise,
        "smoothness_mm": smoothness_mm,
        "rotation_mm": rotation_mm,
        "lesion_mm": lesion_mm,
        "lesion_brightness": lesion_brightness,
        "drift": drift,
        "drift_wavelength_mm": drift_wavelength_mm,
        "strip_jitter_mm": strip_jitter_mm,
        "slice_mm": slice_mm,
        "gradient_nonlinearity_mm": gradient_nonlinearity_mm,
        "blur_mm": blur_mm,
        "contrast": contrast,
        "motion_mm": motion_mm,
    }
    with outcome(as_json):
        times = month_list(months, "--months")
        _check("--seed", seed, 0, LARGEST_SEED)
        from LongitudinalINRLib.imaging.reading import read_labels, read_volume
        from LongitudinalINRLib.simulate.change import Change
        from LongitudinalINRLib.simulate.ownership import check_place
        from LongitudinalINRLib.simulate.scanner import Scanner
        from LongitudinalINRLib.simulate.settings import RANGES, with_settings
        from LongitudinalINRLib.simulate.subject import simulate_subject

        for name, value in settings.items():
            _check(f"--{name.replace('_', '-')}", value, *RANGES[name])
        settings["denoise"] = denoise
        settings["scale_percent"] = _scale(scale_percent)
        settings["own_courses"] = _exponents(own_courses)
        _refuse_own_input(output, {"--t1": t1, "--labels": labels})
        check_place(output)
        change, scanner = with_settings(Change(), Scanner(), settings)
        subject = simulate_subject(
            read_volume(t1)[0], read_labels(labels)[0], times, change=change, scanner=scanner, seed=seed
        )
        subject.save(output, print_warning)
        if as_json:
            print_json({"output": str(output), "months": list(subject.months)})
        else:
            print_line(f"{len(subject.months)} scans with their truth: {one_line(str(output))}")


def _scale(text: str) -> float | tuple[float, float, float]:
    """Read one percentage, or three for right, front and up."""
    from LongitudinalINRLib.simulate.settings import SCALE_PERCENT

    option, expected = "--scale-percent", "one percentage, or three for right, front and up"
    values = numbers(text, option, expected)
    if len(values) not in (1, 3):
        raise InputError(
            "option-format",
            f"{option} cannot be read.",
            expected=expected,
            found=f"{len(values)} numbers",
            advice="Give one number for all directions, or one for each: 0.2,0,0.",
        )
    for value in values:
        _check(option, value, *SCALE_PERCENT)
    return values[0] if len(values) == 1 else (values[0], values[1], values[2])


def _exponents(text: str) -> tuple[float, ...]:
    """Read the powers of time of which each region draws one."""
    from LongitudinalINRLib.simulate.settings import EXPONENTS, MOST_COURSES

    option, expected = "--own-courses", f"up to {MOST_COURSES} exponents"
    if not text:
        return ()
    values = numbers(text, option, expected)
    if len(values) > MOST_COURSES:
        raise InputError(
            "option-format",
            f"{option} cannot be read.",
            expected=expected,
            found=f"{len(values)} numbers",
            advice="Give fewer: each costs as much memory as the whole change.",
        )
    for value in values:
        _check(option, value, *EXPONENTS)
    return values


def _check(option: str, value: float, lowest: float, largest: float) -> None:
    if not (math.isfinite(value) and lowest <= value <= largest):
        raise InputError(
            "option-range",
            f"The value of {option} cannot be used.",
            expected=f"a number from {lowest:g} to {largest:g}",
            found=f"{value}",
            advice="Leave the option out to use the default.",
        )


def _refuse_own_input(output: Path, inputs: Mapping[str, Path]) -> None:
    """Refuse to read from the folder that is written to: what is read there would be replaced."""
    for option, path in inputs.items():
        real = Path(os.path.realpath(path))
        if any(_same(folder, output) for folder in (real, *real.parents)):
            raise InputError(
                "output-protected",
                f"A simulated subject is not written to {output.name}: {option} is in it.",
                expected="an output folder beside the scan and its segmentation",
                found=f"{path.name} in the output folder",
                advice="Choose a new folder.",
            )


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there
        return False
