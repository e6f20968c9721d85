"""What is known about a job, and what a finished fit shows, in a few lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.table import Table

from LongitudinalINRLib.analysis.answer import yearly_text
from LongitudinalINRLib.analysis.atlas import BRAIN_LABEL, TISSUE_LABEL
from LongitudinalINRLib.analysis.region_row import RegionRow, at_last_scan, read_regions
from LongitudinalINRLib.analysis.wording import centile_text, month_text, signed
from LongitudinalINRLib.cli.outcome import print_line
from LongitudinalINRLib.cli.screen import cell, table_shown
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.folder import JobFolder, read_json
from LongitudinalINRLib.jobs.integrity import damaged, read_results
from LongitudinalINRLib.plain_text import one_line

_WHOLE = ((TISSUE_LABEL, "Brain tissue"), (BRAIN_LABEL, "Whole mask, ventricles included"))

_FROM_FIT = (
    "scans",
    "mask",
    "excluded_ml",
    "config",
    "device",
    "seconds",
    "alignments",
    "quality",
    "person",
    "warnings",
    "versions",
)


def print_summary(folder: JobFolder) -> None:
    """Say what a finished fit found in the whole brain, and where its results are."""
    results = read_results(folder).results
    for line in answer(read_regions(folder.regions)) if folder.regions.exists() else []:
        print_line(line)
    print_line(f"Done: {len(results['maps'])} maps in {one_line(str(folder.maps))}")
    approximate = ", approximate (carried over from an atlas)" if _has_approximate_regions(folder) else ""
    print_line(f"Regions{approximate}: {one_line(str(folder.regions))}")
    if results["report"]:
        print_line(f"Report: {one_line(str(folder.report))}")


def _has_approximate_regions(folder: JobFolder) -> bool:
    """Tell whether the regions were carried over from an atlas."""
    note = read_json(folder.labels_note) if folder.labels_note.exists() else {}
    return bool(note.get("approximate") and note.get("used"))


def answer(rows: Sequence[RegionRow]) -> list[str]:
    """Return what the table of regions says about brain tissue and the whole mask at the last scan."""
    at_last = {row.label: row for row in at_last_scan(rows)}
    return [
        f"{name}, {month_text(row.months)}: {measured_change(row)} ({_yearly(row)}{_centile(row)})"
        for label, name in _WHOLE
        if (row := at_last.get(label)) is not None
    ]


def _yearly(row: RegionRow) -> str:
    yearly = yearly_text(row)
    return f"{yearly} % a year" if yearly else "its error is not known"


def _centile(row: RegionRow) -> str:
    """Return the centile of a row among healthy people, where norms were given."""
    if row.centile is None:
        return ""
    return f", centile {centile_text(row.centile, row.centile_low, row.centile_high)}"


def measured_change(row: RegionRow) -> str:
    """Return the change of a row of the regions' table, with its 90 % interval where that is known."""
    interval = "" if row.interval_points is None else f" ± {row.interval_points:.1f}"
    return f"{signed(row.volume_change_percent)}{interval} %"


def describe(folder: JobFolder) -> dict[str, Any]:
    """Return what is known about the job of a folder, as JSON values.

    Raises
    ------
    InputError
        The folder holds no job, or a damaged one.
    """
    state = folder.state
    if state == "empty":
        raise InputError(
            "no-job",
            f"{folder.path.name} holds no job.",
            expected="the output folder of a fit",
            found="a folder without a request.json" if folder.path.is_dir() else "no such folder",
            advice="Give the folder that was the --output of a fit.",
        )
    harmed = damaged(folder)
    known = _known_of_fit(folder, harmed) if folder.fit.exists() and folder.fit.name not in harmed else {}
    whole = folder.results.exists() and folder.results.name not in harmed
    results = read_results(folder).results if whole else {}
    if folder.labels_note.exists() and folder.labels_note.name not in harmed:
        known["regions"] = read_json(folder.labels_note)
    return {"folder": str(folder.path), "state": state, "damaged": harmed, **known, "results": results}


def _known_of_fit(folder: JobFolder, harmed: Sequence[str]) -> dict[str, Any]:
    """Return what the account of a fit tells, and which of the intervals its results have."""
    from LongitudinalINRLib.jobs.documents.account import read_account  # numpy, only where it is needed
    from LongitudinalINRLib.jobs.scanners import decided, scanner_error
    from LongitudinalINRLib.jobs.validation import read_request_file

    account = read_account(folder.fit)  # refuses what no fit wrote
    fitted = read_json(folder.fit)
    known = {name: fitted[name] for name in _FROM_FIT if name in fitted}
    if folder.request.name in harmed:
        return known
    finding = decided(read_request_file(folder.request), account)
    scanner = {"intervals": scanner_error(finding, account).name, "reason": finding.reason}
    return {**known, "scanner": scanner}


def info_text(content: dict[str, Any]) -> str:
    """Return what `describe` found, for a person."""
    head = f"{one_line(content['folder'])}: {content['state']}\n"
    if content["damaged"]:
        head += f"Damaged: {one_line(', '.join(content['damaged']))}\n"
        head += "It is made whole, as far as that is possible, with: longitudinal-inr resume DIR\n"
    if "scans" not in content:
        return f"{head}There is no fitted model yet; go on with: longitudinal-inr resume DIR\n"
    return head + _fit_text(content)


def _fit_text(content: dict[str, Any]) -> str:
    alignments = {entry["name"]: entry for entry in content["alignments"]}
    table = Table("scan", "months", "sha256", "alignment", "similarity before", "after")
    for scan in content["scans"]:
        aligned = alignments.get(scan["name"])
        how = (
            (_kind_text(aligned), f"{aligned['similarity_before']:.3f}", f"{aligned['similarity_after']:.3f}")
            if aligned
            else ("", "", "")
        )
        cells = (scan["name"], f"{scan['months']:g}", scan["sha256"][:12], *how)
        table.add_row(*(cell(text) for text in cells))
    config = content["config"]
    settings = (
        f"Preset {config['preset']}, {config['identity']} identity, {config['similarity']}, "
        f"seed {config['seed']}, on {content['device']}, {content['seconds']['fit']:.1f} s; "
        f"mask: {content['mask']}"
    )
    scanner = content.get("scanner", {"intervals": "not known", "reason": "request.json is damaged"})
    by_headers = [scan["name"] for scan in content["scans"] if scan.get("months_from") == "headers"]
    headers = [f"Months by the dates of the DICOM headers: {', '.join(by_headers)}"] if by_headers else []
    headers += [f"Person: {content['person']['reason']}"] if "person" in content else []
    intervals = "90 % intervals: {intervals} ({reason})".format(**scanner)
    warnings = [f"Warning: {warning}" for warning in content["warnings"]]
    return table_shown(table) + "".join(
        f"{one_line(line)}\n" for line in (settings, *headers, intervals, *warnings)
    )


def _kind_text(alignment: dict[str, Any]) -> str:
    factors = alignment.get("scale")
    if factors is None:
        return str(alignment["kind"])
    return str(alignment["kind"]) + "".join(f" {100 * (factor - 1):+.2f} %" for factor in factors)
