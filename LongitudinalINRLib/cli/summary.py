"""What is known about a job, and what a finished fit shows, in a few lines."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from LongitudinalINRLib.cli.outcome import print_line
from LongitudinalINRLib.cli.screen import cell, table_shown
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.folder import JobFolder, read_json
from LongitudinalINRLib.jobs.integrity import damaged, read_results
from LongitudinalINRLib.plain_text import one_line

_FROM_FIT = (
    "scans",
    "horizon_months",
    "mask",
    "excluded_ml",
    "config",
    "device",
    "seconds",
    "alignments",
    "quality",
    "warnings",
    "versions",
)


def print_summary(folder: JobFolder) -> None:
    """Say where the results of a finished fit are."""
    results = read_results(folder).results
    print_line(f"Done: {len(results['maps'])} maps in {one_line(str(folder.maps))}")
    print_line(f"Regions: {one_line(str(folder.regions))}")
    if results["report"]:
        print_line(f"Report: {one_line(str(folder.report))}")


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
    fitted, harmed = {}, damaged(folder)
    if folder.fit.exists() and folder.fit.name not in harmed:
        from LongitudinalINRLib.jobs.documents.account import read_account  # numpy, only where it is needed

        read_account(folder.fit)  # refuses what no fit wrote
        fitted = read_json(folder.fit)
    known = {name: fitted[name] for name in _FROM_FIT if name in fitted}
    whole = folder.results.exists() and folder.results.name not in harmed
    results = read_results(folder).results if whole else {}
    return {"folder": str(folder.path), "state": state, "damaged": harmed, **known, "results": results}


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
            (aligned["kind"], f"{aligned['similarity_before']:.3f}", f"{aligned['similarity_after']:.3f}")
            if aligned
            else ("", "", "")
        )
        cells = (scan["name"], f"{scan['months']:g}", scan["sha256"][:12], *how)
        table.add_row(*(cell(text) for text in cells))
    config = content["config"]
    settings = (
        f"Preset {config['preset']}, {config['identity']} identity, {config['similarity']}, "
        f"seed {config['seed']}, on {content['device']}, {content['seconds']['fit']:.1f} s; "
        f"mask: {content['mask']}; horizon: month {content['horizon_months']:g}"
    )
    warnings = [f"Warning: {warning}" for warning in content["warnings"]]
    return table_shown(table) + "".join(f"{one_line(line)}\n" for line in (settings, *warnings))
