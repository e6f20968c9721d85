"""From simulated tables to models and differences, as `analyse` does it, without files."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.cohort.simulated_tables import Rows, SimulatedCohort
from LongitudinalINRLib.cohort.statistics.design import Design
from LongitudinalINRLib.cohort.statistics.harmonisation import harmonised
from LongitudinalINRLib.cohort.statistics.person_slopes import PersonSlopes, person_slopes
from LongitudinalINRLib.cohort.statistics.region_model import RegionModel, fit_region
from LongitudinalINRLib.cohort.statistics.weights import weighing_se

SHARED_BASELINE = 0.5


def slopes_of(rows: Rows, corrected: bool = True) -> PersonSlopes:
    """Return each person's slope; uncorrected: weighted by the intervals as they are."""
    se = weighing_se(rows.log_ratio, rows.years, rows.se) if corrected else rows.se
    return person_slopes(rows.people, rows.years, rows.log_ratio, se, SHARED_BASELINE)


def models_of(
    cohort: SimulatedCohort, harmonise: bool = False, mixed: bool = True, corrected: bool = True
) -> list[RegionModel]:
    """Return the models of the regions."""
    slopes = [slopes_of(rows, corrected) for rows in cohort.regions]
    design = cohort.design
    if harmonise:
        brought = harmonised(
            np.column_stack([each.slope for each in slopes]),
            cohort.design,
            [str(person.site) for person in cohort.people],
            fewest_per_site=5,
        )
        slopes = [each.shifted(brought.shifts[:, at]) for at, each in enumerate(slopes)]
        design = brought.design
    return _fitted(design, slopes, len(cohort.people) if mixed else 0)


def _fitted(design: Design, slopes: Sequence[PersonSlopes], largest: int) -> list[RegionModel]:
    models = [
        fit_region(f"region {number}", number, each, design, largest)
        for number, each in enumerate(slopes, start=1)
    ]
    return [model for model in models if model is not None]
