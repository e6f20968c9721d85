"""An export writes under names of ours, inside the chosen folder, and replaces nothing of others."""

from __future__ import annotations

import hashlib
import json
import os
import types

import pytest
import slicer
from LongitudinalINRModule.export.choices import Choices
from LongitudinalINRModule.export.writing import export_result
from LongitudinalINRModule.jobs.loading import load_maps
from LongitudinalINRModule.result.result_files import ResultFiles

from LongitudinalINRLib.errors import InputError

DOCUMENTS = {"regions.csv": "region\n", "trajectories.csv": "region\n", "report.html": "<p>report</p>"}


@pytest.fixture
def a_documented_result(scene, a_baseline, job_folder, tmp_path):
    import shutil

    folder = tmp_path / "job"
    shutil.copytree(job_folder, folder)
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text)
    return load_maps(scene, ResultFiles.of(folder), a_baseline)


@pytest.fixture
def export(a_documented_result, tmp_path):
    """Export kinds of files into a folder."""
    time = types.SimpleNamespace(months=12.0)

    def export(*items, folder=tmp_path / "export"):
        return export_result(
            a_documented_result, time, Choices(frozenset(items), "jacobian", ".nii.gz"), folder
        )

    return export


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["../../x", "/tmp/x", "a/b", "CON", "report.html:stream", "", "x" * 300])
def test_no_name_that_a_scene_tells_becomes_a_file(a_documented_result, export, tmp_path, name):
    for node in a_documented_result.documents:
        node.SetAttribute("LongitudinalINR.FileName", name)
        node.SetName(name)
    written = export("regions", "report")
    assert {path.name: path.read_text() for path in written} == DOCUMENTS
    assert {path.name for path in tmp_path.iterdir()} == {"job", "export"}
    assert {path.name for path in (tmp_path / "export").iterdir()} == {*DOCUMENTS, "manifest.json"}


@pytest.mark.parametrize(
    "name", ["report.html", "manifest.json", "jacobian_012.0mo.nii.gz", "jacobian.seq.nrrd"]
)
def test_a_file_of_somebody_else_is_never_replaced(export, tmp_path, name):
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / name).write_text("mine")
    with pytest.raises(InputError, match="was not exported by this program") as refused:
        export("report", "map_now", "sequence")
    assert refused.value.code == "export-taken"
    assert refused.value.found == name
    assert "another folder" in refused.value.advice
    assert contents(folder) == {name: b"mine"}


@pytest.mark.skipif(os.name == "nt", reason="making links needs rights there")
@pytest.mark.parametrize("name", ["report.html", "manifest.json"])
def test_a_link_is_not_followed(export, tmp_path, name):
    folder, target = tmp_path / "export", tmp_path / "target"
    folder.mkdir()
    target.write_text("mine")
    (folder / name).symlink_to(target)
    with pytest.raises(InputError, match="was not exported by this program"):
        export("report")
    assert target.read_text() == "mine"
    assert [path.name for path in folder.iterdir()] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        "{}",
        '{"made_by": "LongitudinalINR"}',
        '{"made_by": "x", "files": {}}',
        '{"made_by": "LongitudinalINR", "files": {"report.html": 5}}',
        "[" * 100_000,
    ],
)
def test_a_manifest_of_somebody_else_or_a_damaged_one_is_never_replaced(export, tmp_path, text):
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "manifest.json").write_text(text)
    with pytest.raises(InputError, match="was not exported by this program"):
        export("report")
    assert contents(folder) == {"manifest.json": text.encode()}


def test_unchanged_files_of_an_earlier_export_are_replaced_also_after_another_export(export, tmp_path):
    export("report", "map_now")
    export("sequence")
    manifest = json.loads((tmp_path / "export" / "manifest.json").read_text())
    assert set(manifest["files"]) == {"jacobian.seq.nrrd"}
    assert set(manifest["earlier_files"]) == {"report.html", "jacobian_012.0mo.nii.gz"}
    (report,) = export("report")
    manifest = json.loads((tmp_path / "export" / "manifest.json").read_text())
    assert manifest["files"] == {"report.html": hashlib.sha256(report.read_bytes()).hexdigest()}


