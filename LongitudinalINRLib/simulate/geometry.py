"""Where a scan shows the head: its position, the scale of the scanner, the distortion of its gradients."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from LongitudinalINRLib.simulate.space import Floats, inverted, longest_move_mm, transformed

_NEWTON_STEPS = 8


@dataclass(frozen=True, eq=False)
class View:
    """The map from a scan to the baseline scan, but for what the tissue did.

    The gradients of a real scanner are linear near its isocentre alone. The distortion here is the simplest
    that has no linear part: from a place r, measured from the isocentre, to ``r (1 + a r^2)``. It is the same
    in every scan; it shows because the head lies elsewhere. The isocentre is the centre of the head at
    baseline, and the baseline scan is taken as it is, distortion included.

    Parameters
    ----------
    position : ndarray, shape (4, 4)
        Baseline RAS mm to RAS mm in the scan, rigid.
    centre_mm : ndarray, shape (3,)
        Of the head at baseline.
    radius_mm : float
        Of the head.
    scale : ndarray, shape (3,)
        How much larger the scan shows the head, along the RAS axes, about the centre of the head.
    nonlinearity_mm : float
        Distortion at the edge of the head.
    """

    position: Floats
    centre_mm: Floats
    radius_mm: float
    scale: Floats = field(default_factory=lambda: np.ones(3))
    nonlinearity_mm: float = 0.0

    def baseline_place(self, points_mm: Floats) -> Floats:
        """Return where points of the scan lie in the baseline scan, RAS mm, both of shape (3, N)."""
        return self._shown(transformed(self._to_baseline(), self._true(points_mm)))

    def longest_move_mm(self, shape: tuple[int, int, int], affine: Floats) -> float:
        """Return a bound on how far a point of a grid and its place at baseline lie apart."""
        return longest_move_mm(self._to_baseline(), shape, affine) + 2.0 * self.nonlinearity_mm

    def _to_baseline(self) -> Floats:
        centre = transformed(self.position, self.centre_mm[:, None])[:, 0]
        unscaled = np.diag([*1.0 / self.scale, 1.0])
        unscaled[:3, 3] = centre - centre / self.scale
        return inverted(self.position) @ unscaled

    def _true(self, points_mm: Floats) -> Floats:
        """Return where in the scanner the tissue lies that is shown at points."""
        if not self.nonlinearity_mm:
            return points_mm
        r = points_mm - self.centre_mm[:, None]
        return np.asarray(points_mm + self._cubic * (r**2).sum(axis=0) * r)

    def _shown(self, points_mm: Floats) -> Floats:
        """Return where tissue is shown: the inverse of `_true`, by Newton's method along the radius."""
        if not self.nonlinearity_mm:
            return points_mm
        r = points_mm - self.centre_mm[:, None]
        distance = np.linalg.norm(r, axis=0)
        share = np.ones_like(distance)
        for _ in range(_NEWTON_STEPS):
            square = self._cubic * (share * distance) ** 2
            share -= (share + share * square - 1.0) / (1.0 + 3.0 * square)
        return np.asarray(self.centre_mm[:, None] + share * r)

    @property
    def _cubic(self) -> float:
        return self.nonlinearity_mm / self.radius_mm**3
