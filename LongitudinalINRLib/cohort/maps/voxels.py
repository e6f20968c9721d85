"""Where two groups change differently, voxel by voxel.

With up to some hundreds of people the chance of a false finding anywhere in the brain is controlled by
permutation [1]_, [2]_, of the largest t and of the largest cluster; with more, each voxel is tested by least
squares with errors that hold where the groups vary unequally (HC3 [3]_), and the false discovery rate is
controlled [4]_.

References
----------
.. [1] Freedman, Lane, "A nonstochastic interpretation of reported significance levels", J. Business &
   Economic Statistics 1(4), 1983; as nilearn's `permuted_ols` does it.
.. [2] Winkler et al., "Permutation inference for the general linear model", NeuroImage 92, 2014.
.. [3] MacKinnon, White, "Some heteroskedasticity-consistent covariance matrix estimators", J. Econometrics
   29(3), 1985.
.. [4] Benjamini, Hochberg, "Controlling the false discovery rate", J. R. Stat. Soc. B 57(1), 1995.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import nibabel as nib
import numpy as np
from numpy.typing import NDArray
from scipy import stats

from LongitudinalINRLib.cohort.maps.design import Design
from LongitudinalINRLib.cohort.maps.options import MapOptions
from LongitudinalINRLib.imaging.volume import Volume

Values = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class VoxelTest:
    """What a comparison found at each voxel of the analysis, each of shape (V,).

    Parameters
    ----------
    method : str
        In words.
    difference : ndarray
        By how much more log|J| changes a year in the group than in the reference.
    t : ndarray
        Of that.
    log_p : dict of str to ndarray
        -log10 p by what it is of: ``voxelfwe``, ``clustersizefwe``, ``clustermassfwe``, ``tfcefwe`` after
        permutations, or ``uncorrected`` and ``fdr``.
    """

    method: str
    difference: Values
    t: Values
    log_p: dict[str, Values]


def permuted(design: Design, yearly: Values, mask: Volume, options: MapOptions) -> VoxelTest:
    """Compare two groups by permutation.

    Parameters
    ----------
    design : Design
        Who is compared with whom.
    yearly : ndarray, shape (N, V)
        log|J| a year of the people of the design.
    mask : Volume
        bool: the voxels, on the grid of the maps.
    options : MapOptions
        Number and seed of the permutations, threshold of the clusters.
    """
    from nilearn.maskers import NiftiMasker
    from nilearn.mass_univariate import permuted_ols

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of other packages, about their own affairs
        masker = NiftiMasker(nib.Nifti1Image(mask.array.astype(np.uint8), mask.affine)).fit()
        found = permuted_ols(
            design.tested[:, None],
            yearly,
            design.covariates if design.names else None,
            n_perm=options.permutations,
            two_sided_test=True,
            random_state=options.seed,
            n_jobs=options.jobs,
            masker=masker,
            threshold=options.cluster_p,
            tfce=options.tfce,
            output_type="dict",
        )
    names = {
        "logp_max_t": "voxelfwe",
        "logp_max_size": "clustersizefwe",
        "logp_max_mass": "clustermassfwe",
        "logp_max_tfce": "tfcefwe",
    }
    log_p = {ours: _flat(found[theirs]) for theirs, ours in names.items() if theirs in found}
    method = f"{options.permutations} permutations (Freedman and Lane; nilearn's permuted_ols), two-sided"
    return VoxelTest(method, _difference(design, yearly), _flat(found["t"]), log_p)


def robust(design: Design, yearly: Values) -> tuple[Values, Values]:
    """Return difference and t, each of shape (V,), by least squares with HC3 errors.

    The variance of the difference is sum_i (a_i e_i / (1 - h_i))^2, with a the row of the pseudoinverse that
    gives the difference, e the residuals and h the leverages.

    Parameters
    ----------
    design : Design
        Who is compared with whom.
    yearly : ndarray, shape (N, V)
        log|J| a year.
    """
    inverse = np.linalg.pinv(design.matrix)
    coefficients = inverse @ yearly
    residuals = yearly - design.matrix @ coefficients
    leverage = np.einsum("np,pn->n", design.matrix, inverse)
    weights = (inverse[0] / np.maximum(1.0 - leverage, 1e-6)) ** 2
    variance = weights @ residuals**2
    t = coefficients[0] / np.sqrt(np.maximum(variance, np.finfo(np.float64).tiny))
    return coefficients[0].astype(np.float32), t.astype(np.float32)


def of_robust(design: Design, difference: Values, t: Values) -> VoxelTest:
    """Return the test of what `robust` found at all voxels of the analysis."""
    p = 2.0 * stats.t.sf(np.abs(t.astype(np.float64)), design.free)
    log_p = {"uncorrected": _log(p), "fdr": _log(stats.false_discovery_control(p))}
    return VoxelTest("least squares with robust (HC3) errors, no permutations", difference, t, log_p)


def _difference(design: Design, yearly: Values) -> Values:
    return np.asarray(np.linalg.pinv(design.matrix)[0] @ yearly, np.float32)


def _log(p: NDArray[np.float64]) -> Values:
    return np.asarray(-np.log10(np.maximum(p, np.finfo(np.float64).tiny)), np.float32)


def _flat(values: NDArray[np.float64]) -> Values:
    return np.asarray(values, np.float32).reshape(-1)