def test_an_exported_file_that_was_changed_since_is_kept(export, tmp_path):
    (report,) = export("report")
    report.write_text("with my notes")
    with pytest.raises(InputError, match="or was changed since"):
        export("report", "map_now")
    assert report.read_text() == "with my notes"
    assert {path.name for path in report.parent.iterdir()} == {"report.html", "manifest.json"}


def test_a_sequence_that_cannot_be_written_leaves_nothing_and_what_was_written_is_known(
    export, tmp_path, monkeypatch
):
    class Fails:
        def SetFileName(self, name):
            assert name.endswith(".seq.nrrd")
            self.name = name

        def WriteData(self, _sequence):
            from pathlib import Path

            Path(self.name).write_bytes(b"half")
            return 0

    monkeypatch.setattr(slicer, "vtkMRMLVolumeSequenceStorageNode", Fails)
    with pytest.raises(InputError, match="could not be written"):
        export("map_now", "sequence")
    folder = tmp_path / "export"
    assert {path.name for path in folder.iterdir()} == {"jacobian_012.0mo.nii.gz", "manifest.json"}
    export("map_now")


def _attribute(name, value):
    return lambda result: result.browser.SetAttribute(name, value)


def _sequence(change):
    return lambda result: change(result.sequence("jacobian"))


def _without_image(sequence):
    sequence.GetNthDataNode(0).SetAndObserveImageData(None)


DAMAGED = {
    "observed months are text": _attribute("LongitudinalINR.ObservedMonths", "0 twelve"),
    "observed months are not a number": _attribute("LongitudinalINR.ObservedMonths", "0 nan"),
    "observed months are infinite": _attribute("LongitudinalINR.ObservedMonths", "0 inf"),
    "observed months descend": _attribute("LongitudinalINR.ObservedMonths", "0 24 12"),
    "observed months without baseline": _attribute("LongitudinalINR.ObservedMonths", "12 24"),
    "observed months negative": _attribute("LongitudinalINR.ObservedMonths", "-5 0 12"),
    "observed months are blank": _attribute("LongitudinalINR.ObservedMonths", " "),
    "provenance is no JSON": _attribute("LongitudinalINR.Provenance", "{half"),
    "provenance is a list": _attribute("LongitudinalINR.Provenance", "[1]"),
    "provenance is deep": _attribute("LongitudinalINR.Provenance", "[" * 100_000),
    "a map of an unknown name": _sequence(lambda each: each.SetAttribute("LongitudinalINR.Map", "../x")),
    "a map without a name": _sequence(lambda each: each.RemoveAttribute("LongitudinalINR.Map")),
    "a map twice": lambda result: result.sequence("rate").SetAttribute("LongitudinalINR.Map", "jacobian"),
    "maps in furlongs": _sequence(lambda each: each.SetIndexUnit("furlongs")),
    "maps indexed by text": _sequence(lambda each: each.SetIndexType(each.TextIndex)),
    "a month far away": _sequence(lambda each: each.UpdateIndexValue("36", "1e300")),
    "a negative month": _sequence(lambda each: each.UpdateIndexValue("6", "-6")),
    "a map of one kind missing": _sequence(lambda each: each.RemoveDataNodeAtValue("6")),
    "no maps but one": _sequence(
        lambda each: [each.RemoveDataNodeAtValue(m) for m in ("6", "12", "18", "24", "36")]
    ),
    "a map without voxels": _sequence(_without_image),
    "a map of another grid": _sequence(
        lambda each: each.GetNthDataNode(2).GetImageData().SetDimensions(2, 2, 2)
    ),
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_result_of_a_scene_is_refused_and_nothing_is_written(
    a_documented_result, export, tmp_path, damage
):
    damage(a_documented_result)
    with pytest.raises(InputError) as refused:
        export("report", "all_maps", "sequence")
    assert refused.value.code == "bundle-damaged"
    assert refused.value.expected
    assert refused.value.found
    assert refused.value.advice
    assert not (tmp_path / "export").exists()
