"""The simulated subjects: tuned on, reported on, and bad cases."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.accuracy.cohort.hard import HARD_TUNING, OTHER_SCANNERS, SHARP_CHANGE
from benchmarks.accuracy.cohort.smooth import SMOOTH_CHANGE, SWELLING, WITH_PEERS
from benchmarks.accuracy.cohort.spec import LESION_LABEL, Kind, Lesion, SubjectSpec, scaled
from benchmarks.accuracy.cohort.tuning import TUNING

__all__ = [
    "LESION_LABEL",
    "REPORTING",
    "SETS",
    "SWELLING",
    "TUNING",
    "WITH_PEERS",
    "Kind",
    "Lesion",
    "SubjectSpec",
    "scaled",
]

REPORTING = SMOOTH_CHANGE
WITH_PEERS = (*WITH_PEERS, "sharp-t1_labelled", "sharp-open_ms_patient07", "sharp-ixi033")
_QUICK = (
    "default",
    "strong",
    "sharp-t1_labelled",
    "sharp-open_ms_patient07",
    "sharp-ixi033",
    "combined-open_ms_patient07",
    "slices-open_ms_patient07",
    "matched-open_ms_patient07",
    "scale-open_ms_patient07",
    "blur-open_ms_patient07",
    "contrast-open_ms_patient07",
    "motion-open_ms_patient07",
    "contrast-agent-open_ms_patient07",
)


def _quick(spec: SubjectSpec) -> SubjectSpec:
    both = spec.name == "sharp-open_ms_patient07"
    return replace(spec, kinds=("observed", "extrapolated") if both else ("observed",))


SETS = {
    "smooth": SMOOTH_CHANGE,
    "sharp": SHARP_CHANGE,
    "scanners": OTHER_SCANNERS,
    "quick-report": tuple(
        _quick(spec) for spec in (*SMOOTH_CHANGE, *SHARP_CHANGE, *OTHER_SCANNERS) if spec.name in _QUICK
    ),
    "tuning": TUNING,
    "tuning-hard": HARD_TUNING,
}
"""By name. Those of ``quick-report`` are of other sets, and fewer months are asked for: 14 fits."""
