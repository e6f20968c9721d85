"""The changes of one region at a time, of the people who are used, out of ``changes.parquet``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import duckdb

Values = NDArray[np.float64]


@dataclass(frozen=True)
class RegionRows:
    """The rows of a region; arrays of shape (N,), by people and months.

    Parameters
    ----------
    people : ndarray of int
        Numbers of the people among those who are used.
    years, log_ratio, se : ndarray
        Since the baseline; what was found; its standard error, NaN where none is known.
    """

    people: NDArray[np.int64]
    years: Values
    log_ratio: Values
    se: Values


class RegionReader:
    """Reads regions of a table of changes.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Has a view ``used`` of the rows that are wanted.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection):
        self._connection = connection

    def regions(self) -> list[tuple[int, str]]:
        """Return numbers and names: the whole and tissue first, then the structures by number.

        A number that is called differently in some people has the name that is most usual.
        """
        sql = "SELECT label, mode(region) FROM used GROUP BY label"
        found = self._connection.execute(sql).fetchall()
        return [(int(label), str(name)) for label, name in sorted(found, key=lambda each: _place(each[0]))]

    def rows(self, label: int) -> RegionRows:
        """Return the rows of a region."""
        sql = """SELECT number, months / 12.0 AS years, log_ratio, log_ratio_se AS se FROM used
                 WHERE label = ? ORDER BY number, months"""
        columns = self._connection.execute(sql, [label]).fetchnumpy()
        se = np.ma.filled(np.ma.asarray(columns["se"], dtype=np.float64), np.nan)
        return RegionRows(
            np.asarray(columns["number"], np.int64),
            np.asarray(columns["years"], np.float64),
            np.asarray(columns["log_ratio"], np.float64),
            np.asarray(se, np.float64),
        )


@contextmanager
def region_reader(changes: Path, participant_ids: Sequence[str]) -> Iterator[RegionReader]:
    """Give a reader of the changes of some people.

    Parameters
    ----------
    changes : Path
        ``changes.parquet``.
    participant_ids : sequence of str
        Who is wanted; their numbers are those of this order.
    """
    import duckdb
    import pyarrow as pa

    wanted = pa.table({"participant_id": list(participant_ids), "number": range(len(participant_ids))})
    with duckdb.connect() as connection:
        connection.register("wanted", wanted)
        path = str(changes).replace("'", "''")
        connection.execute("CREATE TEMP TABLE people AS SELECT * FROM wanted")
        connection.execute(
            "CREATE TEMP VIEW used AS SELECT * FROM "
            f"read_parquet('{path}') JOIN people USING (participant_id)"
        )
        yield RegionReader(connection)


def _place(label: int) -> tuple[bool, int]:
    return label > 0, abs(label)
