"""The files of ``OUT/group`` that hold tables: written as this program's own, asked in SQL."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, fields
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from LongitudinalINRLib.analysis.tables import guarded
from LongitudinalINRLib.cohort.extra import require
from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import make_folder
from LongitudinalINRLib.ownership import Manifest

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

MISSING = "n/a"
"""What BIDS has in a cell without a value."""

Columns = Mapping[str, Any]
"""Values of some rows by the name of their column."""

VIEWS = ("changes", "people", "slopes")
ROWS_AT_A_TIME = 100_000


class GroupTables:
    """The tables of a cohort.

    Parameters
    ----------
    cohort : CohortFolder
        They lie in its folder ``group``.
    """

    def __init__(self, cohort: CohortFolder):
        self.folder = cohort.group
        self.manifest = Manifest(self.folder)
        self.changes = self.folder / "changes.parquet"
        self.people = self.folder / "people.parquet"
        self.people_text = cohort.group_people
        self.slopes = self.folder / "slopes.parquet"
        self.group_changes = self.folder / "group_changes.tsv"
        self.effects = self.folder / "effects.tsv"
        self.sample_sizes = self.folder / "sample_sizes.tsv"
        self.trajectories = self.folder / "trajectories.tsv"
        self.published = self.folder / "published.tsv"

    def begin(self) -> None:
        """Make the folder ready to be written to."""
        make_folder(self.folder)
        if not self.manifest.exists:
            self.manifest.start()

    def write_parquet(self, batches: Iterable[Columns], row_type: type, path: Path) -> None:
        """Write batches of rows, as they come, as parquet: one column per field of their dataclass."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        schema = _schema(row_type)
        with self.manifest.writing(path) as part, pq.ParquetWriter(part, schema) as writer:
            writer.write_table(schema.empty_table())
            for batch in batches:
                writer.write_table(pa.Table.from_pydict(dict(batch), schema))

    def write_tsv(self, rows: Iterable[Any], row_type: type, path: Path) -> None:
        """Write rows as a table of BIDS's form: one column per field of their dataclass, ``n/a`` for none."""
        lines = ["\t".join(field.name for field in fields(row_type))]
        lines += ["\t".join(_cell(value) for value in asdict(row).values()) for row in rows]
        self.manifest.write_bytes(path, ("\n".join(lines) + "\n").encode())


def batches_of(rows: Iterable[Any]) -> Iterator[Columns]:
    """Yield the rows of a dataclass as columns, some thousands at a time."""
    coming = iter(rows)
    while some := [vars(row) for row in islice(coming, ROWS_AT_A_TIME)]:
        yield {name: [row[name] for row in some] for name in some[0]}


def query(cohort: CohortFolder, sql: str) -> pd.DataFrame:
    """Ask the tables of a cohort in SQL (of DuckDB): ``changes``, ``people`` and ``slopes``.

    Parameters
    ----------
    cohort : CohortFolder
        Its group level has been run.
    sql : str
        For example ``SELECT region, avg(log_ratio) FROM changes GROUP BY region``.

    Raises
    ------
    InputError
        The cohort has no tables, or the question is not one of SQL.
    """
    require(("duckdb", "pandas", "pyarrow"))
    import duckdb

    tables = GroupTables(cohort)
    with duckdb.connect() as connection:
        for name in VIEWS:
            path: Path = getattr(tables, name)
            if path.exists():
                connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({_quoted(path)})")
        try:
            return connection.execute(sql).df()
        except duckdb.Error as error:
            raise InputError(
                "query-failed",
                "The tables of the cohort cannot answer that.",
                expected=f"SQL about {', '.join(VIEWS)}, after the group level has been run",
                found=str(error).splitlines()[0],
                advice="`DESCRIBE changes` tells the columns of a table.",
            ) from error


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _cell(value: object) -> str:
    if value is None:
        return MISSING
    if isinstance(value, float):
        return MISSING if math.isnan(value) else f"{value + 0.0:.6g}"  # no -0
    return " ".join(guarded(str(value)).split()) if isinstance(value, str) else str(value)


def _schema(row_type: type) -> pa.Schema:
    """Return the columns of a row's dataclass."""
    import pyarrow as pa

    kinds = {"str": pa.string(), "float": pa.float64(), "int": pa.int32(), "bool": pa.bool_()}
    return pa.schema(
        [(field.name, kinds[str(field.type).removesuffix(" | None")]) for field in fields(row_type)]
    )
