"""What is known about a job, and what a finished fit shows, in a few lines."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.folder import JobFolder, read_json
from LongitudinalINRLib.jobs.integrity import read_results

_FROM_FIT = (
    "scans",
    "horizon_months",
    "mask",
    "config",
    "device",
    "seconds",
    "alignments",
    "warnings",
    "versions",
)


def print_summary(folder: JobFolder) -> None:
    """Say where the results of a finished fit are."""
    results = read_results(folder).results
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"Done: {len(results['maps'])} maps in {folder.maps}", markup=False)
    console.print(f"Regions: {folder.regions}", markup=False)
    if results["report"]:
        console.print(f"Report: {folder.report}", markup=False)


def describe(folder: JobFolder) -> dict[str, Any]:
    """Return what is known about the job of a folder, as JSON values.

    Raises
    ------
    InputError
        The folder holds no job.
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
    fitted = read_json(folder.fit) if folder.fit.exists() else {}
    known = {name: fitted[name] for name in _FROM_FIT if name in fitted}
    results = read_results(folder).results if folder.results.exists() else {}
    return {"folder": str(folder.path), "state": state, **known, "results": results}


def print_info(content: dict[str, Any]) -> None:
    """Show what `describe` found to a person."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{content['folder']}: {content['state']}", markup=False)
    if "scans" not in content:
        console.print("There is no fitted model yet; go on with: longitudinal-inr resume DIR")
        return
    alignments = {entry["name"]: entry for entry in content["alignments"]}
    table = Table("scan", "months", "sha256", "alignment", "similarity before", "after")
    for scan in content["scans"]:
        aligned = alignments.get(scan["name"])
        how = (
            (aligned["kind"], f"{aligned['similarity_before']:.3f}", f"{aligned['similarity_after']:.3f}")
            if aligned
            else ("", "", "")
        )
        table.add_row(scan["name"], f"{scan['months']:g}", scan["sha256"][:12], *how)
    console.print(table)
    config = content["config"]
    console.print(
        f"Preset {config['preset']}, {config['identity']} identity, {config['similarity']}, "
        f"seed {config['seed']}, on {content['device']}, {content['seconds']['fit']:.1f} s; "
        f"mask: {content['mask']}; horizon: month {content['horizon_months']:g}",
        markup=False,
    )
    for warning in content["warnings"]:
        console.print(f"Warning: {warning}", markup=False)
