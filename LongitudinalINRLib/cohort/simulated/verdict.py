"""What was measured in a simulated cohort beside its truth.

``python -m LongitudinalINRLib.cohort.simulated.verdict BIDS OUT`` prints it, region by region, once the group
level is done.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from LongitudinalINRLib.analysis.atlas import display_name
from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.simulated.layout import SimulatedFolder
from LongitudinalINRLib.cohort.tsv import read_tsv
from LongitudinalINRLib.errors import InputError

LARGEST_Q = 0.05

Means = Mapping[tuple[str, int], dict[str, str]]


@dataclass(frozen=True)
class Compared:
    """A mean annual change, or a difference of two: measured, and true; percent or points a year.

    Parameters
    ----------
    who : str
        The group, or ``GROUP - REFERENCE``.
    region : str
        As people read it.
    measured, low, high : float
        With the 95 % interval.
    true : float
        Of the people who were drawn.
    """

    who: str
    region: str
    measured: float
    low: float
    high: float
    true: float

    @property
    def holds(self) -> bool:
        """Whether the interval holds the truth."""
        return self.low <= self.true <= self.high


def compared_means(simulated: SimulatedFolder, cohort: CohortFolder) -> list[Compared]:
    """Return the mean change of each group and region whose truth is known.

    Parameters
    ----------
    simulated : SimulatedFolder
        Holds the truth.
    cohort : CohortFolder
        Whose group level is done.

    Raises
    ------
    InputError
        One of the tables is not there, as the group level was not done.
    """
    true = _true(simulated)
    return [
        _compared(row, row["group"], "percent_per_year", float(true[at]["drawn_percent_per_year"]))
        for row in read_tsv(cohort.group / "group_changes.tsv")
        if (at := (row["group"], int(row["label"]))) in true
    ]


def compared_differences(simulated: SimulatedFolder, cohort: CohortFolder) -> list[Compared]:
    """Return the differences of groups that were found beyond chance; see `compared_means`."""
    true = _true(simulated)
    found = []
    for row in read_tsv(cohort.group / "effects.tsv"):
        pair = [(row[name], int(row["label"])) for name in ("group", "reference")]
        if float(row["q"]) < LARGEST_Q and all(at in true for at in pair):
            one, other = (float(true[at]["drawn_percent_per_year"]) for at in pair)
            found.append(_compared(row, row["contrast"], "difference_percent_per_year", one - other))
    return found


def verdict_text(means: Sequence[Compared], differences: Sequence[Compared]) -> str:
    """Return the comparison as lines: what is marked does not hold the truth."""
    wide = max((len(each.region) for each in means), default=0)
    lines = [f"{'% a year':{wide}}  {'group':12} {'true':>7} {'measured (95 %)':>24}"]
    for region in dict.fromkeys(each.region for each in means):
        of_region = [each for each in means if each.region == region]
        lines += [_line(each, wide, number == 0) for number, each in enumerate(of_region)]
    missed = [
        f"{each.region}, {each.who}: {each.measured:+.2f}, truly {each.true:+.2f}"
        for each in differences
        if not each.holds
    ]
    return "\n".join(
        [
            *lines,
            "",
            f"{_holding(means)} intervals of mean changes hold the truth (* do not).",
            f"{_holding(differences)} intervals of differences beyond chance (q < {LARGEST_Q:g}) do"
            + (f"; not {'; '.join(missed)}." if missed else "."),
        ]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the comparison."""
    parser = argparse.ArgumentParser(prog="python -m LongitudinalINRLib.cohort.simulated.verdict")
    parser.add_argument("bids", type=Path, help="the simulated cohort")
    parser.add_argument("out", type=Path, help="output folder of `bids`, its group level done")
    asked = parser.parse_args(arguments)
    simulated, cohort = SimulatedFolder(asked.bids), CohortFolder(asked.out)
    try:
        text = verdict_text(compared_means(simulated, cohort), compared_differences(simulated, cohort))
    except InputError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    print(text)  # noqa: T201
    return 0


def _line(each: Compared, wide: int, first: bool) -> str:
    interval = f"{each.measured:+.2f} ({each.low:+.2f} to {each.high:+.2f})"
    mark = "" if each.holds else " *"
    return f"{each.region if first else '':{wide}}  {each.who:12} {each.true:+7.2f} {interval:>24}{mark}"


def _holding(rows: Sequence[Compared]) -> str:
    return f"{sum(each.holds for each in rows)} of {len(rows)}"


def _true(simulated: SimulatedFolder) -> Means:
    return {(row["group"], int(row["label"])): row for row in read_tsv(simulated.group_slopes)}


def _compared(row: dict[str, str], who: str, measured: str, true: float) -> Compared:
    name = display_name(int(row["label"]), row["region"])
    return Compared(who, name, float(row[measured]), float(row["low"]), float(row["high"]), true)


if __name__ == "__main__":
    sys.exit(main())
