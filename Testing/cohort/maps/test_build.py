"""From everybody's change to maps of groups, their differences and their pictures."""

from __future__ import annotations

import csv
import io
import json

import nibabel as nib
import numpy as np
import pytest
from PIL import Image

from LongitudinalINRLib.cohort.maps import collect
from LongitudinalINRLib.cohort.maps.build import build_maps
from LongitudinalINRLib.cohort.maps.figure import main
from LongitudinalINRLib.cohort.maps.options import MapOptions
from LongitudinalINRLib.cohort.maps.pictures import group_pictures
from LongitudinalINRLib.cohort.maps.reading import open_maps
from LongitudinalINRLib.errors import Cancelled, InputError

OPTIONS = MapOptions(voxel_mm=8.0, permutations=99)


@pytest.fixture
def everybody(people, finished):
    for participant in people["participant_id"].str.removeprefix("sub-"):
        finished(participant)
    return people


@pytest.fixture
def made(cohort, everybody, asked):
    return build_maps(cohort, everybody, OPTIONS)


def _map(maps, kind, group="", months=None, of=""):
    found = [f for f in maps.files(kind, group, of) if f.months == months]
    assert len(found) == 1, (kind, group, months)
    return maps.read(found[0]).array.ravel()[maps.space.voxels]


def test_maps_show_each_groups_change_and_where_they_differ(cohort, made, planted, truth):
    maps = open_maps(cohort)

    assert maps.note == made
    assert made.groups == {"controls": 6, "patients": 6}
    assert made.months == (6.0, 12.0, 18.0, 24.0)
    assert made.free == {"patients - controls": 12 - 2 - 2}
    for months in made.months:
        loss = {"controls": truth.loss, "patients": truth.loss + truth.extra_loss}
        for group, yearly in loss.items():
            change = _map(maps, "change", group, months)
            expected = 100 * np.expm1(-yearly * months / 12)
            assert change[planted].mean() == pytest.approx(expected, abs=0.1)
            assert set(_map(maps, "count", group, months)) == {6}
    assert _map(maps, "difference", "patients")[planted].mean() == pytest.approx(
        -100 * truth.extra_loss, abs=0.1
    )
    assert (_map(maps, "t", "patients")[planted] < -5).all()
    assert np.mean(_map(maps, "log_p", "patients", of="clustersizefwe")[planted] > 1.3) > 0.9

    with maps.folder.clusters.open(encoding="utf-8") as lines:
        clusters = list(csv.DictReader(lines, delimiter="\t"))
    place = [float(clusters[0][name]) for name in ("x_mm", "y_mm", "z_mm")]
    assert np.linalg.norm(np.subtract(place, truth.place_mm)) < truth.radius_mm
    assert float(clusters[0]["p"]) <= 0.02
    assert float(clusters[0]["volume_ml"]) == pytest.approx(0.512 * planted.sum(), rel=0.15)

    (about,) = [note for note in made.notes if note.startswith("Groups were compared voxel by voxel")]
    assert "age and sex as covariates: 99 permutations (Freedman and Lane" in about
    assert "the family-wise error over voxels" in about
    assert "clusters were formed at p < 0.001" in about
    beside = maps.folder.path / maps.files("t")[0].path.replace(".nii.gz", ".json")
    told = json.loads(beside.read_text())
    assert told["SpatialReference"] == "MNI152NLin2009aSym"
    assert told["Covariates"] == ["age", "sex"]
    assert told["People"] == {"patients": 6, "controls": 6}
    assert "without modulation" in told["Modulation"]
    image = nib.load(maps.folder.path / maps.files("t")[0].path)
    assert np.allclose(image.affine[:3, 3], (-98, -134, -72))


def test_the_same_again_asks_nobody_and_another_question_leaves_no_old_maps(cohort, everybody, made, asked):
    before = sorted(path.name for path in (cohort.group / "maps").iterdir())
    asked.clear()
    build_maps(cohort, everybody, OPTIONS)
    assert asked == []
    assert sorted(path.name for path in (cohort.group / "maps").iterdir()) == before

    cohort.person("03").job.model_weights.write_bytes(b"fitted again")
    build_maps(cohort, everybody, OPTIONS)
    assert asked == ["03"]

    later = build_maps(cohort, everybody, MapOptions(voxel_mm=8.0, months=(24.0,), permutations=0))
    assert later.untested == {"patients - controls": "no permutations were asked for"}
    names = {path.name for path in (cohort.group / "maps").iterdir()}
    kept = {file.path for file in later.files} | {file.path[:-7] + ".json" for file in later.files}
    assert names == kept | {"maps.json", "clusters.tsv", "cohort.tsv", "cohort.zarr", "files.json"}


