"""Slices in patient directions through volumes of any axis order.

Radiological convention: the patient's right is on the left of an axial or coronal image, as if seen from the
feet or from the front. Sagittal images look towards the patient's right: anterior is on the left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.analysis.points import Points
from LongitudinalINRLib.imaging.volume import Volume

PlaneName = Literal["axial", "coronal", "sagittal"]

FINEST_MM, COARSEST_MM = 0.7, 2.0
MARGIN_MM = 6.0

_LAYOUT: dict[PlaneName, tuple[int, int, int, str]] = {
    # normal axis, axis along columns, its direction, letters at the left, right, top and bottom edge
    "axial": (2, 0, 1, "RLAP"),
    "coronal": (1, 0, 2, "RLSI"),
    "sagittal": (0, 1, 2, "APSI"),
}


@dataclass(frozen=True, eq=False)
class Plane:
    """A slice: where each of its pixels lies in the patient.

    Parameters
    ----------
    name : str
        ``axial``, ``coronal`` or ``sagittal``.
    position_mm : float
        RAS coordinate along the normal.
    points_mm : ndarray, shape (H, W, 3)
        RAS mm of every pixel, first row at the top of the image.
    spacing_mm : float
        Between pixels, in both directions.
    letters : str
        Patient directions at the left, right, top and bottom edge.
    """

    name: PlaneName
    position_mm: float
    points_mm: Points
    spacing_mm: float
    letters: str

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of the slice."""
        height, width = self.points_mm.shape[:2]
        return width * self.spacing_mm, height * self.spacing_mm

    def sample(self, volume: Volume, order: Literal["linear", "nearest"] = "linear") -> NDArray[np.float64]:
        """Return the values of a volume on the slice, shape (H, W), 0 outside the volume."""
        return values_at(volume, self.points_mm, order)


def values_at(
    volume: Volume, points_mm: Points, order: Literal["linear", "nearest"] = "linear"
) -> NDArray[np.float64]:
    """Return the values of a volume at points, shape (..., 3), RAS mm; 0 outside the volume."""
    to_voxel = np.linalg.inv(volume.affine)
    index = points_mm @ to_voxel[:3, :3].T + to_voxel[:3, 3]
    values = ndimage.map_coordinates(
        volume.array.astype(np.float32, copy=False),
        np.moveaxis(index, -1, 0),
        order=1 if order == "linear" else 0,
        mode="constant",
        prefilter=False,
    )
    return np.asarray(values, np.float64)


def position_text(plane: Plane) -> str:
    """Say where a slice lies, for example ``12 mm S``."""
    positive, negative = {"axial": ("S", "I"), "coronal": ("A", "P"), "sagittal": ("R", "L")}[plane.name]
    position_mm = round(plane.position_mm)
    side = positive if position_mm > 0 else negative if position_mm < 0 else ""
    return f"{abs(position_mm)} mm {side}".rstrip()


def centre_planes(mask: Volume) -> tuple[Plane, Plane, Plane]:
    """Return the axial, coronal and sagittal slices through the centre of a mask."""
    extent = _Extent.of(mask)
    return tuple(extent.plane(name, extent.centre_mm[_LAYOUT[name][0]]) for name in _LAYOUT)  # type: ignore[return-value]


def axial_planes(mask: Volume, shares: Sequence[float]) -> list[Plane]:
    """Return axial slices at shares of the way from the mask's lowest to its highest voxel."""
    extent = _Extent.of(mask)
    low, high = extent.low_mm[2], extent.high_mm[2]
    return [extent.plane("axial", float(low + share * (high - low))) for share in shares]


def planes_at(mask: Volume, places: Sequence[tuple[PlaneName, float]]) -> list[Plane]:
    """Return slices through a mask, each given by its name and its RAS coordinate along the normal, mm."""
    extent = _Extent.of(mask)
    return [extent.plane(name, position_mm) for name, position_mm in places]


@dataclass(frozen=True, eq=False)
class _Extent:
    """Where a mask lies in the world."""

    low_mm: NDArray[np.float64]
    high_mm: NDArray[np.float64]
    centre_mm: NDArray[np.float64]
    spacing_mm: float

    @classmethod
    def of(cls, mask: Volume) -> _Extent:
        inside = np.ascontiguousarray(mask.array, np.bool_)
        i, j = np.nonzero(inside.any(axis=2))
        ends_k = inside.argmax(axis=2)[i, j], mask.shape[2] - 1 - inside[:, :, ::-1].argmax(axis=2)[i, j]
        # What is farthest in any direction is an end of a row of voxels.
        ends_mm = np.concatenate([_in_world(np.stack((i, j, k), -1), mask) for k in ends_k])
        shares = (inside.sum(axis=tuple({0, 1, 2} - {axis})) / inside.sum() for axis in range(3))
        centre = np.array([share @ np.arange(len(share)) for share in shares])
        spacing_mm = float(np.clip(mask.voxel_sizes_mm.min(), FINEST_MM, COARSEST_MM))
        return cls(ends_mm.min(axis=0), ends_mm.max(axis=0), _in_world(centre, mask), spacing_mm)

    def plane(self, name: PlaneName, position_mm: float) -> Plane:
        normal, across, up, letters = _LAYOUT[name]
        columns, rows = (self._samples(axis)[::-1] for axis in (across, up))
        points_mm = np.empty((len(rows), len(columns), 3))
        points_mm[..., normal] = position_mm
        points_mm[..., across] = columns
        points_mm[..., up] = rows[:, None]
        return Plane(name, float(position_mm), points_mm, self.spacing_mm, letters)

    def _samples(self, axis: int) -> NDArray[np.float64]:
        return np.arange(self.low_mm[axis] - MARGIN_MM, self.high_mm[axis] + MARGIN_MM, self.spacing_mm)


def _in_world(index: NDArray[np.generic], grid: Volume) -> Points:
    return np.asarray(index @ grid.affine[:3, :3].T + grid.affine[:3, 3])
