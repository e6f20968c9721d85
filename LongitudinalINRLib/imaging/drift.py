"""A smooth factor between the intensities of two aligned scans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.imaging.itk import from_itk, shrunk, to_itk
from LongitudinalINRLib.imaging.resampling import inside, resample
from LongitudinalINRLib.imaging.volume import Volume

_Float = TypeVar("_Float", np.float32, np.float64)

DEGREE = 3
_EDGE_MM = 4.0
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
        The box of the mask in baseline RAS mm; beyond it the factor stays what it is at the nearest side.
    """

    coefficients: NDArray[np.float64]
    degree: int
    centre_mm: NDArray[np.float64]
    half_extent_mm: NDArray[np.float64]

    @classmethod
    def between(cls, follow_up: Volume, baseline: Volume, mask: Volume, matrix: NDArray[np.float64]) -> Drift:
        """Fit the factor follow-up over baseline within the mask.

        Both scans are averaged over 4 mm first: that quiets the noise and makes the blur of interpolation,
        which only the follow-up has, small against the blur that both have.
        """
        seen = mask.array.astype(bool) & inside(follow_up, baseline, matrix).array
        covered, affine = _coarse(mask.with_array(seen))
        fixed, _ = _coarse(baseline)
        moved, _ = _coarse(resample(follow_up, baseline, matrix))
        chosen = covered > _COVERED
        chosen &= _bright(fixed, chosen) & _bright(moved, chosen)
        points_mm = np.argwhere(chosen) @ affine[:3, :3].T + affine[:3, 3]
        if len(points_mm) == 0:
            return cls(np.zeros(1), 0, np.zeros(3), np.ones(3))
        log_ratio = np.log(moved[chosen] / fixed[chosen])
        enough = len(points_mm) >= _FEWEST_POINTS_PER_TERM * len(_powers(DEGREE))
        degree = DEGREE if enough else 0
        low, high = points_mm.min(axis=0), points_mm.max(axis=0)
        centre_mm, half_extent_mm = (low + high) / 2, np.maximum((high - low) / 2, _EDGE_MM)
        terms = _terms((points_mm - centre_mm) / half_extent_mm, degree).T
        return cls(_robust_fit(terms, log_ratio), degree, centre_mm, half_extent_mm)

    def on_grid(self, follow_up: Volume, matrix: NDArray[np.float64]) -> NDArray[np.float32]:
        """Evaluate the factor at the voxels of a follow-up, slice by slice."""
        to_baseline = np.linalg.inv(matrix) @ follow_up.affine
        factor = np.empty(follow_up.shape, dtype=np.float32)
        plane = np.indices(follow_up.shape[1:]).reshape(2, -1).T @ to_baseline[:3, 1:3].T + to_baseline[:3, 3]
        coefficients = self.coefficients.astype(np.float32)
        for i in range(follow_up.shape[0]):
            position = (plane + i * to_baseline[:3, 0] - self.centre_mm) / self.half_extent_mm
            terms = _terms(np.clip(position, -1, 1).astype(np.float32), self.degree)
            factor[i] = np.exp(coefficients @ terms).reshape(follow_up.shape[1:])
        return factor


def _coarse(volume: Volume) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the values at 4 mm and their affine."""
    averaged = from_itk(shrunk(to_itk(volume.with_array(volume.array.astype(np.float32))), _EDGE_MM))
    return averaged.array.astype(np.float64), averaged.affine


def _bright(values: NDArray[np.float64], chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Leave out what is nearly black, where a ratio says nothing."""
    if not chosen.any():
        return chosen
    return np.asarray(values > max(0.0, _DARKEST_SHARE_OF_MEDIAN * float(np.median(values[chosen]))))


def _powers(degree: int) -> list[tuple[int, int, int]]:
    r = range(degree + 1)
    return [(a, b, c) for a in r for b in r for c in r if a + b + c <= degree]


def _terms(position: NDArray[_Float], degree: int) -> NDArray[_Float]:
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
