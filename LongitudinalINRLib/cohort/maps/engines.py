"""What registers a person's baseline to the template."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
import SimpleITK as sitk

from LongitudinalINRLib.atlas import match
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.imaging.writing import write_volume

Engine = Literal["demons", "syn"]

NAMES: dict[Engine, str] = {"demons": match.ENGINE, "syn": "ANTs: SyN by mutual information (antspyx)"}

_SEED = 7


def register(
    engine: Engine,
    baseline: Volume,
    mask: Volume,
    t1: Volume,
    brain: Volume,
    should_stop: Callable[[], bool] = lambda: False,
) -> tuple[sitk.Transform, float]:
    """Find where each point of the template's brain lies in a baseline.

    Parameters
    ----------
    engine : {"demons", "syn"}
        The project's own, or ANTs' SyN, which needs the package antspyx.
    baseline, mask, t1, brain : Volume
        The person's scan and brain, and those of the template.
    should_stop : callable
        Asked at every iteration of the demons, and before SyN.

    Returns
    -------
    transform : Transform
        Template LPS mm to baseline LPS mm.
    likeness : float
        Correlation of both brains after the registration (see `atlas.match`).

    Raises
    ------
    Cancelled
        When `should_stop` said so.
    InputError
        antspyx is not installed.
    RuntimeError
        The images have nothing in common.
    """
    if engine == "demons":
        return match.match(baseline, mask, t1, brain, should_stop, lambda _: None)
    return _syn(baseline, mask, t1, brain)


def _syn(baseline: Volume, mask: Volume, t1: Volume, brain: Volume) -> tuple[sitk.Transform, float]:
    try:
        import ants
    except ImportError as error:
        raise InputError(
            "ants-missing",
            "SyN needs a package that is not installed.",
            expected="antspyx",
            found=str(error),
            advice="pip install antspyx, in an environment of its own where it asks for an older numpy; or "
            "register by demons.",
        ) from error
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{name}.nii.gz" for name in ("fixed", "moving")]
        for path, (scan, where) in zip(paths, ((t1, brain), (baseline, mask)), strict=True):
            write_volume(scan.with_array(np.where(where.array, scan.array, 0).astype(np.float32)), path)
        fixed, moving = (ants.resample_image(ants.image_read(str(path)), (2, 2, 2)) for path in paths)
        found = ants.registration(
            fixed, moving, type_of_transform="SyN", random_seed=_SEED, outprefix=f"{folder}/syn_"
        )
        field, affine = found["fwdtransforms"]  # applied to a point of the template in this order
        deformed = sitk.DisplacementFieldTransform(sitk.ReadImage(field, sitk.sitkVectorFloat64))
        transform = sitk.CompositeTransform([sitk.ReadTransform(affine), deformed])
    return transform, match.likeness_of(transform, baseline, mask, t1, brain)
