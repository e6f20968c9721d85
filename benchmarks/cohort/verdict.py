"""Whether the intervals of a simulated cohort's groups hold the true means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.simulated.groups import PROPORTIONS
from LongitudinalINRLib.cohort.simulated.layout import SimulatedFolder
from LongitudinalINRLib.cohort.tsv import read_tsv

OF_THE_MODEL = "model"


@dataclass(frozen=True)
class Compared:
    """The change of a region in a group: measured, and true.

    Parameters
    ----------
    group, region : str
    months : float
        The last month of the group's line.
    percent, low, high : float
        Measured, with the interval of the mean.
    true_drawn : float
        Mean of the people who were drawn.
    true_population : float
        Mean of those whom they were drawn from.
    """

    group: str
    region: str
    months: float
    percent: float
    low: float
    high: float
    true_drawn: float
    true_population: float

    @property
    def holds(self) -> bool:
        """Whether the interval holds the mean of the people who were drawn."""
        return self.low <= self.true_drawn <= self.high


def compared(simulated: SimulatedFolder, cohort: CohortFolder) -> list[Compared]:
    """Return the regions with a prescribed change, each at the last month of each group's line."""
    true = {(row["group"], int(row["label"])): row for row in read_tsv(simulated.group_slopes)}
    last: dict[tuple[str, int], dict[str, str]] = {}
    for row in read_tsv(cohort.group / "trajectories.tsv"):
        at = row["group"], int(row["label"])
        shown = row.get("kind", OF_THE_MODEL) == OF_THE_MODEL
        if shown and at in true and at[1] in PROPORTIONS:
            last[at] = max(last.get(at, row), row, key=lambda each: float(each["months"]))
    return [_compared(row, true[at]) for at, row in last.items()]


def comparison_text(rows: Sequence[Compared]) -> str:
    """Return the comparison as a Markdown table, and how many intervals hold the truth."""
    lines = [
        "| group | region | month | measured, % (interval) | true, of these people | of the population | "
        "holds |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {r.group} | {r.region} | {r.months:.1f} | {r.percent:.2f} ({r.low:.2f} to {r.high:.2f}) | "
        f"{r.true_drawn:.2f} | {r.true_population:.2f} | {'yes' if r.holds else 'no'} |"
        for r in rows
    ]
    return "\n".join(
        [*lines, "", f"{sum(r.holds for r in rows)} of {len(rows)} intervals hold the true mean."]
    )


def _compared(row: dict[str, str], true: dict[str, str]) -> Compared:
    months = float(row["months"])

    def after(percent_per_year: str) -> float:
        return 100.0 * ((1.0 + float(percent_per_year) / 100.0) ** (months / 12.0) - 1.0)

    return Compared(
        row["group"],
        row["region"],
        months,
        float(row["percent"]),
        float(row["low"]),
        float(row["high"]),
        after(true["drawn_percent_per_year"]),
        after(true["population_percent_per_year"]),
    )
