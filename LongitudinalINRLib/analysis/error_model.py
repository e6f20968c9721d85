"""How far from the truth a measured change may be: the half-width of its 90 % interval.

Two things keep a map of change from the truth. Noise: what the scans leave unexplained. And resolution: the
spatial term, which makes the map smooth, carries change over from a region to its neighbours, most where the
map is steep, and leaves out what is finer. So the variance of an error is modelled as

    (noise x residual)^2 + (detail x amplitude)^2 + (leak x steepness)^2

and that of a region's mean as the same with coefficients of its own, the first two shrinking with its size.
Beyond the last scan comes a share of the change that has only been foretold. The coefficients were found on
simulated subjects with a known truth and checked on others (``benchmarks/accuracy``, ``docs/evidence.md``).
They hold for log-ncc with the preset's weights; for other settings there is no interval.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Coefficients:
    """Weights of the parts of an error, scaled to the half-width of a 90 % interval.

    Parameters
    ----------
    noise : float
        Per unit of the residual.
    detail : float
        Per unit of the root mean square of log|J| over the brain.
    leak_mm : float
        Per unit of the gradient of log|J| per mm.
    size_exponent : float
        With which noise and detail shrink with the volume in mL; 0 for a voxel.
    foretold : float
        Per unit of the change since the last scan.
    """

    noise: float
    detail: float
    leak_mm: float
    size_exponent: float
    foretold: float


VOXEL = Coefficients(0.1, 0.2, 1.0, 0.0, 0.5)
REGION = Coefficients(0.1, 0.2, 1.0, 0.3, 0.5)


@dataclass(frozen=True)
class Evidence:
    """What is known about a map before its error is asked for.

    Parameters
    ----------
    residual : float
        Root of the share of the follow-ups' variance that the fit leaves unexplained.
    amplitude : float
        Root mean square of log|J| over the brain.
    """

    residual: float
    amplitude: float


def half_width(
    coefficients: Coefficients,
    evidence: Evidence,
    steepness: Values,
    foretold: Values | float = 0.0,
    volume_ml: Values | float = 1.0,
) -> Values:
    """Return the half-width of the 90 % interval of log|J| of voxels, or of the mean |J| of regions.

    Parameters
    ----------
    coefficients : Coefficients
        `VOXEL` or `REGION`.
    evidence : Evidence
        Of the fit and the month.
    steepness : ndarray, shape (N,)
        Gradient of log|J| per mm; a region's is the mean over its voxels.
    foretold : ndarray, shape (N,), or float
        Change of log|J|, or of the mean |J|, since the last scan; 0 up to it.
    volume_ml : ndarray, shape (N,), or float
        Size of the regions.
    """
    size = np.asarray(volume_ml, dtype=np.float64) ** -coefficients.size_exponent
    parts = (
        coefficients.noise * evidence.residual * size,
        coefficients.detail * evidence.amplitude * size,
        coefficients.leak_mm * steepness,
        coefficients.foretold * np.asarray(foretold),
    )
    return np.sqrt(sum(part**2 for part in parts))
