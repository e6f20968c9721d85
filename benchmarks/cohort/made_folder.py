"""The folder of a cohort whose people were never fitted: their tables are simulated."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from benchmarks.cohort.simulated_tables import SimulatedCohort
from LongitudinalINRLib.analysis.region_row import RegionRow, write_regions
from LongitudinalINRLib.cohort.folder import CohortFolder, PersonFolder
from LongitudinalINRLib.cohort.outcome import Outcome, write_outcome
from LongitudinalINRLib.cohort.plan import PersonPlan, PlannedScan, digest_of, write_plan
from LongitudinalINRLib.cohort.tables.change_row import HALF_WIDTH_SE
from LongitudinalINRLib.cohort.tables.person_row import PersonRow
from LongitudinalINRLib.core.config import preset
from LongitudinalINRLib.jobs.request import Request, ScanEntry

_REQUEST = Request("baseline.nii.gz", (ScanEntry("later.nii.gz", 12.0),), config=preset("preview"))

Named = Sequence[tuple[int, str]]


def write_folder(cohort: SimulatedCohort, names: Named, path: Path) -> CohortFolder:
    """Write what the participant level leaves of a cohort, and ``participants.tsv`` beside it.

    Parameters
    ----------
    cohort : SimulatedCohort
        With as many regions as there are names.
    names : sequence of (int, str)
        Number and name of each region.
    path : Path
        The output folder.
    """
    folder = CohortFolder(path)
    for number, person in enumerate(cohort.people):
        write_person(
            folder.person(person.participant_id.removeprefix("sub-")), rows_of(cohort, number, names)
        )
    table = ["participant_id\tgroup\tage\tsex\tsite", *map(_participant, cohort.people)]
    (path / "participants.tsv").write_text("\n".join(table) + "\n", encoding="utf-8")
    return folder


def rows_of(cohort: SimulatedCohort, number: int, names: Named) -> list[RegionRow]:
    """Return the rows of ``regions.csv`` of a person, the baseline's among them."""
    found = []
    for (label, name), rows in zip(names, cohort.regions, strict=True):
        mine = rows.people == number
        months = 12.0 * rows.years[mine]
        ratios, widths = np.exp(rows.log_ratio[mine]), 100.0 * HALF_WIDTH_SE * rows.se[mine]
        found.append(_row(label, name, 0.0, 1.0, 0.0))
        found += [_row(label, name, *cells) for cells in zip(months, ratios, widths * ratios, strict=True)]
    return sorted(found, key=lambda row: row.months)


def write_person(
    folder: PersonFolder,
    rows: Sequence[RegionRow],
    code: int = 0,
    message: str = "",
    unexplained: float = 0.01,
) -> None:
    """Write how the work for a person ended, and the rows of the regions where it ended well."""
    months = sorted({row.months for row in rows})
    scans = tuple(
        PlannedScan(session=f"M{month:02.0f}", path="T1w.nii.gz", months=month, months_from="given")
        for month in months
    )
    plan = PersonPlan(
        participant=folder.participant,
        bids_folder="/bids",
        scans=scans,
        labels_from="SynthSeg",
        keep="model",
        request=json.loads(_REQUEST.to_json()),
    )
    write_plan(plan, folder)
    write_outcome(Outcome(plan=digest_of(plan), code=code, message=message), folder)
    if code == 0:
        folder.job.path.mkdir()
        folder.job.results.touch()
        folder.job.model_weights.touch()
        write_regions(rows, folder.job.regions)
        account = _account([float(month) for month in months], unexplained)
        folder.job.fit.write_text(json.dumps(account), encoding="utf-8")


def _participant(person: PersonRow) -> str:
    return f"{person.participant_id}\t{person.group}\t{person.age_years:.2f}\t{person.sex}\t{person.site}"


def _row(label: int, name: str, months: float, ratio: float, half_width: float) -> RegionRow:
    return RegionRow(
        region=name,
        label=label,
        months=float(months),
        kind="observed",
        mean_jacobian=float(ratio),
        volume_change_percent=100.0 * float(ratio - 1.0),
        rate_percent_per_year=0.0,
        mean_percent_per_year=float("nan"),
        sign_consistency=1.0,
        voxels=1000,
        baseline_volume_ml=1.0,
        volume_ml=float(ratio),
        sign_change_share=0.0,
        folded_voxels=0,
        asymmetry_percent=None,
        excluded_voxels=0,
        interval_points=float(half_width),
    )


def _account(months: Sequence[float], unexplained: float) -> dict[str, object]:
    """Return what ``fit.json`` says, all follow-ups being alike."""
    moved = {"matrix": np.eye(4).tolist(), "kind": "rigid", "warnings": [], "determinant": 1.0}
    seen = {"implausible_share": 0.0, "unexplained_share": unexplained, "share_at_best_month": unexplained}
    looks = {"detail_ratio": 1.0, "grain_ratio": 1.0, "curved_share": 0.0}
    later = months[1:]
    return {
        "key": "0" * 64,
        "versions": {},
        "scans": [
            {"name": f"scan-{number}", "months": month, "sha256": f"{number:064d}"}
            for number, month in enumerate(months)
        ],
        "mask": "labels",
        "bias_correction": False,
        "config": asdict(preset("preview")),
        "device": "cpu",
        "seconds": {"fit": 1.0},
        "alignments": [
            {
                "name": f"scan-{number}",
                "months": month,
                "similarity_before": 0.9,
                "similarity_after": 0.97,
                **moved,
            }
            for number, month in enumerate(later, start=1)
        ],
        "quality": {
            "scans": [{"months": month, "best_month": month, **seen} for month in later],
            "course": [],
            "appearance": [{"months": month, **looks} for month in later],
        },
        "warnings": [],
        "history": [{"step": 1.0, "similarity": -3.0, "total": -3.0}],
    }
