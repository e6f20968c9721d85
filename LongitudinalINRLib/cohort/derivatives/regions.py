"""The table of a person's regions as BIDS has tables: tab-separated, its columns described in JSON."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any, get_args

from LongitudinalINRLib.words import TimeKind

EMPTY = "n/a"

COLUMNS: dict[str, tuple[str, str]] = {
    "region": ("Name of the region; 'brain' is the whole mask, 'brain tissue' all tissue in it", ""),
    "label": ("Number of the region in the segmentation; 0 the whole mask, -1 all tissue", ""),
    "months": ("Time since the baseline", "month"),
    "kind": ("Whether the month has a scan, lies between scans, or after the last one", ""),
    "mean_jacobian": ("Mean of the Jacobian determinant over the voxels of the region", "1"),
    "volume_change_percent": ("Change of the volume since the baseline, 100 (mean |J| - 1)", "%"),
    "rate_percent_per_year": ("Rate of the change at the month, of the volume at the baseline", "%/year"),
    "mean_percent_per_year": ("Change of the volume over the years since the baseline", "%/year"),
    "sign_consistency": ("Mean over voxels of the share of months with the majority's sign", "1"),
    "voxels": ("Voxels that count: inside the mask and the field of view of every scan", "1"),
    "baseline_volume_ml": ("Volume of these voxels at the baseline", "mL"),
    "volume_ml": ("Volume at the month", "mL"),
    "sign_change_share": ("Share of voxels that grow in one month and shrink in another", "1"),
    "folded_voxels": ("Voxels with a Jacobian determinant of 0 or less", "1"),
    "asymmetry_percent": ("100 (left - right) / mean of both volumes", "%"),
    "excluded_voxels": ("Voxels of the label that do not count", "1"),
    "interval_points": ("Half-width of the 90 % interval of volume_change_percent", "percentage point"),
    "within_noise": ("Whether the interval holds no change at all", ""),
    "interval_scanner": ("What is known about the scanners, for which the interval is", ""),
    "centile": ("Of 100 healthy people of this age and sex, those with a lower mean_percent_per_year", "1"),
    "centile_low": ("Centile of the lower end of the interval", "1"),
    "centile_high": ("Centile of the upper end of the interval", "1"),
}
"""What the columns of ``regions.csv`` hold, and their units."""

_MEANINGS = (
    "a month with a scan",
    "between two scans",
    "after the last scan: the trend continued, not a measurement",
)
LEVELS = dict(zip(get_args(TimeKind), _MEANINGS, strict=True))


def regions_tsv(path: Path) -> str:
    """Return a job's ``regions.csv`` as a table of BIDS."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, strict=True))
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def regions_json(sources: list[str], columns: list[str]) -> dict[str, Any]:
    """Return what goes beside it: where it is from, and what its columns hold."""
    described: dict[str, Any] = {
        "Description": "Volume change of every region since the baseline, with its 90 % interval",
        "Sources": sources,
    }
    for name in columns:
        description, unit = COLUMNS[name]
        described[name] = {"Description": description, **({"Units": unit} if unit else {})}
    described["kind"]["Levels"] = LEVELS
    return described


def _cell(cell: str) -> str:
    """Return a cell on one line: a table of BIDS knows no quotes."""
    words = " ".join(cell.split())
    return {"True": "true", "False": "false"}.get(words, words) or EMPTY
