"""A smooth factor between the intensities of two aligned scans."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.imaging.itk import from_itk, shrunk, to_itk
from LongitudinalINRLib.imaging.resampling import inside, resample
from LongitudinalINRLib.imaging.volume import Volume

DEGREE = 3
_BLOCK_MM = 6.0
_RIM_VOXELS = 2
# Linear interpolation at the fraction f between two voxels blurs by f (1 - f) voxels squared, which is 1/6 on
# average over a turned or shifted grid. The baseline is sampled where its blur is the same.
_OFF_GRID = np.eye(4) + np.pad(np.full((3, 1), 0.5 - np.sqrt(1 / 12)), ((0, 1), (3, 0)))
_VOXELS_PER_KNOT = 4
_TINY = 1e-6
_COVERED = 0.99
_DARKEST_SHARE_OF_MEDIAN = 0.2
_FEWEST_POINTS_PER_TERM = 20
_ITERATIONS = 20
_TUKEY_SCALES = 4.685  # 95 % efficiency for Gaussian residuals
_MAD_TO_SIGMA = 1.4826
_SMALLEST_SCALE = 1e-6  # float32 resolution of a logarithm near 0


@dataclass(frozen=True, eq=False)
class Drift:
    """The logarithm of the factor as a polynomial in position.

    Parameters
    ----------
    coefficients : ndarray, shape (terms,)
        For the products of powers with a total degree up to the polynomial's.
    degree : int
        Of the polynomial.
    centre_mm, half_extent_mm : ndarray, shape (3,)
        The box that was fitted in, in baseline RAS mm; positions are measured in it, from -1 to 1.
    reach : float
        Length of the longest position fitted; beyond it the factor stays what it is there.
    """

    coefficients: NDArray[np.float64]
    degree: int
    centre_mm: NDArray[np.float64] = field(default_factory=lambda: np.zeros(3))
    half_extent_mm: NDArray[np.float64] = field(default_factory=lambda: np.ones(3))
    reach: float = np.inf

    @classmethod
    def between(cls, follow_up: Volume, baseline: Volume, mask: Volume, matrix: NDArray[np.float64]) -> Drift:
        """Fit the factor follow-up over baseline inside the mask.

        Both scans are sampled on a grid between the baseline's voxels, so that interpolation blurs them
        alike, and averaged over blocks, which quiets the noise. The rim of the mask is left out, because blur
        mixes in what lies outside. Too few blocks allow one factor only.
        """
        between = Volume(baseline.array, baseline.affine @ _OFF_GRID)
        fixed, moved = resample(baseline, between), resample(follow_up, between, matrix)
        seen = mask.array.astype(bool) & inside(follow_up, between, matrix).array
        covered, affine = _blocks(between.with_array(ndimage.binary_erosion(seen, iterations=_RIM_VOXELS)))
        above, below = _blocks(moved)[0], _blocks(fixed)[0]
        chosen = covered > _COVERED
        chosen &= _bright(above, chosen) & _bright(below, chosen)
        points_mm = np.argwhere(chosen) @ affine[:3, :3].T + affine[:3, 3]
        if len(points_mm) < _FEWEST_POINTS_PER_TERM * len(_powers(DEGREE)):
            return cls(np.log([_middle(moved.array[seen]) / _middle(fixed.array[seen])]), 0)
        low, high = points_mm.min(axis=0), points_mm.max(axis=0)
        drift = cls(np.zeros(0), DEGREE, (low + high) / 2, np.maximum((high - low) / 2, _BLOCK_MM))
        position = drift._position(points_mm)
        terms = _terms(position, DEGREE).T
        return replace(
            drift,
            coefficients=_robust_fit(terms, np.log(above[chosen] / below[chosen])),
            reach=float(np.linalg.norm(position, axis=1).max()),
        )

    def on_grid(self, follow_up: Volume, matrix: NDArray[np.float64]) -> NDArray[np.float32]:
        """Evaluate the factor at the voxels of a follow-up, by way of every fourth of them."""
        knots = tuple(-(-(n - 1) // _VOXELS_PER_KNOT) + 1 for n in follow_up.shape)
        coarse = follow_up.affine @ np.diag([*[_VOXELS_PER_KNOT] * 3, 1])
        to_baseline = np.linalg.inv(matrix) @ coarse
        position = self._position(
            np.indices(knots).reshape(3, -1).T @ to_baseline[:3, :3].T + to_baseline[:3, 3]
        )
        length = np.linalg.norm(position, axis=1, keepdims=True)
        position *= np.minimum(1, self.reach / np.maximum(length, _TINY))
        factor = np.exp(self.coefficients @ _terms(position, self.degree)).reshape(knots)
        return resample(Volume(factor, coarse), follow_up).array.astype(np.float32, copy=False)

    def _position(self, points_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray((points_mm - self.centre_mm) / self.half_extent_mm)


def _middle(values: NDArray[np.generic]) -> float:
    """Return a typical value that can be divided by."""
    return max(float(np.median(values.astype(np.float64))), _TINY) if values.size else 1.0


def _blocks(volume: Volume) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the means of blocks and their affine."""
    averaged = from_itk(shrunk(to_itk(volume.with_array(volume.array.astype(np.float32))), _BLOCK_MM))
    return averaged.array.astype(np.float64), averaged.affine


def _bright(values: NDArray[np.float64], chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Leave out what is nearly black, where a ratio says nothing."""
    if not chosen.any():
        return chosen
    return np.asarray(values > max(0.0, _DARKEST_SHARE_OF_MEDIAN * float(np.median(values[chosen]))))


def _powers(degree: int) -> list[tuple[int, int, int]]:
    r = range(degree + 1)
    return [(a, b, c) for a in r for b in r for c in r if a + b + c <= degree]


def _terms(position: NDArray[np.float64], degree: int) -> NDArray[np.float64]:
    """Return the products of powers, shape (terms, N), at positions of shape (N, 3)."""
    x, y, z = (np.stack([p**n for n in range(degree + 1)]) for p in position.T)
    return np.stack([x[a] * y[b] * z[c] for a, b, c in _powers(degree)])


def _robust_fit(terms: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Least squares reweighted by Tukey's biweight: tissue that changed does not count."""
    coefficients = np.zeros(terms.shape[1])
    coefficients[0] = np.median(values)
    for _ in range(_ITERATIONS):
        residual = values - terms @ coefficients
        scale = _MAD_TO_SIGMA * np.median(np.abs(residual - np.median(residual)))
        weight = np.maximum(
            0, 1 - (residual / (_TUKEY_SCALES * max(scale, _SMALLEST_SCALE))) ** 2
        )  # square root of Tukey's
        updated = np.linalg.lstsq(weight[:, None] * terms, weight * values, rcond=None)[0]
        converged = np.abs(updated - coefficients).max() < 1e-6
        coefficients = updated
        if converged:
            break
    return coefficients
