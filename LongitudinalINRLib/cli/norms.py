"""`norms build` and `norms compare`: reference values of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from LongitudinalINRLib.analysis.region_row import RegionRow
from LongitudinalINRLib.analysis.wording import centile_text, signed
from LongitudinalINRLib.cli.destination import Destination
from LongitudinalINRLib.cli.options import AsJson, Overwrite, ResultFolder
from LongitudinalINRLib.cli.outcome import outcome, print_json, print_line
from LongitudinalINRLib.cli.screen import cell, table_shown
from LongitudinalINRLib.cli.streams import put
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.request import NormsEntry
from LongitudinalINRLib.plain_text import one_line
from LongitudinalINRLib.words import SEXES, Sex

if TYPE_CHECKING:
    from LongitudinalINRLib.analysis.norms.model import Norms


def build(
    cohort: Annotated[
        Path, typer.Argument(metavar="COHORT.csv", help="Healthy people: person, age_years, sex, result.")
    ],
    output: Annotated[Path, typer.Option(help="Norms file: .json.")],
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Make norms (centiles of annual change by age and sex) from results of healthy people."""
    with outcome(as_json):
        destination = Destination(output, (".json",), overwrite)
        from LongitudinalINRLib.analysis.norms.building import build_norms
        from LongitudinalINRLib.analysis.norms.files import read_norms, write_norms
        from LongitudinalINRLib.jobs.cohort import read_cohort

        if output.exists():
            read_norms(output)  # refuses to replace a file of another kind
        norms, warnings = build_norms(read_cohort(cohort))
        write_norms(norms, output, destination.place)
        if as_json:
            print_json({"output": str(output), "regions": len(norms.regions), "warnings": warnings})
            return
        for warning in warnings:
            print_line(f"Warning: {one_line(warning)}")
        put(table_shown(_norms_table(norms)))
        print_line(f"Norms of {len(norms.regions)} regions: {one_line(str(output))}")


def compare(
    directory: ResultFolder,
    norms: Annotated[Path, typer.Option(help="Norms that `norms build` wrote.")],
    age: Annotated[float, typer.Option(help="Age at the baseline.", metavar="YEARS")],
    sex: Annotated[Sex, typer.Option(help="As the people of the norms were recorded.")],
    output: Annotated[Path, typer.Option(help="CSV file: the regions with their centiles.")],
    overwrite: Overwrite = False,
    as_json: AsJson = False,
) -> None:
    """Give the regions of a finished fit their centiles among healthy people."""
    with outcome(as_json):
        destination = Destination(output, (".csv",), overwrite)
        from LongitudinalINRLib.analysis.region_row import at_last_scan, write_regions
        from LongitudinalINRLib.jobs.beside_norms import compare_written
        from LongitudinalINRLib.jobs.checks import check_age

        check_age(age)
        folder = JobFolder(directory)
        request, rows, warnings = compare_written(folder, NormsEntry(str(norms.absolute()), age, sex))
        destination.protect(folder, request, [norms])
        write_regions(rows, output, destination.place)
        if as_json:
            print_json({"output": str(output), "rows": len(rows), "warnings": warnings})
            return
        for warning in warnings:
            print_line(f"Warning: {one_line(warning)}")
        put(table_shown(_centile_table(at_last_scan(rows))))
        print_line(f"{len(rows)} rows: {one_line(str(output))}")


def _norms_table(norms: Norms) -> Table:
    table = Table("region", "women", "men", "ages", "median % a year: youngest", "oldest")
    for name, region in norms.regions.items():
        low, high = region.knots_years[0], region.knots_years[-1]
        counts = (str(region.people.get(sex, 0)) for sex in SEXES)
        medians = (f"{region.medians[at]:+.2f}" for at in (0, -1))
        table.add_row(cell(name), *counts, f"{low:g} to {high:g}", *medians)
    return table


def _centile_table(rows: Sequence[RegionRow]) -> Table:
    table = Table("region", "% a year", "centile (of its interval)")
    for row in rows:
        if row.centile is None:  # a warning says why
            continue
        centile = centile_text(row.centile, row.centile_low, row.centile_high)
        table.add_row(cell(row.region), signed(row.mean_percent_per_year, 2), centile)
    return table
