"""The row of all brain tissue, apart from the ventricles that grow while it shrinks."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch

from LongitudinalINRLib.analysis.atlas import region_of
from LongitudinalINRLib.analysis.numbering import names_of
from LongitudinalINRLib.analysis.region_set import RegionSet
from LongitudinalINRLib.analysis.regions import analyse_regions
from LongitudinalINRLib.analysis.tissue import is_fluid, with_tissue

SHAPE = (10, 8, 6)
VENTRICLE, CORTEX, WHITE = 4, 3, 2
NAMES = {label: region_of(label).name for label in (VENTRICLE, CORTEX, WHITE)}
SHRINKAGE, GROWTH = {CORTEX: -0.03, WHITE: -0.01}, 0.20
SECTIONS = {VENTRICLE: slice(0, 2), CORTEX: slice(2, 7), WHITE: slice(7, 9)}
"""Planes of the first axis; the last plane has no label and does not change."""


@dataclass(frozen=True)
class Slabs:
    """|J| that is constant in every slab of the mask and linear in time: full after 24 months."""

    observed_months: tuple[float, ...] = (12.0, 24.0)

    def kind(self, months):
        return "observed" if months in (0.0, *self.observed_months) else "interpolated"

    def _change(self, points_mm):
        planes = ((5 - points_mm[:, 0]) / 2).round().long()
        by_plane = torch.zeros(SHAPE[0], dtype=torch.float64)
        for label, section in SECTIONS.items():
            by_plane[section] = GROWTH if label == VENTRICLE else SHRINKAGE[label]
        return by_plane[planes.clamp(0, SHAPE[0] - 1)]

    def jacobian_determinant(self, points_mm, months):
        return 1 + self._change(points_mm) * months / 24

    def jacobian_and_rate(self, points_mm, months):
        return self.jacobian_determinant(points_mm, months), self._change(points_mm) / 24


@pytest.fixture
def slabs(lia):
    labels = np.zeros(SHAPE, np.int16)
    for label, section in SECTIONS.items():
        labels[section] = label
    return lia(labels)


@pytest.fixture
def mask(lia):
    return lia(np.ones(SHAPE, bool))


def test_tissue_loses_what_it_loses_whatever_the_ventricles_gain(slabs, mask):
    rows = {
        row.region: row
        for row in analyse_regions(Slabs(), slabs, [24], mask, names=NAMES, residual=0.04).rows
    }
    tissue = 100 * (5 * SHRINKAGE[CORTEX] + 2 * SHRINKAGE[WHITE]) / 7
    whole = 100 * (5 * SHRINKAGE[CORTEX] + 2 * SHRINKAGE[WHITE] + 2 * GROWTH) / 10
    row = rows["brain tissue"]
    assert (row.label, row.voxels, row.folded_voxels) == (-1, 7 * 48, 0)
    assert row.volume_change_percent == pytest.approx(tissue)
    assert row.rate_percent_per_year == pytest.approx(tissue / 2)
    assert row.volume_ml == pytest.approx(7 * 48 * 0.003 * (1 + tissue / 100))
    assert rows["brain"].volume_change_percent == pytest.approx(whole)
    assert whole > 0 > tissue
    assert 0 < row.interval_points < rows["Left-Cerebral-White-Matter"].interval_points


def test_the_row_follows_the_whole_mask_and_has_a_course(slabs, mask):
    analysis = analyse_regions(Slabs(), slabs, [12, 24], mask, names=NAMES)
    assert [(row.label, row.months) for row in analysis.rows] == [
        (label, months) for months in (12, 24) for label in (0, -1, WHITE, CORTEX, VENTRICLE)
    ]
    course = [point.volume_change_percent for point in analysis.trajectories if point.label == -1]
    tissue = 100 * (5 * SHRINKAGE[CORTEX] + 2 * SHRINKAGE[WHITE]) / 7
    assert course == pytest.approx([tissue * month / 24 for month in range(25)])
    assert analysis.warnings == []


def test_a_sample_weighs_tissue_by_the_size_of_its_regions(slabs, mask):
    regions, _ = with_tissue(RegionSet.from_labels(slabs, mask), NAMES)
    values = np.array([1.0, 99.0, 10.0, 20.0, 40.0])[regions.codes]
    chosen = regions.even_sample(5)
    np.testing.assert_allclose(regions.means(values, None)[1], (2 * 10 + 5 * 20) / 7)
    np.testing.assert_allclose(regions.means(values[chosen], chosen), regions.means(values))


def test_excluded_voxels_of_tissue_are_those_of_its_labels(slabs, mask, lia):
    valid = np.ones(SHAPE, bool)
    valid[:, :2] = False
    regions, _ = with_tissue(RegionSet.from_labels(slabs, mask, lia(valid)), NAMES)
    assert regions.labels == (0, -1, WHITE, CORTEX, VENTRICLE)
    assert regions.excluded.tolist() == [120, 84, 24, 60, 24]
    assert regions.counts.tolist() == [360, 252, 72, 180, 72]


def test_names_that_a_person_gave_tell_fluid_from_tissue(slabs, mask):
    own = slabs.with_array(slabs.array + np.where(slabs.array > 0, 500, 0).astype(np.int16))
    regions = RegionSet.from_labels(own, mask)
    without, why_not = with_tissue(regions, names_of(own))
    assert (without, "502" in why_not) == (regions, True)
    names = {502: "White matter", 503: "Cortex", 504: "LEFT VENTRICLE"}
    assert with_tissue(regions, names)[0].counts[1] == 7 * 48
    rows = analyse_regions(Slabs(), own, [24], mask, names=names).rows
    assert [row.region for row in rows] == ["brain", "brain tissue", *names.values()]


@pytest.mark.parametrize(
    ("kept", "said"),
    [([CORTEX, WHITE], "no label is called ventricle"), ([VENTRICLE, WHITE], "fills 20% of the mask")],
)
def test_what_is_not_a_whole_brain_of_tissue_is_not_called_so(slabs, mask, kept, said):
    few = slabs.with_array(np.where(np.isin(slabs.array, kept), slabs.array, 0))
    analysis = analyse_regions(Slabs(), few, [24], mask, names=NAMES)
    assert -1 not in [row.label for row in analysis.rows]
    assert said in analysis.warnings[-1]


def test_without_labels_nothing_is_said_about_tissue(mask):
    analysis = analyse_regions(Slabs(), None, [24], mask)
    assert ([row.label for row in analysis.rows], analysis.warnings) == ([0], [])


def test_freesurfers_fluid_is_told_from_its_tissue():
    fluid = [4, 5, 14, 15, 24, 31, 43, 44, 63, 72]
    known = [*range(2, 86), 192, *range(250, 256), 1035, 2035]
    named = [label for label in known if not region_of(label).name.startswith("label ")]
    assert [label for label in named if is_fluid(region_of(label).name)] == fluid


def test_words_around_the_ventricles_do_not_make_a_fluid():
    tissue = ["Periventricular white matter", "Left-VentralDC", "paraventricular nucleus", "Inventory"]
    assert [name for name in tissue if is_fluid(name)] == []
    assert all(
        map(is_fluid, ["Left-Inf-Lat-Vent", "Inf_Lat_Vent", "csf", "Cerebro-spinal fluid", "4th Ventricle"])
    )
