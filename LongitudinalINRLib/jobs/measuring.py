"""Regions of a result with any segmentation at any months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from LongitudinalINRLib.analysis.regions import RegionAnalysis, analyse_regions
from LongitudinalINRLib.imaging.reading import read_labels
from LongitudinalINRLib.imaging.resampling import on_grid
from LongitudinalINRLib.jobs.results import Result


def measure_regions(
    result: Result,
    labels: Path | None = None,
    months: Sequence[float] | None = None,
    names: Mapping[int, str] | None = None,
) -> RegionAnalysis:
    """Measure the regions of a segmentation.

    Parameters
    ----------
    result : Result
        A fit.
    labels : Path, optional
        Segmentation with the baseline's voxels; the fit's own, if it had one, when not given.
    months : sequence of float, optional
        Months for the rows; those of the fit's maps when not given.
    names : mapping of int to str, optional
        As for `analyse_regions`.

    Raises
    ------
    InputError
        The segmentation cannot be used.
    """
    segmentation = result.scans.labels if labels is None else on_grid(read_labels(labels)[0], result.mask)
    asked = result.request.map_months if months is None else sorted(set(months))
    return analyse_regions(
        result.model,
        segmentation,
        asked,
        result.mask,
        result.valid,
        names=names,
        residual=result.residual,
        scanner=result.scanner_error,
    )