def test_a_file_that_somebody_put_there_or_changed_is_kept(cohort, everybody, asked):
    quick = MapOptions(voxel_mm=8.0, months=(12.0,), permutations=0)
    made = build_maps(cohort, everybody, quick)
    folder = cohort.group / "maps"
    changed = folder / made.files[-1].path
    changed.write_bytes(b"drawn over")
    build_maps(cohort, everybody, quick)
    assert (folder / f"{changed.name}.kept-1").read_bytes() == b"drawn over"
    (folder / "clusters.tsv").unlink()
    (folder / "files.json").unlink()
    changed.write_bytes(b"somebody's")
    with pytest.raises(InputError) as refusal:
        build_maps(cohort, everybody, quick)
    assert refusal.value.code == "output-taken"
    assert changed.read_bytes() == b"somebody's"


def test_one_bad_person_stops_nobody_and_a_stop_keeps_what_is_done(cohort, everybody, asked, monkeypatch):
    usual = collect.change_in_template

    def bad(person, *rest):
        if person.participant == "05":
            raise InputError("model-unreadable", "model.safetensors cannot be read.")
        return usual(person, *rest)

    monkeypatch.setattr(collect, "change_in_template", bad)
    quick = MapOptions(voxel_mm=8.0, months=(12.0,), permutations=0)
    made = build_maps(cohort, everybody, quick)
    assert made.left_out == {"05": "model.safetensors cannot be read."}
    assert made.groups == {"controls": 6, "patients": 5}

    def stopped(*_):
        raise Cancelled

    monkeypatch.setattr(collect, "change_in_template", stopped)
    with pytest.raises(Cancelled):
        build_maps(cohort, everybody, quick)
    monkeypatch.setattr(collect, "change_in_template", usual)
    asked.clear()
    build_maps(cohort, everybody, quick)
    assert asked == ["05"]


def test_many_people_are_compared_without_permutations_and_shown_from_yearly_change(
    cohort, everybody, asked, planted, truth
):
    many = MapOptions(voxel_mm=8.0, months=(12.0,), most_permuted=11, most_with_months=11)
    made = build_maps(cohort, everybody, many)
    maps = open_maps(cohort)

    assert made.months_of_models == ()
    assert {file.of for file in maps.files("log_p")} == {"uncorrected", "fdr"}
    assert np.mean(_map(maps, "log_p", "patients", of="fdr")[planted] > 1.3) > 0.9
    expected = 100 * np.expm1(-truth.loss - truth.extra_loss)
    assert _map(maps, "change", "patients", 12.0)[planted].mean() == pytest.approx(expected, abs=0.1)


def test_nobody_who_can_be_in_the_maps_is_an_error_that_says_why(cohort, people):
    with pytest.raises(InputError, match="Nobody") as told:
        build_maps(cohort, people)
    assert told.value.found == "no finished fit (12)"


def test_pictures_are_blue_where_a_group_lost_volume(cohort, made, truth, tmp_path):
    pictures = group_pictures(open_maps(cohort))

    assert [(frame.months, frame.kind) for frame in pictures.frames] == [
        (months, "mean of the models") for months in made.months
    ]
    assert pictures.start == 3
    assert [caption.partition(",")[0] for caption, _ in pictures.tests] == ["patients - controls"]
    test = np.asarray(Image.open(io.BytesIO(pictures.tests[0][1]))).astype(int)
    first_axial = test[: test.shape[0] - 60, : test.shape[1] // 5]  # through the hippocampi
    blue = first_axial[..., 2] - first_axial[..., 0] > 60
    assert blue.mean() > 0.01
    assert np.argwhere(blue)[:, 1].mean() > first_axial.shape[1] / 2  # the patient's left is on the right

    file = tmp_path / "figure.png"
    assert main([str(cohort.path), str(file), "--months", "12", "24"]) == 0
    with Image.open(file) as figure:
        assert figure.size[0] == 2 * 340
    assert main([str(cohort.path), str(file), "--months", "7"]) == 2
    assert main([str(tmp_path), str(file)]) == 2
