from __future__ import annotations

import importlib.util
import sys
import warnings
from dataclasses import replace

import nibabel as nib
import numpy as np
import pytest

import LongitudinalINRLib as li
from LongitudinalINRLib.analysis.answer import NO_REGIONS, answer_of
from LongitudinalINRLib.analysis.region_row import read_regions
from LongitudinalINRLib.api.card import sentences
from LongitudinalINRLib.api.pictures import CONTRACTION, EXPANSION
from LongitudinalINRLib.jobs.documents.results import KINDS
from LongitudinalINRLib.jobs.integrity import write_results
from LongitudinalINRLib.jobs.results import Result as OpenedResult

RESIDUAL = 0.02


@pytest.fixture(scope="module")
def result(a_result):
    return li.open_result(a_result)


def test_maps_are_images_as_the_fit_writes_them(result, a_result):
    written = nib.load(a_result / "maps" / "jacobian_018.0mo.nii.gz")
    image = result.jacobian(18)
    np.testing.assert_array_equal(image.get_fdata(), written.get_fdata())
    np.testing.assert_array_equal(image.affine, written.affine)
    assert image.get_data_dtype() == np.float32
    rate = nib.load(a_result / "maps" / "rate_012.0mo.nii.gz")
    np.testing.assert_array_equal(result.rate(12).get_fdata(), rate.get_fdata())
    assert result.map("displacement", 7.5).shape == (*written.shape, 1, 3)


def test_months_far_beyond_the_last_scan_are_answered_only_when_that_is_asked_for(result):
    with pytest.raises(li.InputError, match="Month 49 lies farther"):
        result.jacobian(49)
    with pytest.warns(UserWarning, match="Month 49 lies more than half"):
        assert np.isfinite(result.jacobian(49, allow_far=True).get_fdata()).all()
    for ask in (result.jacobian, result.show, lambda month: result.regions(months=[month])):
        with pytest.raises(li.InputError, match="farther"):
            ask(49)
        with pytest.raises(li.InputError, match="not possible"):
            ask(-1)


def test_regions_are_the_table_of_the_fit_and_measured_anew_where_that_is_asked(result, a_result):
    pytest.importorskip("pandas", reason="pandas is not installed")
    frame = result.regions()
    rows = read_regions(a_result / "regions.csv")
    assert frame["region"].tolist() == [row.region for row in rows]
    np.testing.assert_array_equal(frame["volume_change_percent"], [row.volume_change_percent for row in rows])
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        anew = result.regions(months=[24])
    assert anew["label"].tolist() == [0, 17, 53]
    at_24 = frame[frame["months"] == 24]
    np.testing.assert_allclose(
        anew["volume_change_percent"], at_24["volume_change_percent"], rtol=1e-4, atol=1e-4
    )
    assert any("brain tissue" in str(warning.message) for warning in told)
    course = result.trajectories()
    assert course["months"].max() >= 24
    assert course["volume_change_percent"].dtype == np.float64


