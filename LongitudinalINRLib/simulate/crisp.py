"""A sharp subject that needs no download: hard tissue in the shape of the MNI152 template."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.builtin import packaged_maps
from LongitudinalINRLib.simulate.space import Floats, inverted, transformed
from LongitudinalINRLib.simulate.template_labels import Mask, template_labels

Range = tuple[float, float]

SLAB_MM: tuple[Range, Range, Range] = ((-77.0, 77.0), (-111.0, 79.0), (-33.0, 34.0))
_UNLABELLED_MM = 5  # at the faces of the box: what a head that moves can carry out of a later scan
_FLUID_RIM_MM = 3.0
_VENTRICLES = (4, 43, 14)
_FLUID, _GREY, _WHITE = 250.0, 620.0, 1000.0  # in the order and about the distance of T1-weighted scans
_DEEP = {
    (10, 49): 800.0,
    (11, 50): 680.0,
    (12, 51): 720.0,
    (13, 52): 880.0,
    (28, 60): 860.0,
    (16,): 900.0,
    (17, 53): 640.0,
    (18, 54): 640.0,
}
_SCANNER_BLUR_VOXELS = 0.5
_TEXTURE = 0.02
_TEXTURE_VOXELS = 0.8
_BLUR_UNDONE_VOXELS = 2.0
_LEAST_SLOPE = 0.1  # per voxel: flatter than that, a map crosses a level by chance


def crisp_subject(box_mm: tuple[Range, Range, Range] = SLAB_MM) -> tuple[Volume, Volume]:
    """Return a sharp, skull-stripped T1-weighted scan of 1 mm and its regions, without a download.

    An average brain is blurred, so that little in it tells where tissue went. Here the template's tissue maps
    decide which of fluid, grey and white matter a place is, and only voxels on a border are a mixture. The
    intensities are those of a T1-weighted scan, with some texture; a rim of fluid surrounds the brain.

    Parameters
    ----------
    box_mm : three pairs of float
        The field of view in MNI mm: left to right, back to front, bottom to top. By default a slab with
        the ventricles, hippocampi, amygdalae and deep nuclei. Near its faces nothing is labelled.

    Returns
    -------
    t1 : Volume
        float32, 0 outside the brain and its rim of fluid.
    labels : Volume
        int16, on the same grid; see `template_labels`.

    Raises
    ------
    InputError
        If nilearn is not installed.

    See Also
    --------
    LongitudinalINRLib.simulate.builtin.builtin_subject : the average brain itself, and where it is from.
    """
    (template, grey, white), affine = _cut(*packaged_maps(), box_mm)
    brain = template > 0
    fluid = np.where(brain, 1.0 - grey - white, 1.0)
    fluid, contrast = _sharpened(fluid, 1.5), _sharpened(white - grey, 1.0)
    labels = template_labels(brain, (1.0 - fluid - contrast) / 2, (1.0 - fluid + contrast) / 2, affine)
    labels = _with_gaps_filled(labels, brain & (fluid < 0.5))
    tissue = np.where(brain, _share_above(0.5 - fluid), 0.0)
    t1 = _FLUID + tissue * (_GREY - _FLUID + (_WHITE - _GREY) * _share_above(contrast))
    for numbers, intensity in _DEEP.items():  # there the template mixes grey and white
        t1[np.isin(labels, numbers)] = intensity
    t1 = _with_texture(ndimage.gaussian_filter(t1, _SCANNER_BLUR_VOXELS))
    t1[ndimage.distance_transform_edt(~brain) > _FLUID_RIM_MM] = 0.0
    return Volume(t1.astype(np.float32), affine), Volume(_off_the_faces(labels), affine)


def _cut(
    maps: list[NDArray[np.float32]], affine: Floats, box_mm: tuple[Range, Range, Range]
) -> tuple[list[NDArray[np.float32]], Floats]:
    """Return the part of the maps in a box, and its affine."""
    low, high = np.sort(transformed(inverted(affine), np.array(box_mm)), axis=1).T.round().astype(int)
    low, high = np.maximum(low, 0), np.minimum(high + 1, maps[0].shape)
    i, j, k = (slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
    moved = affine.copy()
    moved[:3, 3] = transformed(affine, low[:, None].astype(np.float64))[:, 0]
    return [values[i, j, k] for values in maps], moved


def _sharpened(values: NDArray[np.floating], strength: float) -> Floats:
    """Undo some of the blur of averaging people: without it narrow sulci are lost."""
    return np.asarray(values + strength * (values - ndimage.gaussian_filter(values, _BLUR_UNDONE_VOXELS)))


def _share_above(level: Floats) -> Floats:
    """Return the share of each voxel in which a field is positive, to first order: 0 to 1."""
    slope = np.sqrt(sum(along**2 for along in np.gradient(level)))
    return np.asarray(np.clip(0.5 + level / np.maximum(slope, _LEAST_SLOPE), 0.0, 1.0))


def _with_gaps_filled(labels: NDArray[np.int16], tissue: Mask) -> NDArray[np.int16]:
    """Give tissue of the middle that no region claims to the nearest region of tissue."""
    solid = (labels != 0) & ~np.isin(labels, _VENTRICLES)
    nearest = ndimage.distance_transform_edt(~solid, return_distances=False, return_indices=True)
    return np.where(tissue & (labels == 0), labels[tuple(nearest)], labels)


def _with_texture(t1: Floats) -> Floats:
    noise = np.random.default_rng(0).standard_normal(t1.shape)
    texture = ndimage.gaussian_filter(noise, _TEXTURE_VOXELS)
    return np.asarray(t1 * (1.0 + _TEXTURE * texture / texture.std()))


def _off_the_faces(labels: NDArray[np.int16]) -> NDArray[np.int16]:
    inner: Mask = np.zeros(labels.shape, dtype=np.bool_)
    inner[(slice(_UNLABELLED_MM, -_UNLABELLED_MM),) * 3] = True
    return np.where(inner, labels, 0).astype(np.int16)
