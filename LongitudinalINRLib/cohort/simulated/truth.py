"""The true change of the people and groups of a simulated cohort, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from LongitudinalINRLib.analysis.atlas import TISSUE_LABEL, region_of
from LongitudinalINRLib.analysis.tissue import is_fluid
from LongitudinalINRLib.cohort.folder import PREFIX
from LongitudinalINRLib.cohort.simulated.groups import PROPORTIONS
from LongitudinalINRLib.cohort.simulated.layout import SimulatedFolder
from LongitudinalINRLib.cohort.simulated.people import SimulatedPerson
from LongitudinalINRLib.cohort.simulated.settings import CohortSettings
from LongitudinalINRLib.cohort.tsv import read_tsv, table_text

SLOPE_COLUMNS = ("participant_id", "group", "label", "region", "percent_per_year")
GROUP_COLUMNS = (
    "group",
    "label",
    "region",
    "people",
    "drawn_percent_per_year",
    "drawn_sd",
    "population_percent_per_year",
)


@dataclass(frozen=True)
class TrueSlope:
    """How fast a region of a person truly changed.

    Parameters
    ----------
    participant_id : str
        With ``sub-``.
    group : str
    label : int
    percent_per_year : float
        Of the steady change that fits the log volume ratios of the visits best, 0 at baseline.
    """

    participant_id: str
    group: str
    label: int
    percent_per_year: float


def person_slopes(folder: SimulatedFolder, person: SimulatedPerson) -> list[TrueSlope]:
    """Return the true slopes of a person, from the table of true volumes; none without a follow-up."""
    if len(person.visits) < 2:
        return []
    rows = read_tsv(folder.volumes_of(person.participant))
    labels = sorted({int(row["label"]) for row in rows})
    shape = (len(person.visits), len(labels))
    by_label = sorted(rows, key=lambda row: int(row["label"]))  # stable: visits stay in order
    ratios = np.array([float(row["log_ratio"]) for row in by_label]).reshape(shape[::-1]).T
    volumes = np.array([float(row["baseline_ml"]) for row in by_label]).reshape(shape[::-1])[:, 0]
    tissue = np.array([not is_fluid(region_of(label).name) for label in labels])
    if tissue.any():
        whole = np.log(np.exp(ratios[:, tissue]) @ volumes[tissue] / volumes[tissue].sum())
        ratios, labels = np.column_stack([ratios, whole]), [*labels, TISSUE_LABEL]
    years = np.array([visit.months / 12.0 for visit in person.visits])
    percent = 100.0 * np.expm1(years @ ratios / (years @ years))
    return [
        TrueSlope(f"{PREFIX}{person.participant}", person.group.name, label, float(slope))
        for label, slope in zip(labels, percent, strict=True)
    ]


def slopes_text(slopes: Sequence[TrueSlope]) -> str:
    """Return the table of the people's slopes."""
    return table_text(
        SLOPE_COLUMNS,
        [(s.participant_id, s.group, s.label, region_of(s.label).name, s.percent_per_year) for s in slopes],
    )


def group_text(settings: CohortSettings, slopes: Sequence[TrueSlope]) -> str:
    """Return the table of the groups' slopes: of the people drawn, and of the population they are drawn from.

    Of a region without a rate of its own the population has none: what is there comes from its neighbours.
    """
    drawn: dict[tuple[str, int], list[float]] = {}
    for slope in slopes:
        drawn.setdefault((slope.group, slope.label), []).append(slope.percent_per_year)
    rows = []
    for group in settings.groups:
        for label in sorted({slope.label for slope in slopes}):
            values = drawn.get((group.name, label), [])
            if not values:
                continue
            spread = float(np.std(values, ddof=1)) if len(values) > 1 else None
            proportion = PROPORTIONS.get(label)
            asked = None if proportion is None else proportion * group.loss_percent_per_year
            region = region_of(label).name
            rows.append((group.name, label, region, len(values), float(np.mean(values)), spread, asked))
    return table_text(GROUP_COLUMNS, rows)
