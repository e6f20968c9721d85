"""Where regions lie, for views that go to them."""

from __future__ import annotations

import numpy as np

from LongitudinalINRLib.imaging.volume import Volume

Place = tuple[float, float, float]


def region_places(labels: Volume, mask: Volume) -> dict[int, Place]:
    """Return a point within each region, RAS mm: of its voxels, the one that is nearest to their mean.

    Parameters
    ----------
    labels : Volume
        Segmentation; 0 is no region.
    mask : Volume
        Boolean, on the same grid: voxels outside do not count.
    """
    numbers = np.where(mask.array.astype(bool), labels.array, 0).ravel()
    voxels = np.flatnonzero(numbers)
    order = voxels[np.argsort(numbers[voxels], kind="stable")]
    found, starts = np.unique(numbers[order], return_index=True)
    places = {}
    for label, of_region in zip(found.tolist(), np.split(order, starts[1:]), strict=True):
        index = np.stack(np.unravel_index(of_region, labels.shape), -1)
        nearest = index[np.argmin(((index - index.mean(axis=0)) ** 2).sum(axis=1))]
        x, y, z = labels.affine[:3, :3] @ nearest + labels.affine[:3, 3]
        places[int(label)] = (round(float(x), 1), round(float(y), 1), round(float(z), 1))
    return places
