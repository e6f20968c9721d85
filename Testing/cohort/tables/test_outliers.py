"""Who stands apart in a number of quality, and who only differs from people who are very much alike."""

from __future__ import annotations

import pytest

from LongitudinalINRLib.cohort.tables.outliers import with_outliers
from LongitudinalINRLib.cohort.tables.person_row import PersonRow


def people(**columns):
    count = len(next(iter(columns.values())))
    return [
        PersonRow(
            f"sub-{number:02d}", "AD", 70.0, "F", None, "used", "",
            **{name: values[number] for name, values in columns.items()},
        )
        for number in range(count)
    ]  # fmt: skip


def outlying(**columns):
    return {person.participant_id: person.outlying for person in with_outliers(people(**columns))}


def test_a_little_more_noise_than_scans_that_are_all_alike_is_nothing():
    noise = [0.957, 0.923, 1.082, 0.917, 0.938, 0.924, 0.958, 0.930, 0.952, 0.929, 0.947, 0.954]
    assert set(outlying(grain_ratio=noise).values()) == {""}
    assert outlying(grain_ratio=[*noise[:2], 1.6, *noise[3:]])["sub-02"] == "grain_ratio"


@pytest.mark.parametrize(
    ("column", "usual", "within", "beyond"),
    [("implausible_share", 0.0, 0.009, 0.02), ("alignment_similarity", 0.95, 0.91, 0.85)],
)
def test_of_equal_numbers_one_that_is_far_off_stands_apart(column, usual, within, beyond):
    assert outlying(**{column: [usual] * 9 + [within]})["sub-09"] == ""
    assert outlying(**{column: [usual] * 9 + [beyond]})["sub-09"] == column
