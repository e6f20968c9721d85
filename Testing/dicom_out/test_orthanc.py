"""A real PACS: what it was sent by C-STORE and by STOW-RS it holds, answers for and gives back as it was."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pydicom
import pytest
from reading_back import on_grid_of, read_map

from LongitudinalINRLib.imaging.formats.nifti import load

SESSION = Path(__file__).with_name("orthanc_session.py")
NEEDED = ("/usr/sbin/Orthanc", "/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
SERIES = 8


@pytest.fixture(scope="module")
def session(exported, tmp_path_factory):
    """Send everything one way, then what Orthanc lost the other way, and fetch what it holds."""
    absent = [path for path in NEEDED if not Path(path).exists()]
    absent += [tool for tool in ("unshare", "ip", "findscu") if shutil.which(tool) is None]
    if absent:
        pytest.skip(f"not installed: {', '.join(absent)} (Debian: orthanc, orthanc-dicomweb, dcmtk)")
    folder = tmp_path_factory.mktemp("orthanc")
    copy = Path(shutil.copytree(exported.folder.path, folder / "objects"))
    again = ["dicom", exported.order.result, "--baseline-dicom", exported.order.baseline]
    again += ["--follow-up-dicom", exported.order.follow_ups[0], "--output", copy, "--timeout", "20"]
    commands = 2 * [[*again, "--send", "ORTHANC@127.0.0.1:14242"]]
    commands += [["empty"], [*again, "--stow", "http://127.0.0.1:18042/dicom-web"]]
    (folder / "commands.json").write_text(json.dumps(commands, default=str))
    environment = os.environ | {
        "LONGITUDINAL_INR_PACS_USER": "reader",
        "LONGITUDINAL_INR_PACS_PASSWORD": "secret",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = ["unshare", "--net", sys.executable, str(SESSION), str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode in (1, 77) and not (folder / "orthanc.log").exists():
        pytest.skip("no right to make a network of its own, in which Orthanc may listen")
    assert done.returncode == 0, done.stderr
    return folder


def test_each_command_says_what_was_sent(session, exported):
    said = json.loads((session / "said.json").read_text())
    count = len(exported.stored)
    assert [code for code, _, _ in said] == [0, 0, 0]
    assert f"ORTHANC@127.0.0.1:14242: {count} sent\n" in said[0][1]
    assert f"ORTHANC@127.0.0.1:14242: 0 sent, {count} were there before" in said[1][1]
    assert f"http://127.0.0.1:18042/dicom-web: {count} sent\n" in said[2][1]


def test_a_query_finds_every_series_in_the_follow_ups_study(session):
    found = (session / "found.txt").read_text()
    study = pydicom.dcmread(next((session / "stow").glob("*.dcm")), stop_before_pixels=True).StudyInstanceUID
    assert found.count("(research use only)") == SERIES
    assert found.count(study) == SERIES


@pytest.mark.parametrize("way", ["store", "stow"])
def test_what_comes_back_is_what_was_sent(session, exported, way):
    fetched = [pydicom.dcmread(path) for path in (session / way).glob("*.dcm")]
    sent = {item.sop_instance: pydicom.dcmread(exported.path(item.name)) for item in exported.stored}
    assert {made.SOPInstanceUID for made in fetched} == sent.keys()
    assert all(made == sent[made.SOPInstanceUID] for made in fetched)


@pytest.mark.parametrize("way", ["store", "stow"])
def test_maps_that_come_back_have_their_values_at_their_places(session, exported, way):
    seen = 0
    for path in (session / way).glob("*.dcm"):
        header = pydicom.dcmread(path, stop_before_pixels=True)
        if header.get("ContentLabel") != "JACOBIAN":
            continue
        month = float(header.ContentDescription.split()[3])
        written, _ = load(exported.result.maps / f"jacobian_{month:05.1f}mo.nii.gz")
        found = on_grid_of(read_map(path), written).astype(np.float32)
        np.testing.assert_array_equal(found, written.array)
        seen += 1
    assert seen == 3


def test_a_validator_finds_no_error_in_what_comes_back(session):
    if shutil.which("dciodvfy") is None:
        pytest.skip("dciodvfy (Debian: dicom3tools) is not installed")
    for path in (session / "stow").glob("*.dcm"):
        if pydicom.dcmread(path, stop_before_pixels=True).Modality != "OT" or path.name < "2":
            said = subprocess.run(["dciodvfy", path], capture_output=True, text=True, check=False)
            assert "Error" not in said.stdout + said.stderr
