"""Who the people are, where they come as a frame of pandas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from LongitudinalINRLib.cohort.participants import Columns, Participants, people_in, read_people

if TYPE_CHECKING:
    import pandas as pd


def read_participants(source: pd.DataFrame | Path, columns: Columns | None = None) -> Participants:
    """Read who the people are.

    Parameters
    ----------
    source : DataFrame or Path
        The content of ``participants.tsv``, the file, or the BIDS folder that it is in.
    columns : Columns
        Names of columns that must be there.

    Raises
    ------
    InputError
        See `participants.read_people`.
    """
    if isinstance(source, Path):
        return read_people(source, columns)
    names = [str(name) for name in source.columns]
    rows = (dict(zip(names, map(str, cells), strict=True)) for cells in source.itertuples(index=False))
    return people_in(rows, names, columns)  # a cell without a value reads nan or None
