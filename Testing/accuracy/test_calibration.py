"""The coefficients of the error bars are found again from errors that were made with them."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import pytest

from benchmarks.accuracy.calibration import calibrated
from benchmarks.accuracy.cohort import SubjectSpec
from benchmarks.accuracy.cohort.physics import SCALE, SHARP
from benchmarks.accuracy.coverage import (
    SAME_SCANNER,
    UNKNOWN,
    coverage_table,
    found_on,
    left_out_tables,
)
from benchmarks.accuracy.samples import Sample
from LongitudinalINRLib.analysis import error_model
from LongitudinalINRLib.analysis.error_model import UNKNOWN_SCANNER, Coefficients, Evidence

TRUE = Coefficients(0.25, 0.7, 0.15, 0.0005, 0.2, 0.9, 0.3, 1.4)
NINETY_PERCENT = 1.645
COUNT = 1500


def sample(random, number, kind="observed", person="t1_labelled", physics=SHARP, scale=1.0) -> Sample:
    evidence = Evidence(
        random.uniform(0.02, 0.15), random.uniform(0.001, 0.06), random.choice([1.0, 2.0, 3.0])
    )
    steepness = random.uniform(0.0, 0.01, COUNT)
    foretold = random.uniform(0.0, 0.05, COUNT) if kind == "extrapolated" else np.zeros(COUNT)
    volume_ml = random.uniform(0.5, 300.0, COUNT)
    made = Sample(
        SubjectSpec(f"subject-{number}", "", number, person=person, physics=physics),
        kind,
        24.0,
        evidence,
        np.zeros(COUNT),
        random.uniform(-0.1, 0.1, COUNT),
        steepness,
        foretold,
        volume_ml,
        np.ones(COUNT),
    )
    made.errors[:] = scale * random.normal(size=COUNT) * made.half_widths(TRUE) / NINETY_PERCENT
    return made


@pytest.fixture(scope="module")
def samples():
    random = np.random.default_rng(0)
    within = [sample(random, number) for number in range(12)]
    return within + [sample(random, number, "extrapolated") for number in range(12, 18)]


@pytest.fixture(scope="module")
def found(samples) -> Coefficients:
    return calibrated(samples, sized=True)


def test_coefficients_are_found_again(found):
    assert found.detail == pytest.approx(TRUE.detail, rel=0.1)
    assert found.leak_mm == pytest.approx(TRUE.leak_mm, rel=0.1)
    assert found.residual_exponent == pytest.approx(TRUE.residual_exponent, abs=0.05)
    assert found.voxel_exponent == pytest.approx(TRUE.voxel_exponent, abs=0.1)
    assert found.size_exponent == pytest.approx(TRUE.size_exponent, abs=0.05)
    assert found.foretold == pytest.approx(TRUE.foretold, rel=0.1)


def test_the_intervals_hold_ninety_percent(samples, found):
    for kind in ("observed", "extrapolated"):
        held = [one.coverage(found) for one in samples if one.kind == kind]
        assert np.mean(held) == pytest.approx(0.9, abs=0.01)


def lines_of(text):
    return {
        tuple(cells[:3]): cells[3:]
        for line in text.splitlines()
        if len(cells := [cell.strip() for cell in line.strip("| ").split(" | ")]) > 3
    }


@pytest.fixture(scope="module")
def people():
    """Two people under the same physics, a third whose scanner changed: errors three times as large."""
    random = np.random.default_rng(1)
    made = [sample(random, n, person="ixi012") for n in range(3)]
    made += [sample(random, n, "extrapolated", person="ixi013") for n in range(3, 6)]
    return [*made, sample(random, 9, person="ixi014", physics=SCALE, scale=3.0)]


def test_coverage_is_told_per_brain_and_per_physics_and_the_width_beside_the_error(people):
    intervals = dict.fromkeys((SAME_SCANNER, UNKNOWN), (TRUE, TRUE, error_model.SAME_SCANNER))
    lines = lines_of(coverage_table(people, people, intervals))
    assert (SAME_SCANNER, "brain ixi014", "observed") not in lines
    held = {key[1:]: float(cells[0].rstrip("%")) for key, cells in lines.items() if key[0] == UNKNOWN}
    assert held["brain ixi012", "observed"] == pytest.approx(90, abs=2)
    assert held["physics sharp", "extrapolated"] == pytest.approx(90, abs=2)
    assert held["physics scale", "observed"] == pytest.approx(42, abs=4)  # two-sided normal at 1.645 / 3
    ratio = {key[1]: float(cells[2]) for key, cells in lines.items() if key[0] == UNKNOWN}
    assert ratio["brain ixi012"] == pytest.approx(1.0, abs=0.15)
    assert ratio["brain ixi014"] == pytest.approx(1.0 / 3.0, abs=0.1)


def test_the_interval_of_an_unknown_scanner_is_found_with_other_scanners_and_holds_their_errors(people):
    found = found_on(people, people)
    (_, same, _), (_, unknown, scanner) = found[SAME_SCANNER], found[UNKNOWN]
    moved = people[-1]
    assert same == unknown
    assert scanner.scale == UNKNOWN_SCANNER.scale
    assert moved.coverage(unknown, scanner) > moved.coverage(same) + 0.1
    assert np.mean([s.coverage(unknown, scanner) for s in people]) >= 0.89


def test_a_person_is_judged_by_what_others_gave(people, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "benchmarks.accuracy.coverage.calibrated",
        lambda samples, sized: seen.append({s.spec.person for s in samples}) or TRUE,
    )
    text = left_out_tables((people, people), (people[:1], people[:1]))
    assert text.startswith("ixi012\n")
    assert all("ixi012" not in persons for persons in seen)
    assert {"ixi013"} in seen


def test_any_coefficients_are_sought(samples, monkeypatch):
    @dataclass(frozen=True)
    class More(Coefficients):
        shake: float

    def half_widths(self, coefficients, scanner=error_model.SAME_SCANNER):
        known = {f.name: getattr(coefficients, f.name) for f in fields(Coefficients)}
        return np.hypot(plain(self, Coefficients(**known), scanner), coefficients.shake)

    plain = Sample.half_widths
    shaken = [replace(s, errors=s.errors + 0.05 * np.sign(s.errors)) for s in samples]
    monkeypatch.setattr(Sample, "half_widths", half_widths)
    monkeypatch.setattr("benchmarks.accuracy.calibration.Coefficients", More)
    assert calibrated(shaken[:4], sized=True).shake > 0.03
