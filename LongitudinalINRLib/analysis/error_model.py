"""How far from the truth a measured change may be: the half-width of its 90 % interval.

Resolution is what keeps a map of change from the truth: the spatial term, which makes the map smooth, leaves
out detail and carries change over from a region to its neighbours, most where the map is steep; more so, the
less of the scans the fit explains and the larger the voxels are. Change too small to stand out from noise is
left out altogether: the floor. So the variance of an error is modelled as

    (residual / 0.04)^(2 q) (voxel / 1 mm)^(2 s)
        ((detail x amplitude)^2 + (leak x steepness)^2 + (shrinkage x change)^2 + floor^2)

and that of a region's mean as the same with coefficients of its own, detail and floor shrinking with its
size. Beyond the last scan comes a share of the change that has only been foretold. Where the scans may be of
different scanners, the difference of their scales is added as a variance, common to all regions.

The coefficients were found on simulated subjects with a known truth and checked on others
(``benchmarks/accuracy``, ``docs/evidence.md``). They hold for log-ncc with the preset's weights; for other
settings there is no interval.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

SCANNER_SCALE_HALF_WIDTH = 0.014
"""Of the 90 % interval of log|J| that comes of scans showing one head in different sizes, for all regions
alike: 3 x 1.645 times the root mean square of a linear scale of 0.20 +- 0.20 %. It lies between what phantoms
say of one scanner, whose volumes differ by 0.33 % on average after a year (0.007), and of two, each off by
0.90 % (0.026): nobody knows which it is (Clarkson et al., "Comparison of phantom and registration scaling
corrections using the ADNI cohort", NeuroImage 47(4), 2009)."""

MEASURED_SCALE_HALF_WIDTH = 0.0047
"""What is left of it where the scale was measured. After a correction by phantom, registration of the same
scans (the same source) still finds 0.20 % of volume with a standard deviation of 0.20 %: 1.645 times the root
mean square."""


@dataclass(frozen=True)
class ScannerError:
    """What the scanners add to the error of a change.

    Parameters
    ----------
    name : str
        What is known about them, for people.
    scale : float
        Half-width of log|J| that their scales leave, common to all regions.
    widening : float
        Factor of all other parts of the error.
    """

    name: str
    scale: float
    widening: float


SAME_SCANNER = ScannerError("same scanner", 0.0, 1.0)
UNKNOWN_SCANNER = ScannerError("scanner unknown", SCANNER_SCALE_HALF_WIDTH, 1.0)
MEASURED_SCALE = ScannerError("scanner unknown, scale measured", MEASURED_SCALE_HALF_WIDTH, 1.0)


@dataclass(frozen=True)
class Coefficients:
    """Weights of the parts of an error, scaled to the half-width of a 90 % interval.

    Parameters
    ----------
    detail : float
        Per unit of the root mean square of log|J| over the brain.
    leak_mm : float
        Per unit of the gradient of log|J| per mm.
    shrinkage : float
        Per unit of the change itself, which the spatial term takes a share of.
    floor : float
        Where nothing seems to change.
    size_exponent : float
        With which detail and floor shrink with the volume in mL; 0 for a voxel.
    residual_exponent, voxel_exponent : float
        With which the error grows with the residual and the size of the voxels: q and s.
    foretold : float
        Per unit of the change since the last scan.
    """

    detail: float
    leak_mm: float
    shrinkage: float
    floor: float
    size_exponent: float
    residual_exponent: float
    voxel_exponent: float
    foretold: float


USUAL_RESIDUAL = 0.04
"""Of scans of 1 mm with 2 % noise."""

VOXEL = Coefficients(
    detail=0.354,
    leak_mm=1.52,
    shrinkage=0.317,
    floor=0.00348,
    size_exponent=0.0,
    residual_exponent=0.0199,
    voxel_exponent=0.723,
    foretold=2.29,
)
REGION = Coefficients(
    detail=0.342,
    leak_mm=0.241,
    shrinkage=0.341,
    floor=0.0022,
    size_exponent=0.454,
    residual_exponent=0.881,
    voxel_exponent=0.0216,
    foretold=0.678,
)


@dataclass(frozen=True)
class Evidence:
    """What is known about a map before its error is asked for.

    Parameters
    ----------
    residual : float
        Root of the share of the follow-ups' variance that the fit leaves unexplained.
    amplitude : float
        Root mean square of log|J| over the brain.
    voxel_mm : float
        Longest edge of the baseline's voxels.
    scanner : ScannerError
        What is known about the scanners.
    """

    residual: float
    amplitude: float
    voxel_mm: float
    scanner: ScannerError = SAME_SCANNER


def half_width(
    coefficients: Coefficients,
    evidence: Evidence,
    steepness: Values,
    foretold: Values | float = 0.0,
    volume_ml: Values | float = 1.0,
    change: Values | float = 0.0,
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
    change : ndarray, shape (N,), or float
        What was found: log|J| of voxels, or mean |J| - 1 of regions.
    """
    size = np.asarray(volume_ml, dtype=np.float64) ** -coefficients.size_exponent
    unsharp = (evidence.residual / USUAL_RESIDUAL) ** coefficients.residual_exponent
    unsharp *= evidence.voxel_mm**coefficients.voxel_exponent
    parts = (
        unsharp * coefficients.detail * evidence.amplitude * size,
        unsharp * coefficients.leak_mm * steepness,
        unsharp * coefficients.shrinkage * np.asarray(change),
        unsharp * coefficients.floor * size,
        coefficients.foretold * np.asarray(foretold),
    )
    scanner = evidence.scanner
    return np.sqrt(scanner.widening**2 * sum(part**2 for part in parts) + scanner.scale**2)
