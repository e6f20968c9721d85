"""How right a result is: against a known truth, and against scans that were held out of the fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from LongitudinalINRLib.analysis.numbering import names_of
from LongitudinalINRLib.analysis.overlap import dice, warped_labels
from LongitudinalINRLib.analysis.region_set import RegionSet
from LongitudinalINRLib.analysis.time_scores import TimeScore, score_month
from LongitudinalINRLib.analysis.tissue import with_tissue
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.alignment import Alignment, align
from LongitudinalINRLib.imaging.reading import read_labels, read_volume
from LongitudinalINRLib.imaging.resampling import on_grid
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.jobs.checks import check_asked_month
from LongitudinalINRLib.jobs.prediction import predict
from LongitudinalINRLib.jobs.results import Result
from LongitudinalINRLib.jobs.stages.maps import WrittenMaps
from LongitudinalINRLib.simulate.storage import Truth, load_truth


@dataclass(frozen=True)
class HeldOut:
    """A scan that was not fitted, and its segmentation."""

    months: float
    scan: Path
    labels: Path | None = None


def evaluate(result: Result, truth: Path | None = None, held_out: Sequence[HeldOut] = ()) -> list[TimeScore]:
    """Score a result at every month that something is known about.

    Parameters
    ----------
    result : Result
        A fit.
    truth : Path, optional
        Folder of the simulated subject that was fitted.
    held_out : sequence of HeldOut
        Scans that were not fitted. Each is aligned like a follow-up; its labels, carried into baseline space
        by the model at its month, are compared with the baseline's.

    Returns
    -------
    list of TimeScore
        Ascending in time: the months of the truth, of the held-out scans and of the follow-ups that have
        labels; without any of these the follow-ups' months. Scores of voxels are inside the brain mask.

    Raises
    ------
    InputError
        A file cannot be used, or lies in another space.
    """
    known = None if truth is None else load_truth(truth)
    overlaps = _overlaps(result, _baseline_labels(result, known), held_out)
    months = {*overlaps, *(month for month in known.months if month > 0)} if known else set(overlaps)
    written = WrittenMaps(result)
    scores = []
    for month in sorted(months or result.model.observed_months):
        jacobian = (
            written[month].jacobian if month in written else predict(result, month, ["jacobian"])["jacobian"]
        )
        has_truth = known is not None and month in known.months
        scores.append(
            score_month(
                month,
                result.model.kind(month),
                jacobian,
                result.mask,
                truth=_on_baseline(result, known.jacobian(month)) if known and has_truth else None,
                labels=_baseline_labels(result, known),
                dice=overlaps.get(month),
            )
        )
    return scores


def true_changes(result: Result, truth: Path, months: float) -> dict[str, float]:
    """Return the true volume change in percent of each region of a simulated subject, by its name."""
    known = load_truth(truth)
    labels = _baseline_labels(result, known)
    names = names_of(labels, result.request.region_names)
    regions, _ = with_tissue(RegionSet.from_labels(labels, result.mask, result.valid), names)
    jacobian = _on_baseline(result, known.jacobian(months)).array.ravel()[regions.voxels]
    means = regions.means(jacobian.astype(np.float64))
    return {
        names[label]: float(100.0 * (mean - 1.0)) for label, mean in zip(regions.labels, means, strict=True)
    }


def _baseline_labels(result: Result, truth: Truth | None) -> Volume | None:
    """Return the labels of the fit, else those of the simulated subject."""
    if result.scans.given_labels is not None or truth is None:
        return result.scans.labels
    return on_grid(read_labels(truth.labels_path(0.0))[0], result.mask)


def _on_baseline(result: Result, truth: Volume) -> Volume:
    return on_grid(truth, result.mask, "The truth")


def _overlaps(
    result: Result, baseline: Volume | None, held_out: Sequence[HeldOut]
) -> dict[float, float | None]:
    """Return the mean Dice by month; None for a held-out scan without labels to compare."""
    overlaps: dict[float, float | None] = {}
    for months, labels in result.scans.follow_up_labels.items():
        overlaps[months] = _dice(result, months, labels, result.alignments[months], baseline)
    for scan in held_out:
        check_asked_month(scan.months)
        volume, _ = read_volume(scan.scan)
        alignment = align(volume, result.scans.baseline, result.mask, result.request.align)
        if scan.labels is None:
            overlaps[scan.months] = None
            continue
        labels = on_grid(read_labels(scan.labels)[0], volume)
        overlaps[scan.months] = _dice(result, scan.months, labels, alignment, baseline)
    return overlaps


def _dice(
    result: Result, months: float, labels: Volume, alignment: Alignment, baseline: Volume | None
) -> float:
    if baseline is None:
        raise InputError(
            "no-baseline-labels",
            "There are no labels of the baseline to compare with.",
            expected="a fit with --labels, or a simulated subject",
            found="labels of a later scan alone",
            advice="Run the fit again with the baseline's segmentation as --labels.",
        )
    carried = warped_labels(result.model, months, labels, alignment.matrix, result.mask)
    return float(np.mean(list(dice(baseline, carried, result.mask).values())))
