"""Who is in the maps, who is compared with whom, and beside what."""

from __future__ import annotations

import numpy as np
import pytest

from LongitudinalINRLib.cohort.maps.choice import Member, chosen, usual_contrasts, usual_months
from LongitudinalINRLib.cohort.maps.design import design_of


def _members(groups: str, ages=None, sexes=None, months: float = 24.0) -> list[Member]:
    ages, sexes = ages or [None] * len(groups), sexes or [None] * len(groups)
    each = zip(groups, ages, sexes, strict=True)
    return [Member(str(n), group, age, sex, months) for n, (group, age, sex) in enumerate(each)]


def test_each_person_who_is_left_out_has_a_reason(cohort, people, finished):
    for number in range(4):
        finished(f"{number:02d}")
    finished("04", mask_dice=0.5)
    finished("05", covered_share=0.8)
    finished("06").path.joinpath("template.json").unlink()
    people.loc[3, "group"] = None

    members, left_out = chosen(cohort, people)

    assert [(m.participant, m.group, m.age_years, m.sex, m.last_months) for m in members] == [
        ("00", "controls", 60.0, "F", 24.0),
        ("01", "patients", 67.0, "F", 24.0),
        ("02", "controls", 63.0, "M", 24.0),
    ]
    assert dict(left_out) == {
        "03": "no group",
        "04": "overlap of the brain with the template's 0.50, below 0.85",
        "05": "share of the template's brain that every scan shows 0.80, below 0.95",
        "06": "not registered to the template",
        **{f"{number:02d}": "no finished fit" for number in range(7, 12)},
    }


@pytest.mark.parametrize(
    ("end", "months"),
    [
        (24.0, (6, 12, 18, 24)),
        (23.4, (6, 12, 18, 24)),
        (12.0, (6, 12)),
        (6.0, (2, 4, 6)),
        (60.0, (12, 24, 36, 48, 60)),
        (0.5, (0.5,)),
    ],
)
def test_months_are_even_up_to_the_last_scan_of_half_of_the_people(end, months):
    assert usual_months(_members("ab", months=end)) == months


def test_few_groups_are_compared_in_pairs_and_many_with_the_first():
    assert usual_contrasts(["CN", "AD", "MCI"]) == (("CN", "AD"), ("MCI", "AD"), ("MCI", "CN"))
    assert usual_contrasts(["c", "a", "d", "b"]) == (("b", "a"), ("c", "a"), ("d", "a"))


def test_age_and_sex_stand_beside_the_group_where_they_are_known():
    ages = [60.0, 70.0, None, 61.0, 71.0, 66.0, 50.0, 55.0, 63.0, 59.0, 58.0, 64.0]
    design = design_of(_members("aabbaabbabab", ages, ["F"] * 11 + [None]), "b", "a")

    assert design.names == ("age",)  # sex does not vary
    assert design.without == ("2",)
    assert design.problem == ""
    assert design.free == 11 - 3
    assert abs(design.covariates.mean()) < 1e-12
    assert design.tested.tolist() == [0, 0, 1, 0, 0, 1, 1, 0, 1, 0, 1]
    assert np.linalg.matrix_rank(design.matrix) == 3


@pytest.mark.parametrize(
    ("groups", "problem"),
    [
        ("aaaabb", "2 people in one of the groups; at least 3 are needed"),
        ("aaaabbbb", "people can be exchanged in 70 ways, fewer than 100"),
        ("aaaaabbbbb", ""),
    ],
)
def test_too_few_people_are_not_compared(groups, problem):
    assert design_of(_members(groups), "b", "a").problem == problem
