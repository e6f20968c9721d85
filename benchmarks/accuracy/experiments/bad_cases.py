"""Bad series: what comes of them, and whether the warnings that a person sees give the alarm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict

from benchmarks.accuracy.cohort import REPORTING, SWELLING
from benchmarks.accuracy.experiments.bad_case_pictures import draw, label_of
from benchmarks.accuracy.experiments.degraded import (
    TRUE_MONTH,
    Degraded,
    exchanged,
    moved_during,
    of_another_person,
    other_contrast,
    wrong_month,
)
from benchmarks.accuracy.experiments.experiment import Experiment, Numbers, Setting
from benchmarks.accuracy.experiments.people import Person
from benchmarks.accuracy.prepared import Prepared
from benchmarks.accuracy.scoring import score
from LongitudinalINRLib.analysis.appearance import compare_appearance
from LongitudinalINRLib.analysis.quality import series_quality
from LongitudinalINRLib.core.config import preset
from LongitudinalINRLib.jobs.stages.appearance import appearance_warnings
from LongitudinalINRLib.jobs.stages.quality import quality_warnings


def _good(subject: Prepared) -> Degraded:
    return Degraded(subject, TRUE_MONTH)


def _other_scanner(subject: Prepared) -> Degraded:
    scan, labels = subject.scans[TRUE_MONTH], subject.labels[TRUE_MONTH]
    return exchanged(subject, "other-scanner", TRUE_MONTH, other_contrast(scan, labels))


def _motion(subject: Prepared) -> Degraded:
    return exchanged(subject, "motion", TRUE_MONTH, moved_during(subject.scans[TRUE_MONTH]))


def _other_person(subject: Prepared) -> Degraded:
    scan, labels = subject.scans[TRUE_MONTH], subject.labels[TRUE_MONTH]
    return exchanged(subject, "other-person", TRUE_MONTH, of_another_person(scan, labels))


CASES: dict[str, Callable[[Prepared], Degraded]] = {
    "good series": _good,
    "other scanner": _other_scanner,
    "motion": _motion,
    "other person": _other_person,
    "wrong month": wrong_month,
}
SWELLS = "swelling"
ALONE = ("good series", "other scanner", "motion", "other person")
"""Shown as the only follow-up too: a fit of several scans leaves a bad one aside, that of one cannot."""


def run(setting: Setting) -> Numbers:
    """Fit each bad series as a job does, and collect its warnings."""
    own = next(spec for spec in REPORTING if spec.name == "default")
    clean = setting.prepared(Person.simulated(own))
    looked_at = []
    for name, degrade in CASES.items():
        case = degrade(clean)
        looked_at.append(_looked_at(setting, name, case, case.subject.follow_up_months))
        if name in ALONE:
            looked_at.append(_looked_at(setting, f"{name}, alone", case, (case.bad_month,)))
    if not setting.quick:
        swelling = Degraded(setting.prepared(Person.simulated(SWELLING)), SWELLING.months[2])
        looked_at.append(_looked_at(setting, SWELLS, swelling, swelling.subject.follow_up_months))
    return {"rows": [row for row, _ in looked_at], "pictures": [picture for _, picture in looked_at]}


def _looked_at(
    setting: Setting, name: str, case: Degraded, months: Sequence[float]
) -> tuple[Numbers, Numbers]:
    subject, config = case.subject, preset("preview")
    fit = setting.fitted(subject, label_of(months), months, config=config)
    scored = score(subject, fit, case.bad_month)
    problem = subject.problem(config, months)
    quality = series_quality(fit.model, problem)
    voxel_mm = float(subject.mask.voxel_sizes_mm.max())
    looks = appearance_warnings(problem.months, compare_appearance(problem), voxel_mm)
    of_scan = next(scan for scan in quality.scans if scan.months == case.bad_month)
    warnings = [*(case.alignment.warnings if case.alignment else ()), *looks, *quality_warnings(quality)]
    row = {
        "case": name,
        "month": case.bad_month,
        "region_error_points": scored.region_error_points,
        "rmse_log_jacobian": scored.rmse_log_jacobian,
        "correlation": scored.correlation,
        "unexplained_percent": 100.0 * of_scan.unexplained_share,
        "of_the_others_percent": ", ".join(
            f"{100.0 * scan.unexplained_share:.2g}" for scan in quality.scans if scan is not of_scan
        ),
        "best_month": of_scan.best_month,
        "implausible_percent": 100.0 * of_scan.implausible_share,
        "course_percent": ", ".join(f"{100.0 * value:.2g}" for value in quality.course),
        "warnings": len(warnings),
        "names_the_scan": "yes" if any(f"month {case.bad_month:g}" in text for text in warnings) else "",
    }
    picture = {
        "case": name,
        "subject": subject.name,
        "months": list(months),
        "month": case.bad_month,
        "warnings": warnings,
        "quality": asdict(quality),
    }
    return row, picture


BAD_CASES = Experiment("bad-cases", "bad series, and whether an alarm is given", run, draw)
