"""Where each point of the template lies in a person's baseline, in some 80 kB.

The transform is kept on a lattice of 6 mm: its linear part, and what is left of it in steps of 0.02 mm. A cubic
spline between the nodes gives it back within 0.2 mm, far below the error of any registration of two brains.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.analysis.points import Points
from LongitudinalINRLib.imaging.itk import RAS_FROM_LPS
from LongitudinalINRLib.imaging.volume import Volume

STEP_MM = 6.0
UNIT_MM = 0.02

_FLIP = np.diag(RAS_FROM_LPS)[:3]


@dataclass(frozen=True, eq=False)
class Placement:
    """A map from the template's space into a baseline's.

    Parameters
    ----------
    linear : ndarray, shape (4, 3)
        What (x, y, z, 1), RAS mm in the template, is multiplied by to be RAS mm in the baseline.
    rest : ndarray of int16, shape (3, I, J, K)
        What is to be added to that at the nodes of the lattice, in units of `UNIT_MM`.
    origin_mm : ndarray, shape (3,)
        The first node, RAS mm in the template.
    """

    linear: NDArray[np.float64]
    rest: NDArray[np.int16]
    origin_mm: NDArray[np.float64]

    def __call__(self, points_mm: Points) -> Points:
        """Return where points of the template, shape (N, 3), RAS mm, lie in the baseline, RAS mm."""
        places = _with_one(points_mm) @ self.linear
        index = ((points_mm - self.origin_mm) / STEP_MM).T
        for axis, nodes in enumerate(self.rest):
            places[:, axis] += ndimage.map_coordinates(nodes * UNIT_MM, index, order=3, mode="nearest")
        return np.asarray(places)

    @classmethod
    def of(cls, transform: sitk.Transform, brain: Volume) -> Placement:
        """Take a transform from the template to a baseline, LPS mm, over the box of the template's brain."""
        origin_mm = brain.affine[:3, 3]
        shape = np.ceil(np.array(brain.shape) * brain.voxel_sizes_mm / STEP_MM).astype(int) + 1
        field = sitk.TransformToDisplacementField(
            transform,
            sitk.sitkVectorFloat64,
            shape.tolist(),
            (origin_mm * _FLIP).tolist(),
            [STEP_MM] * 3,
            RAS_FROM_LPS[:3, :3].ravel().tolist(),
        )
        moves_mm = (sitk.GetArrayFromImage(field).transpose(2, 1, 0, 3) * _FLIP).reshape(-1, 3)
        nodes_mm = np.indices(shape).reshape(3, -1).T * STEP_MM + origin_mm
        there_mm = nodes_mm + moves_mm
        linear = np.linalg.lstsq(_with_one(nodes_mm), there_mm, rcond=None)[0]
        rest = np.rint((there_mm - _with_one(nodes_mm) @ linear) / UNIT_MM).T.reshape(3, *shape)
        limits = np.iinfo(np.int16)
        return cls(linear, np.clip(rest, limits.min, limits.max).astype(np.int16), origin_mm)

    def to_bytes(self) -> bytes:
        """Return the content of its file."""
        stream = io.BytesIO()
        np.savez_compressed(stream, linear=self.linear, rest=self.rest, origin_mm=self.origin_mm)
        return stream.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Placement:
        """Read what `to_bytes` returned, which its SHA-256 has shown to be whole."""
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return cls(arrays["linear"], arrays["rest"], arrays["origin_mm"])


def _with_one(points_mm: Points) -> Points:
    return np.column_stack([points_mm, np.ones(len(points_mm))])
