"""Regions of a job without labels: what is written, said and done again. The atlas has tests of its own."""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from LongitudinalINRLib.atlas.carry import CarriedRegions
from LongitudinalINRLib.cli.summary import print_summary
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.checks import check_request
from LongitudinalINRLib.jobs.folder import read_json
from LongitudinalINRLib.jobs.request import Request
from LongitudinalINRLib.jobs.results import open_result
from LongitudinalINRLib.jobs.stages import outlines
from LongitudinalINRLib.jobs.worker import perform
from LongitudinalINRLib.words import APPROXIMATE_REGIONS


def done(folder, request=None, stop=lambda: False) -> list[events.Event]:
    said: list[events.Event] = []
    perform(folder, said.append, stop, request=request)
    return said


def halves(baseline: Volume, mask: Volume) -> Volume:
    left = np.indices(baseline.shape)[0] < baseline.shape[0] / 2
    return baseline.with_array(np.where(mask.array, np.where(left, 17, 53), 0).astype(np.int16))


@pytest.fixture
def an_atlas(monkeypatch):
    """Put halves of the mask in the place of the atlas; count how often it is asked, choose how it fits."""
    asked: list[float] = []

    def carried(baseline, mask, *_):
        asked.append(1.0)
        return CarriedRegions(halves(baseline, mask), 0.95, likeness[0], "stand-in")

    likeness = [0.7]
    monkeypatch.setattr(outlines, "carried_regions", carried)
    return asked, likeness


@pytest.fixture
def a_job(a_folder, tiny_subject):
    request = tiny_subject.request(labels=None, regions="atlas", mask=str(tiny_subject.mask))
    a_folder.manifest.write_bytes(a_folder.request, request.to_json().encode())
    return a_folder


def regions_in(folder) -> list[str]:
    with folder.regions.open(newline="") as file:
        return list(dict.fromkeys(row["region"] for row in csv.DictReader(file)))


def test_carried_regions_are_measured_kept_and_called_approximate(a_job, an_atlas, capsys):
    said = done(a_job)
    assert isinstance(said[-1], events.Done), said[-1]
    assert said[-1].results["labels"] == ["labels.nii.gz"]
    assert events.Warning(APPROXIMATE_REGIONS) in said
    assert "outlines" in {event.stage for event in said if isinstance(event, events.Progress)}
    assert regions_in(a_job) == ["brain", "Left-Hippocampus", "Right-Hippocampus"]
    note = read_json(a_job.labels_note)
    assert (note["engine"], note["approximate"], note["used"]) == ("stand-in", True, True)
    assert set(np.unique(nib.load(a_job.labels).dataobj)) == {0, 17, 53}
    assert open_result(a_job.path).scans.labels is not None
    print_summary(a_job)
    assert "approximate" in capsys.readouterr().out


def test_an_interrupted_job_keeps_its_regions(a_job, an_atlas):
    asked, _ = an_atlas
    said: list[events.Event] = []
    perform(a_job, said.append, lambda: bool(said) and getattr(said[-1], "stage", "") == "fit")
    assert isinstance(said[-1], events.Cancelled)
    written = a_job.labels.stat().st_mtime_ns
    again = done(a_job)
    assert isinstance(again[-1], events.Done)
    assert (len(asked), a_job.labels.stat().st_mtime_ns) == (1, written)
    assert events.Warning(APPROXIMATE_REGIONS) in again


def test_an_atlas_that_does_not_fit_leaves_the_row_of_the_brain(a_job, an_atlas):
    _, likeness = an_atlas
    likeness[0] = 0.1
    said = done(a_job)
    assert isinstance(said[-1], events.Done)
    assert regions_in(a_job) == ["brain"]
    assert not a_job.labels.exists()
    warned = [event.message for event in said if isinstance(event, events.Warning)]
    assert any("does not fit the baseline" in text and "0.10" in text for text in warned)


def test_a_request_of_an_older_version_has_no_regions(tiny_subject):
    text = tiny_subject.request(labels=None).to_json().replace('"regions": "none",', "")
    assert Request.from_json(text).regions == "none"


def test_labels_and_another_way_to_regions_are_refused(tiny_subject):
    with pytest.raises(InputError) as refused:
        check_request(tiny_subject.request(regions="atlas"))
    assert refused.value.code == "regions-twice"


STAND_IN = """#!{python}
import pathlib, shutil, sys
given = dict(zip(sys.argv[1::2], sys.argv[2::2]))
out = pathlib.Path(given["--o"] if "--o" in given else given["--sd"] + "/subject/mri/" + "{name}")
out.parent.mkdir(parents=True, exist_ok=True)
import nibabel as nib
labels = nib.load("{labels}")
nib.save(nib.as_closest_canonical(labels), out)
"""


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script for a Unix shell")
@pytest.mark.parametrize(
    ("way", "command"), [("synthseg", "mri_synthseg"), ("fastsurfer", "run_fastsurfer.sh")]
)
def test_a_program_on_the_path_segments_the_baseline(
    a_folder, tiny_subject, tmp_path, monkeypatch, way, command
):
    _put(tmp_path / "bin" / command, tiny_subject.labels)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    request = tiny_subject.request(labels=None, regions=way, mask=str(tiny_subject.mask))
    said = done(a_folder, request)
    assert isinstance(said[-1], events.Done), said[-1]
    assert (nib.load(a_folder.labels).dataobj == np.asarray(nib.load(tiny_subject.labels).dataobj)).all()
    note = read_json(a_folder.labels_note)
    assert (note["source"], note["engine"], note["approximate"]) == (way, command, False)


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script for a Unix shell")
def test_a_program_that_is_missing_or_fails_is_named(a_folder, tiny_subject, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    request = tiny_subject.request(labels=None, regions="synthseg", mask=str(tiny_subject.mask))
    said = done(a_folder, request)
    assert said[-1].code == "program-missing"
    _put(tmp_path / "bin" / "mri_synthseg", Path("nowhere"))
    failed = done(a_folder, request)
    assert failed[-1].code == "program-failed"
    assert not a_folder.labels.exists()


def _put(path: Path, labels: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    result = "aparc.DKTatlas+aseg.deep.mgz"
    path.write_text(STAND_IN.format(python=sys.executable, labels=labels, name=result))
    path.chmod(0o755)
