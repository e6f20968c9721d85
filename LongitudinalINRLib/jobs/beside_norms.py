"""Regions of a fit beside norms of healthy people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from LongitudinalINRLib.analysis.norms.comparison import Person, with_centiles
from LongitudinalINRLib.analysis.norms.files import read_norms
from LongitudinalINRLib.analysis.norms.model import Norms
from LongitudinalINRLib.analysis.region_row import RegionRow, read_regions
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.integrity import refuse_damaged
from LongitudinalINRLib.jobs.request import NormsEntry, Request
from LongitudinalINRLib.jobs.validation import read_request_file

if TYPE_CHECKING:  # torch, which a comparison of tables does not need
    from LongitudinalINRLib.analysis.regions import RegionAnalysis
    from LongitudinalINRLib.jobs.results import Result


def beside_norms(
    analysis: RegionAnalysis, entry: NormsEntry, request: Request, norms: Norms | None = None
) -> RegionAnalysis:
    """Return regions with their centiles among healthy people.

    Parameters
    ----------
    analysis : RegionAnalysis
        Regions of a fit.
    entry : NormsEntry
        The norms, and whom to compare with them.
    request : Request
        Of the fit.
    norms : Norms, optional
        The content of the file, where it was read before.

    Raises
    ------
    InputError
        The norms cannot be used, or are of other regions.
    """
    known = read_norms(Path(entry.path)) if norms is None else norms
    rows, warnings = with_centiles(analysis.rows, known, _person(entry, request))
    return replace(analysis, rows=rows, warnings=[*analysis.warnings, *warnings])


def rows_beside_norms(
    rows: Sequence[RegionRow], entry: NormsEntry, request: Request
) -> tuple[list[RegionRow], list[str]]:
    """Return the rows of a fit with their centiles, and what to know about them (see `beside_norms`)."""
    return with_centiles(rows, read_norms(Path(entry.path)), _person(entry, request))


def beside_own_norms(result: Result, analysis: RegionAnalysis) -> RegionAnalysis:
    """Return regions with their centiles, where the fit was given norms."""
    entry, norms = result.request.norms, result.scans.norms
    if entry is None or norms is None:
        return analysis
    return beside_norms(analysis, entry, result.request, norms)


def compare_written(folder: JobFolder, entry: NormsEntry) -> tuple[Request, list[RegionRow], list[str]]:
    """Return the request of a finished fit, its table of regions with centiles, and what to know about them.

    Raises
    ------
    InputError
        The folder holds no finished fit, or a damaged one; the norms cannot be used, or are of other regions.
    """
    if folder.state != "finished":
        raise InputError(
            "no-result",
            f"{folder.path.name} holds no finished fit.",
            expected="the output folder of a finished fit",
            found=f"the state {folder.state}",
            advice="Give the folder that was the --output of a fit; finish an unfinished one with: resume.",
        )
    refuse_damaged(folder, [folder.request, folder.regions])
    request = read_request_file(folder.request)
    return request, *rows_beside_norms(read_regions(folder.regions), entry, request)


def _person(entry: NormsEntry, request: Request) -> Person:
    return Person(entry.age_years, entry.sex, request.config.preset, request.regions_from)
