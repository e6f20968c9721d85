import numpy as np
import pytest

from LongitudinalINRLib.analysis.region_set import RegionSet
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.volume import Volume


def test_only_voxels_inside_mask_and_field_of_view_count(hippocampi, a_mask, lia):
    valid = np.ones(a_mask.shape, bool)
    valid[:, :, 2] = False
    regions = RegionSet.from_labels(hippocampi, a_mask, lia(valid))
    counted = a_mask.array & valid
    assert regions.labels == (0, 17, 53, 85)
    per_label = [int((counted & (hippocampi.array == label)).sum()) for label in (17, 53, 85)]
    assert regions.counts.tolist() == [int(counted.sum()), *per_label]
    everywhere = [int((hippocampi.array == label).sum()) for label in (17, 53, 85)]
    lost = [total - kept for total, kept in zip(everywhere, per_label, strict=True)]
    assert regions.excluded.tolist() == [int((a_mask.array & ~valid).sum()), *lost]


def test_a_label_without_a_counted_voxel_is_named_missing(hippocampi, a_mask):
    labels = hippocampi.array.copy()
    labels[0, 0, 0] = 54
    assert RegionSet.from_labels(hippocampi.with_array(labels), a_mask).missing == (54,)


def test_points_are_voxel_centres_in_world_space(hippocampi, a_mask):
    regions = RegionSet.from_labels(hippocampi, a_mask)
    index = np.argwhere(a_mask.array)
    expected = (
        index[:, [0]] * [-2, 0, 0] + index[:, [1]] * [0, 0, -1] + index[:, [2]] * [0, 1.5, 0] + [5, -4, 3]
    )
    np.testing.assert_allclose(regions.points_mm(), expected)


def test_without_labels_the_whole_mask_is_the_only_region(a_mask):
    regions = RegionSet.from_labels(None, a_mask)
    assert regions.labels == (0,)
    values = np.arange(len(regions.voxels), dtype=float)
    np.testing.assert_allclose(regions.means(values), [values.mean()])


def test_means_leave_out_undefined_voxels(hippocampi, a_mask):
    regions = RegionSet.from_labels(hippocampi, a_mask)
    values = np.random.default_rng(0).normal(size=len(regions.voxels))
    values[::3] = np.nan
    values[regions.codes == 3] = np.nan
    expected = [np.nanmean(values), *(np.nanmean(values[regions.codes == code]) for code in (1, 2)), np.nan]
    np.testing.assert_allclose(regions.means(values), expected)


def test_a_sample_is_even_and_the_whole_mask_weighs_regions_by_size(hippocampi, a_mask):
    regions = RegionSet.from_labels(hippocampi, a_mask)
    chosen = regions.even_sample(4)
    sizes = [int((regions.codes[chosen] == code).sum()) for code in range(4)]
    assert sizes == [4, 4, 4, 1]
    by_region = np.array([10.0, 20.0, 30.0, 40.0])
    values = by_region[regions.codes]
    np.testing.assert_allclose(regions.means(values[chosen], chosen), regions.means(values))


def test_labels_on_another_grid_are_refused(hippocampi, a_mask):
    shifted = hippocampi.affine.copy()
    shifted[0, 3] += 1
    with pytest.raises(InputError) as refused:
        RegionSet.from_labels(Volume(hippocampi.array, shifted), a_mask)
    assert refused.value.code == "labels-grid"


def test_an_empty_mask_is_refused(hippocampi, a_mask):
    with pytest.raises(InputError) as refused:
        RegionSet.from_labels(hippocampi, a_mask.with_array(np.zeros(a_mask.shape, bool)))
    assert refused.value.code == "regions-empty"
