"""Any map of a result at any month, on the baseline's grid or another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from LongitudinalINRLib.analysis.error_model import SAME_SCANNER
from LongitudinalINRLib.analysis.voxel_errors import voxel_half_widths
from LongitudinalINRLib.analysis.voxel_maps import VoxelMaps
from LongitudinalINRLib.core.grid import QUANTITIES, predicted_on_grid, warped_on_grid
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.resampling import resample
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.jobs.results import Result
from LongitudinalINRLib.jobs.tensors import affine_of, image_of
from LongitudinalINRLib.words import SAME_MONTH, MapName


def predict(
    result: Result,
    months: float,
    names: Sequence[MapName],
    like: Volume | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> dict[MapName, Volume]:
    """Make maps at one month.

    Parameters
    ----------
    result : Result
        A fit.
    months : float
        Months since baseline; after the last scan it is extrapolated.
    names : sequence of str
        Which maps. The rate is per month, the displacement RAS mm, the interval the half-width of the 90 %
        interval of log|J|; `aligned` is the follow-up of that month brought onto the grid by its alignment
        alone, `warped` by alignment and deformation; `predicted` is the baseline carried to the month.
    like : Volume, optional
        The grid, in the baseline's space; the baseline's own when not given.
    should_stop : callable, optional
        Asked before every chunk of work.

    Raises
    ------
    InputError
        `interval` of a fit with settings that it is not known for; `aligned` or `warped` of a month without
        a scan; a scan that is needed is gone.
    """
    grid = result.mask if like is None else like
    needed = (*names, "log-jacobian") if "interval" in names else names
    wanted = [name for name in dict.fromkeys(needed) if name in QUANTITIES]
    maps: dict[MapName, Volume] = {}
    if wanted:
        made = result.voxel_maps if like is None else _voxel_maps(result, like)
        tensors = made.maps(months, wanted, should_stop)
        maps = {cast(MapName, name): grid.with_array(values.numpy()) for name, values in tensors.items()}
    if "interval" in names:
        maps["interval"] = _interval(result, months, maps["log-jacobian"], like)
    makers = {"aligned": _aligned, "warped": _warped, "predicted": _predicted}
    maps |= {name: makers[name](result, months, grid) for name in names if name in makers}
    return {name: maps[name] for name in names}


def _voxel_maps(result: Result, like: Volume) -> VoxelMaps:
    return VoxelMaps(result.model, resample(result.mask, like, order="nearest"))


def observed_month(result: Result, months: float) -> float | None:
    """Return the month of the follow-up taken at a month, or None."""
    return next((seen for seen in result.model.observed_months if abs(seen - months) < SAME_MONTH), None)


def _no_interval() -> InputError:
    return InputError(
        "no-interval",
        "The error of this result is not known.",
        expected="a fit with the similarity log-ncc and the weights of its preset",
        found="other settings",
        advice="Run the fit with the settings of a preset, or leave the interval out.",
    )


def _interval(result: Result, months: float, now: Volume, like: Volume | None) -> Volume:
    if result.residual is None:
        raise _no_interval()
    last = max(result.model.observed_months)
    mask = result.mask if like is None else resample(result.mask, like, order="nearest")
    at_last = predict(result, last, ["log-jacobian"], like)["log-jacobian"] if months > last else None
    voxel_mm = float(result.mask.voxel_sizes_mm.max())
    scanner = result.scanner_error if months > 0 else SAME_SCANNER  # at the baseline there is one scan alone
    return voxel_half_widths(now, mask, result.residual, voxel_mm, at_last, scanner)


def _aligned(result: Result, months: float, grid: Volume) -> Volume:
    seen = _scan_month(result, months, "aligned")
    return resample(result.scans.follow_ups[seen], grid, result.alignments[seen].matrix)


def _warped(result: Result, months: float, grid: Volume) -> Volume:
    seen = _scan_month(result, months, "warped")
    scan = image_of(result.scans.follow_ups[seen], result.alignments[seen].matrix)
    values = warped_on_grid(result.model, seen, scan, affine_of(grid), grid.shape)
    return grid.with_array(values.numpy())


def _predicted(result: Result, months: float, grid: Volume) -> Volume:
    scan = image_of(result.scans.baseline)
    values = predicted_on_grid(result.model, months, scan, affine_of(grid), grid.shape)
    return grid.with_array(values.numpy())


def _scan_month(result: Result, months: float, name: str) -> float:
    seen = observed_month(result, months)
    if seen is None:
        raise InputError(
            "no-scan-at-month",
            f"There is no scan at month {months:g} that could be {name}.",
            expected="one of the months " + ", ".join(f"{month:g}" for month in result.model.observed_months),
            found=f"{months:g}",
            advice="Ask for predicted: the baseline carried to any month.",
        )
    return seen