def test_without_pandas_a_table_says_what_to_install(result, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(li.InputError) as caught:
        result.regions()
    assert "pip install pandas" in caught.value.advice


def test_findings_and_card_say_what_changed_and_show_the_map(result, a_result):
    whole = next(row for row in read_regions(a_result / "regions.csv") if row.months == 24)
    known = replace(whole, volume_change_percent=-3.21, mean_percent_per_year=-1.605, interval_points=1.24)
    assert sentences([replace(known, within_noise=False)]) == [
        "The whole mask has changed beyond its 90 % interval: −3.2 ± 1.2 %.",
        NO_REGIONS,
        "Whole mask, ventricles included: −3.2 ± 1.2 % at month 24, −1.6 ± 0.6 % a year.",
    ]
    answer = answer_of(read_regions(a_result / "regions.csv"))
    assert result.findings == [answer.changed, answer.unchanged, *answer.wholes]
    card = result._repr_html_()
    assert (
        "Scans: baseline month 0; scan-1 month 12, 12 months later; scan-2 month 24, 12 months later." in card
    )
    for sentence in result.findings:
        assert sentence in card
    assert '<img src="data:image/jpeg;base64,' in card
    for warning in result.warnings:
        assert warning.split()[0] in card
    assert "Research use only" in card
    assert str(a_result.parent) not in card


def test_a_card_without_the_scans_has_no_picture(tiny_subject, a_done_job):
    text = tiny_subject.request(baseline="/nowhere/t00.nii.gz").to_json()
    a_done_job.manifest.write_bytes(a_done_job.request, text.encode())
    a_done_job.manifest.remove([a_done_job.results])
    write_results(a_done_job, {kind: [] for kind in KINDS}, 1.0)
    card = li.open_result(a_done_job.path)._repr_html_()
    assert "<img" not in card
    assert "Whole mask" in card


def test_show_is_a_picture_of_three_slices_where_ipyniivue_is_not_installed(result, monkeypatch):
    monkeypatch.setattr("LongitudinalINRLib.api.pictures.find_spec", lambda name: None)
    pixels = np.asarray(result.show(18))
    assert pixels.shape[1:] == (900, 3)
    red, _, blue = (pixels[..., channel].astype(int) for channel in range(3))
    assert (np.abs(red - blue) > 60).sum() > 500  # colours of change, not grey alone


@pytest.mark.parametrize(
    ("months", "kind"), [(0, "observed"), (18, "interpolated"), (24, "observed"), (60, "extrapolated")]
)
def test_a_picture_says_its_month_and_how_it_is_known(result, monkeypatch, months, kind):
    monkeypatch.setattr("LongitudinalINRLib.api.pictures.find_spec", lambda name: None)
    written = []
    monkeypatch.setattr(
        "LongitudinalINRLib.api.pictures.sheet", lambda rows, width, titles: written.extend(titles)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result.show(months, allow_far=True)
    assert f"Volume change at month {months} ({kind}): deepest blue " in "".join(written)


@pytest.mark.skipif(importlib.util.find_spec("ipyniivue") is None, reason="ipyniivue is not installed")
@pytest.mark.parametrize("residual", [None, RESIDUAL])
def test_show_lays_the_change_beyond_its_interval_over_the_brain_alone(
    result, a_result, tmp_path, monkeypatch, residual
):
    monkeypatch.setattr(OpenedResult, "residual", residual)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        words, shown = result.show(18).children
    assert "month 18 (interpolated)" in words.value
    under, over = shown.volumes
    assert (under.colormap, over.colormap, over.colormap_negative) == ("gray", EXPANSION, CONTRACTION)
    assert over.cal_max >= 2
    baseline, change = (_values(volume, tmp_path) for volume in (under, over))
    mask = nib.load(a_result / "mask.nii.gz").get_fdata() > 0
    assert len(np.unique(baseline[~mask])) == 1  # no face
    assert len(np.unique(baseline[mask])) > 100
    jacobian = result.jacobian(18).get_fdata()
    beyond = mask
    if residual is not None:
        beyond = mask & (np.abs(np.log(jacobian)) > result.map("interval", 18).get_fdata())
        assert 0 < beyond.sum() < mask.sum()
    np.testing.assert_allclose(change, np.where(beyond, 100 * (jacobian - 1), 0), atol=1e-4)


def _values(volume, folder):
    """Return the voxels that a view holds."""
    path = folder / volume.name
    path.write_bytes(volume.data)
    return nib.load(path).get_fdata()


def test_a_folder_without_a_result_is_refused(tmp_path, a_done_job):
    with pytest.raises(li.InputError, match="no finished fit"):
        li.open_result(tmp_path)
    with a_done_job.regions.open("a") as file:
        file.write("\n")
    with pytest.raises(li.InputError, match="damaged"):
        li.open_result(a_done_job.path)


@pytest.mark.skipif(importlib.util.find_spec("ipyniivue") is None, reason="ipyniivue is not installed")
def test_the_views_colours_are_those_that_niivue_has_red_where_it_grows_and_blue_where_it_shrinks():
    from ipyniivue import NiiVue

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        view = NiiVue()
        red, blue = (view.colormap_from_key(name) for name in (EXPANSION, CONTRACTION))
    assert (red.R[-1], red.B[-1]) == (255, 0)
    assert blue.B[-1] == 255
    assert blue.R[-1] < 64
