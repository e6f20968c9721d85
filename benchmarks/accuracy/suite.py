"""Running the methods on the subjects, one subject after the other, going on where an earlier run ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.accuracy.cases import cases_of
from benchmarks.accuracy.cohort import SubjectSpec
from benchmarks.accuracy.fitting import fitted
from benchmarks.accuracy.prepared import Prepared, prepare
from benchmarks.accuracy.rows import Row, has_rows, rows_of, write_rows
from LongitudinalINRLib.core.config import FitConfig, PresetName, preset

OURS = "LongitudinalINR"


def run_subject(spec: SubjectSpec, output: Path, preset_name: PresetName, peers: Sequence[str] = ()) -> None:
    """Score our method, and peers, on one subject.

    Parameters
    ----------
    spec : SubjectSpec
        Whom.
    output : Path
        Holds ``subjects``, ``models`` and ``rows``.
    preset_name : str
        Settings of our method.
    peers : sequence of str
        Names of other methods, as in `peers.registry`; each is scored from scan to scan and regressed.
    """
    rows = output / "rows"
    subject = prepare(spec, output / "subjects")
    ours = OURS if preset_name == "standard" else f"{OURS} {preset_name}"
    jobs: dict[str, Callable[[], list[Row]]] = {
        ours: lambda: _our_rows(spec, subject, output, preset(preset_name), ours)
    }
    for peer in peers:
        from benchmarks.accuracy.peer_runs import peer_rows  # the other programs are an optional extra
        from benchmarks.accuracy.peers.in_time import REGRESSED

        for name in (peer, peer + REGRESSED):
            jobs[name] = lambda name=name: peer_rows(spec, subject, output, name)  # type: ignore[misc]
    for method, job in jobs.items():
        if not has_rows(rows, spec, method):
            write_rows(job(), rows, spec.name, method)


def _our_rows(
    spec: SubjectSpec, subject: Prepared, output: Path, config: FitConfig, method: str
) -> list[Row]:
    rows = []
    for case in cases_of(spec):
        file = output / "models" / f"{spec.name}-{case.kind}-{config.preset}.safetensors"
        model = fitted(subject, config, case.fitted_months, file)
        rows += rows_of(spec, subject, method, case, model, model.seconds)
    return rows
