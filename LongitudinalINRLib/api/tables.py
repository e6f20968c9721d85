"""Tables as pandas has them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from LongitudinalINRLib.analysis.tables import read_table
from LongitudinalINRLib.errors import InputError

if TYPE_CHECKING:
    import pandas as pd


def table_of(rows: list[dict[str, Any]] | Path) -> pd.DataFrame:
    """Return rows, or a table that a fit wrote, as a data frame.

    Raises
    ------
    InputError
        Pandas is not installed.
    """
    try:
        import pandas
    except ModuleNotFoundError as error:
        raise InputError(
            "dependency-missing",
            "Tables in Python need pandas.",
            expected="the package pandas",
            found="no such package in this Python",
            advice="Install it: pip install pandas; or read the result's CSV files.",
        ) from error
    if isinstance(rows, Path):
        frame = pandas.DataFrame(read_table(rows))
        for name in frame.columns.difference(["region", "kind"]):
            frame[name] = pandas.to_numeric(frame[name])
        return frame
    return pandas.DataFrame(rows)
