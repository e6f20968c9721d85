"""One line of ``regions.csv``."""

from __future__ import annotations

import functools
import math
import typing
from collections.abc import Callable, Sequence
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, NoReturn

from LongitudinalINRLib.analysis.tables import read_table, write_table
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import Place, writing
from LongitudinalINRLib.plain_text import one_line
from LongitudinalINRLib.words import TimeKind


@dataclass(frozen=True)
class RegionRow:
    """One region at one month; the fields are the columns of ``regions.csv``, in their order.

    Parameters
    ----------
    region, label : str, int
        FreeSurfer's name and number. ``brain`` and 0: the whole mask, ventricles included. ``brain tissue``
        and -1: all labelled voxels but ventricles, CSF and choroid plexus, whose change is the percentage
        brain volume change (PBVC).
    months, kind : float, str
        The month since baseline and whether it is observed, interpolated or extrapolated.
    mean_jacobian : float
        Mean |J| over the region's voxels.
    volume_change_percent : float
        100 (mean |J| - 1).
    rate_percent_per_year : float
        1200 x mean d|J|/dt (per month) at that month.
    mean_percent_per_year : float
        The volume change over the years since baseline; NaN at the baseline.
    sign_consistency : float
        Mean over voxels of the share of months with the majority sign; NaN where nothing ever changes.
    voxels : int
        Voxels counted: inside the mask and every scan's field of view.
    baseline_volume_ml, volume_ml : float
        Volume of the counted voxels at the baseline and at the month.
    sign_change_share : float
        Share of voxels that grow in one month and shrink in another.
    folded_voxels : int
        Voxels with |J| <= 0.
    asymmetry_percent : float or None
        100 (left - right) / mean of both volumes, for structures that come in pairs.
    excluded_voxels : int
        Voxels of the label that did not count.
    interval_points : float or None
        Half-width of the 90 % interval of the volume change, in percentage points; None where settings were
        used that it is not known for.
    within_noise : bool or None
        Whether the interval holds no change at all.
    interval_scanner : str or None
        Which interval it is: what is known about the scanners (`error_model.ScannerError`).
    centile : float or None
        How many of 100 healthy people of the person's age and sex have a lower `mean_percent_per_year`, at
        the last scan and where norms were given that hold the region (see `norms`). The lowest and highest
        that the norms know stand for all beyond them.
    centile_low, centile_high : float or None
        The same for both ends of the interval of `mean_percent_per_year`.
    """

    region: str
    label: int
    months: float
    kind: TimeKind
    mean_jacobian: float
    volume_change_percent: float
    rate_percent_per_year: float
    mean_percent_per_year: float
    sign_consistency: float
    voxels: int
    baseline_volume_ml: float
    volume_ml: float
    sign_change_share: float
    folded_voxels: int
    asymmetry_percent: float | None
    excluded_voxels: int
    interval_points: float | None = None
    within_noise: bool | None = None
    interval_scanner: str | None = None
    centile: float | None = None
    centile_low: float | None = None
    centile_high: float | None = None


_CENTILES = ("centile", "centile_low", "centile_high")


def write_regions(rows: Sequence[RegionRow], path: Path, place: Place = writing) -> None:
    """Write ``regions.csv``, with centiles where there are any; `place` as for `tables.write_table`."""
    without = () if any(row.centile is not None for row in rows) else _CENTILES
    write_table(rows, RegionRow, path, place, without)


def read_regions(path: Path) -> list[RegionRow]:
    """Read a table that `write_regions` wrote, or an older version with fewer columns.

    Raises
    ------
    InputError
        It is no such table.
    OSError
        It cannot be read.
    """
    readers = _readers()
    needed = {field.name for field in fields(RegionRow) if field.default is MISSING}
    rows = []
    for cells in read_table(path):
        try:
            if missing := sorted(needed - cells.keys()):
                raise ValueError(f"no column {missing[0]}")
            known = {name: read(cells[name]) for name, read in readers.items() if name in cells}
            rows.append(RegionRow(**known))
        except ValueError as error:
            raise InputError(
                "table-damaged",
                f"The table {path.name} is not one of regions.",
                expected="the regions.csv that a fit wrote",
                found=one_line(str(error)),
                advice="Choose the regions.csv of a finished fit; if it was changed, run the fit again.",
            ) from error
    return rows


def at_last_scan(rows: Sequence[RegionRow]) -> list[RegionRow]:
    """Return the rows of the last scan that there are rows of; none where that would be the baseline."""
    seen = [row for row in rows if row.kind == "observed" and row.months > 0]
    last = max((row.months for row in seen), default=0.0)
    return [row for row in seen if row.months == last]


@functools.cache
def _readers() -> dict[str, Callable[[str], Any]]:
    """Return what reads the cells of each column."""
    return {name: _reader(kind) for name, kind in typing.get_type_hints(RegionRow).items()}


def _reader(kind: Any) -> Callable[[str], Any]:
    """Return what reads cells of a kind; an empty one is None, or NaN where there must be a number."""
    choices = typing.get_args(kind)
    if kind == TimeKind:
        return lambda cell: cell if cell in choices else _refuse(f"the kind of time {cell}")
    plain = choices[0] if type(None) in choices else kind
    read = _truth if plain is bool else plain
    if plain is not kind:
        return lambda cell: read(cell) if cell else None
    if plain is float:
        return lambda cell: float(cell) if cell else math.nan
    return lambda cell: read(cell) if cell else _refuse("an empty cell where there must be a value")


def _truth(cell: str) -> bool:
    return cell == "True" or (cell != "False" and _refuse(f"{cell} where there is True or False"))


def _refuse(found: str) -> NoReturn:
    raise ValueError(found)
