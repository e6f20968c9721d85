"""Approximate regions of the MNI152 template, from its tissue maps and a few ellipsoids."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.simulate.ellipsoid import Ellipsoid
from LongitudinalINRLib.simulate.space import Floats, voxel_places_mm

Mask = NDArray[np.bool_]

_NUCLEI = {
    (17, 53): Ellipsoid((27.0, -22.0, -14.0), (7.5, 20.0, 7.0), pitch_degrees=25.0, yaw_degrees=12.0),
    (18, 54): Ellipsoid((23.5, -3.5, -19.0), (8.0, 7.0, 7.5)),
    (11, 50): Ellipsoid((13.0, 11.0, 9.0), (6.0, 16.0, 11.0), pitch_degrees=-20.0, yaw_degrees=10.0),
    (12, 51): Ellipsoid((26.0, 2.0, 0.0), (6.5, 18.0, 11.0), yaw_degrees=12.0),
    (13, 52): Ellipsoid((18.5, -3.0, -1.0), (5.5, 10.0, 7.0), yaw_degrees=25.0),
    (28, 60): Ellipsoid((10.0, -13.0, -8.0), (9.0, 9.0, 6.5), pitch_degrees=-20.0),
    (10, 49): Ellipsoid((11.5, -18.5, 7.5), (9.0, 15.5, 9.0), yaw_degrees=20.0),
}
_LEAST_GREY = {(28, 60): 0.0, (13, 52): 0.0, (10, 49): 0.15}
_DEEP = Ellipsoid((14.0, -6.0, 2.0), (19.0, 34.0, 20.0))
_AROUND_LATERAL_VENTRICLES = Ellipsoid((16.0, -14.0, 10.0), (30.0, 46.0, 30.0))
THIRD_VENTRICLE = Ellipsoid((0.0, -11.0, 0.0), (4.0, 17.0, 13.0))
_BRAIN_STEM = (
    Ellipsoid((0.0, -27.0, -32.0), (18.0, 13.5, 32.0), pitch_degrees=-12.0),
    Ellipsoid((0.0, -40.0, -58.0), (13.0, 11.0, 20.0)),
)
_VENTRICLE_LINING_MM = 5.0
_TENTORIUM_DOUBT_MM = 4.0


def template_labels(brain: Mask, grey: Floats, white: Floats, affine: Floats) -> NDArray[np.int16]:
    """Label the template with FreeSurfer's numbers, approximately.

    Cortex and white matter are where their probability is highest, cut at the midline. The lateral
    ventricles are the largest space on each side that grey and white matter leave in the middle.
    Hippocampus, amygdala, thalamus, caudate, putamen and pallidum are ellipsoids, placed by eye on the
    template, where there is enough grey matter. The cerebellum is parted from the cerebrum along the dark
    line of the tentorium (a watershed). Grey matter of the middle that no ellipsoid claims stays 0.

    Parameters
    ----------
    brain : ndarray of bool, shape (I, J, K)
    grey, white : ndarray, shape (I, J, K)
        Probability of each tissue, 0 to 1.
    affine : ndarray, shape (4, 4)
        Voxel index to MNI mm.

    Returns
    -------
    ndarray of int16, shape (I, J, K)
        2/41 white matter, 3/42 cortex, 4/43 lateral ventricles, 14 third ventricle, 16 brain stem, 7/46 and
        8/47 cerebellum, 10/49 thalamus, 11/50 caudate, 12/51 putamen, 13/52 pallidum, 17/53 hippocampus,
        18/54 amygdala.
    """
    places = voxel_places_mm((brain.shape[0], brain.shape[1], brain.shape[2]), affine)
    fluid = np.where(brain, 1.0 - grey - white, 0.0)
    tissue = brain & (fluid < 0.5)
    labels = np.zeros(brain.shape, dtype=np.int16)

    def paint(where: Mask, left: int, right: int) -> None:
        labels[where & (places[0] < 0)] = left
        labels[where & (places[0] >= 0)] = right

    voxel_mm = float(np.linalg.norm(affine[:3, 0]))
    ventricles = lateral_ventricles(fluid, places)
    cerebellum = cerebellum_of(brain, fluid, places)
    lining = ndimage.distance_transform_edt(~ventricles, voxel_mm) < _VENTRICLE_LINING_MM
    stem = np.minimum(*[part.distance(places) for part in _BRAIN_STEM])
    cortex = (grey > white) & ~lining & (_DEEP.distance(places) > 1.0) & (stem > 1.4)
    paint(tissue & ~cerebellum & cortex, 3, 42)
    paint(tissue & ~cerebellum & ((white >= grey) | lining), 2, 41)
    paint(tissue & cerebellum & (grey > white), 8, 47)
    paint(tissue & cerebellum & (white >= grey), 7, 46)
    paint(tissue & (stem < 1.0), 16, 16)
    for (left, right), ellipsoid in _NUCLEI.items():
        enough = grey >= _LEAST_GREY.get((left, right), 0.5)
        paint(tissue & enough & (ellipsoid.distance(places) < 1.0), left, right)
    paint((fluid > 0.5) & (THIRD_VENTRICLE.distance(places) < 1.0), 14, 14)
    paint(ventricles, 4, 43)
    return labels


def lateral_ventricles(fluid: Floats, places: Floats) -> Mask:
    """Find the largest fluid-filled space on each side in the middle of the brain."""
    inside = (fluid > 0.5) & (_AROUND_LATERAL_VENTRICLES.distance(places) < 1.0)
    found = np.zeros(fluid.shape, dtype=np.bool_)
    for side in (places[0] < -1.0, places[0] > 1.0):
        spaces, count = ndimage.label(inside & side)
        if count:
            found |= spaces == 1 + np.argmax(np.bincount(spaces.ravel())[1:])
    return found


def cerebellum_of(brain: Mask, fluid: Floats, places: Floats) -> Mask:
    """Part the cerebellum from the cerebrum: grow both until they meet in the fluid near the tentorium."""
    x, y, z = places
    tentorium = np.maximum(-2.0 - 0.5 * np.abs(x) - 0.0156 * (y + 55.0) ** 2, -26.0)
    behind = y < -32.0
    seeds = np.zeros(brain.shape, dtype=np.int16)
    seeds[behind & (z < tentorium - _TENTORIUM_DOUBT_MM)] = 1
    seeds[~behind | (z > tentorium + _TENTORIUM_DOUBT_MM)] = 2
    seeds[~brain] = -1
    height = np.clip(255 * fluid, 0, 255).astype(np.uint8)
    return np.asarray(ndimage.watershed_ift(height, seeds) == 1)
