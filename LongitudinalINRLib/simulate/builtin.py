"""A subject that needs no download: the MNI152 template that nilearn carries, with approximate labels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.lattice import Lattice
from LongitudinalINRLib.simulate.space import Floats
from LongitudinalINRLib.simulate.template_labels import template_labels

_MARGIN_MM = 10.0
_WHITE = 255.0


def builtin_subject(voxel_mm: float = 2.0) -> tuple[Volume, Volume]:
    """Return a skull-stripped T1-weighted brain and its regions, without a download.

    The brain is the symmetric ICBM 2009a template as nilearn packages it [1]_ [2]_. Its regions carry
    FreeSurfer's numbers but are approximate: see `template_labels`. Good for demonstrations and
    tests; for measurements take a real scan with a real segmentation.

    Parameters
    ----------
    voxel_mm : float
        Edge of the cubic voxels, from 1 (the template's own) to 8; larger ones are averages.

    Returns
    -------
    t1 : Volume
        float32, 0 outside the brain.
    labels : Volume
        int16, on the same grid.

    Raises
    ------
    InputError
        If nilearn is not installed or the voxel size is out of bounds.

    References
    ----------
    .. [1] VS Fonov, AC Evans, K Botteron, CR Almli, RC McKinstry, DL Collins, "Unbiased average
       age-appropriate atlases for pediatric studies", NeuroImage 54(1), 2011.
    .. [2] VS Fonov, AC Evans, RC McKinstry, CR Almli, DL Collins, "Unbiased nonlinear average
       age-appropriate brain templates from birth to adulthood", NeuroImage 47(S1), 2009.
    """
    if not 1.0 <= voxel_mm <= 8.0:
        raise InputError(
            "voxel-size",
            "The built-in subject does not come with such voxels.",
            expected="from 1 to 8 mm",
            found=f"{voxel_mm:g} mm",
            advice="2 mm is quick, 1 mm the most detailed.",
        )
    (template, grey, white), template_affine = packaged_maps()
    margin = int(np.ceil(_MARGIN_MM / voxel_mm))
    lattice = Lattice.over(Volume(template, template_affine), voxel_mm, margin=margin)
    covered = lattice.average((template > 0).astype(np.float64))
    box, affine = _box_around(covered > 0.5, margin, lattice.affine)
    covered = covered[box]
    brain = covered > 0.5
    t1, grey_share, white_share = (
        np.where(brain, lattice.average(values)[box] / np.maximum(covered, 0.5), 0.0)
        for values in (template, grey, white)
    )
    labels = template_labels(brain, grey_share, white_share, affine)
    return Volume((_WHITE * t1).astype(np.float32), affine), Volume(labels, affine)


def packaged_maps() -> tuple[list[NDArray[np.float32]], Floats]:
    """Load the template, its grey and white matter, each from 0 to 1 on 1 mm voxels, and their affine.

    Raises
    ------
    InputError
        If nilearn is not installed.
    """
    try:
        from nilearn import datasets
    except ImportError as error:
        raise InputError(
            "nilearn-missing",
            "The built-in subject needs the package nilearn, which carries the template.",
            expected="nilearn 0.10 or later",
            found=str(error),
            advice="Install it: pip install nilearn",
        ) from error
    images = (
        datasets.load_mni152_template(resolution=1),
        datasets.load_mni152_gm_template(resolution=1),
        datasets.load_mni152_wm_template(resolution=1),
    )
    arrays = [np.asarray(image.dataobj, dtype=np.float32) for image in images]
    return arrays, np.asarray(images[0].affine, dtype=np.float64)


def _box_around(
    brain: NDArray[np.bool_], margin: int, affine: Floats
) -> tuple[tuple[slice, slice, slice], Floats]:
    """Return the part of a grid that holds the brain and a margin, and the affine of that part."""
    inside = np.argwhere(brain)
    low = np.maximum(inside.min(axis=0) - margin, 0)
    high = np.minimum(inside.max(axis=0) + margin + 1, brain.shape)
    moved = affine.copy()
    moved[:3, 3] += affine[:3, :3] @ low
    i, j, k = (slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
    return (i, j, k), moved
