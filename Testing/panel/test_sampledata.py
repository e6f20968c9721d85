"""The simulated subject comes from a button in Sample Data, by a child process, into the scene."""

from __future__ import annotations

import sys
from pathlib import Path
from unittest.mock import create_autospec

import numpy as np
import pytest
from standin.each_slicer import EACH_SLICER

MONTHS = (0.0, 12.0, 24.0, 36.0)
LABELS = (4, 17, 53)
# Stands for the simulation, which takes long: the folder of a subject is copied to where it would write.
COPY = "import shutil, sys; shutil.copytree(*sys.argv[1:], dirs_exist_ok=True)"
SLEEP = "import time; print('0.25 sleeping', flush=True); time.sleep(60)"
FAIL = "print('0.5 moving scans'); raise SystemExit('the disk is full')"
PATHS = (
    "import LongitudinalINRModule.sampledata.simulation, LongitudinalINRLib.errors as it; print(it.__file__)"
)


@pytest.fixture(autouse=True)
def _module_on_the_path(monkeypatch):
    """Import the module's files anew: those of the test before hold on to its Slicer."""
    for name in [each for each in sys.modules if each.split(".")[0] == "LongitudinalINRModule"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "LongitudinalINR"))


@pytest.fixture(scope="module")
def subject():
    """A subject of a few voxels, oblique and with unequal voxels."""
    from LongitudinalINRLib.imaging.volume import Volume
    from LongitudinalINRLib.simulate.subject import SimulatedSubject

    affine = np.array([[-2.0, 0, 0, 9], [0, 0, 2.5, -7], [0, 1.5, 0.5, 3], [0, 0, 0, 1]])
    random = np.random.default_rng(0)
    scans = tuple(Volume(random.random((5, 6, 7), np.float32), affine) for _ in MONTHS)
    labels = tuple(Volume(random.choice([0, *LABELS], (5, 6, 7)).astype(np.int16), affine) for _ in MONTHS)
    vectors = tuple(Volume(np.zeros((5, 6, 7, 3), np.float32), affine) for _ in MONTHS)
    return SimulatedSubject(MONTHS, scans, labels, scans, scans, vectors, (np.eye(4),) * len(MONTHS))


@pytest.fixture(scope="module")
def folder(subject, tmp_path_factory):
    folder = tmp_path_factory.mktemp("subject")
    subject.save(folder)
    return folder


@pytest.fixture
def new_loader(running_slicer, tmp_path):
    """Make a loader whose child process runs a few lines of Python instead of the simulation."""
    from LongitudinalINRModule.sampledata.loader import SubjectLoader
    from LongitudinalINRModule.sampledata.process import SimulationProcess

    return lambda code, *arguments: SubjectLoader(
        lambda: SimulationProcess([sys.executable, "-c", code, *map(str, arguments)], tmp_path)
    )


@pytest.fixture
def sample_data_panel(running_slicer):
    """Open the panel of Sample Data, which makes a button for each source."""

    def open_panel():
        import slicer
        from SampleData import SampleDataLogic, SampleDataWidget

        panel = running_slicer.qt.QWidget()
        layout = running_slicer.qt.QVBoxLayout(panel)
        SampleDataWidget.setCategoriesFromSampleDataSources(
            layout, slicer.modules.sampleDataSources, SampleDataLogic()
        )
        return panel

    return open_panel


@EACH_SLICER
def test_the_button_in_sample_data_starts_it_and_promises_no_download(
    new_loader, sample_data_panel, running_slicer
):
    import slicer
    from LongitudinalINRModule.sampledata.registration import register_sample_data
    from standin.driving import wait_until

    loader = register_sample_data(new_loader(SLEEP))

    (source,) = slicer.modules.sampleDataSources["LongitudinalINR"]
    assert source.sampleName == "Simulated longitudinal subject"
    assert source.uris == source.fileNames == source.nodeNames == []
    assert source.customDownloader == loader.load
    assert Path(source.thumbnailFileName).is_file()
    panel = sample_data_panel()
    (button,) = panel.findChildren(running_slicer.qt.QToolButton)
    assert (button.text, button.icon.isNull()) == ("Simulated longitudinal subject", False)

    button.click()
    assert loader.busy
    loader._dialog.cancel()
    wait_until(lambda: not loader.busy)


def test_the_subject_comes_into_the_scene_and_nothing_stays_on_the_disk(new_loader, folder, tmp_path):
    import slicer
    from standin import dialogs

    heard, loader = [], new_loader(COPY, folder)
    loader.loaded.connect(heard.append)

    loader.load("the source, as Sample Data passes it")
    assert loader.busy
    nodes = loader.wait(60)

    assert [node.GetAttribute("LongitudinalINR.Months") for node in nodes] == [*map(repr, MONTHS), "0.0"]
    assert heard == [nodes]
    assert dialogs.blocking_calls == []
    assert list(tmp_path.iterdir()) == []
    composites = slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode")
    assert {each.GetBackgroundVolumeID() for each in composites} == {nodes[0].GetID()}


def test_a_script_gets_the_subject_by_a_function_that_waits(new_loader, folder, monkeypatch):
    import slicer
    from LongitudinalINRModule import logic

    monkeypatch.setattr(logic, "SubjectLoader", lambda: new_loader(COPY, folder))
    subject = logic.LongitudinalINRLogic().loadSimulatedSubject()

    assert subject.months == list(MONTHS)
    names = [f"Simulated T1, {months:g} months" for months in MONTHS]
    assert [volume.GetName() for volume in subject.volumes] == names
    assert subject.segmentation is slicer.util.getNode("Simulated segmentation")


def test_a_script_hears_that_the_subject_could_not_be_simulated(new_loader, running_slicer, monkeypatch):
    from LongitudinalINRModule import logic
    from standin import dialogs

    from LongitudinalINRLib.errors import InputError

    monkeypatch.setattr(logic, "SubjectLoader", lambda: new_loader(FAIL))
    dialogs.answer(running_slicer.qt.QMessageBox.Ok)
    with pytest.raises(InputError, match="did not come into the scene"):
        logic.LongitudinalINRLogic().loadSimulatedSubject()


def test_a_second_press_does_not_start_a_second_simulation(new_loader, tmp_path):
    from standin.driving import wait_until

    loader = new_loader(SLEEP)
    loader.load()
    loader.load()

    assert len(list(tmp_path.iterdir())) == 1
    wait_until(lambda: loader._dialog.labelText == "Simulating a subject: sleeping", 30)
    assert loader._dialog.value == 25
    loader._dialog.cancel()
    wait_until(lambda: not loader.busy)


def test_cancel_ends_the_child_and_leaves_nothing(new_loader, tmp_path):
    import slicer
    from standin.driving import wait_until

    loader = new_loader(SLEEP)
    loader.load()
    process = loader._process._process
    loader._dialog.cancel()
    wait_until(lambda: not loader.busy)

    assert process.exit_code is not None
    assert list(tmp_path.iterdir()) == []
    assert slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode") == []


@pytest.mark.parametrize(("code", "told"), [(FAIL, "the disk is full"), ("pass", "simulation.json")])
def test_a_simulation_that_fails_shows_why_and_leaves_nothing(
    new_loader, running_slicer, tmp_path, code, told
):
    from standin import dialogs

    dialogs.answer(running_slicer.qt.QMessageBox.Ok)
    loader = new_loader(code)
    loader.load()

    assert loader.wait(60) == []
    (shown,) = dialogs.shown
    assert told in shown.text + shown.details
    assert list(tmp_path.iterdir()) == []


def test_without_slicers_python_it_says_so(running_slicer, monkeypatch):
    from LongitudinalINRModule.sampledata.loader import SubjectLoader
    from standin import dialogs

    monkeypatch.setenv("PATH", "")
    dialogs.answer(running_slicer.qt.QMessageBox.Ok)
    loader = SubjectLoader()
    loader.load()

    assert not loader.busy
    assert "PythonSlicer" in dialogs.shown[0].text


def test_nothing_starts_when_installing_what_is_missing_is_declined(new_loader, running_slicer, monkeypatch):
    from LongitudinalINRModule.dependencies.requirements import DEMO
    from LongitudinalINRModule.sampledata import loader as module
    from standin import dialogs

    monkeypatch.setattr(module, "missing", lambda _: [DEMO])
    dialogs.answer(running_slicer.qt.QMessageBox.Cancel)
    loader = new_loader(SLEEP)
    loader.load()

    assert not loader.busy
    assert "nilearn" in dialogs.shown[0].text


def test_the_child_finds_module_and_library_without_an_installation(tmp_path):
    from LongitudinalINRModule.sampledata.process import SimulationProcess
    from standin.driving import wait_until

    process = SimulationProcess([sys.executable, "-S", "-c", PATHS], tmp_path)
    wait_until(lambda: process.exit_code is not None)

    assert process.log.strip() == str(Path(__file__).parents[2] / "LongitudinalINRLib" / "errors.py")
    process.close()


def test_the_simulation_writes_the_sharp_subject_and_tells_how_far_it_is(
    monkeypatch, subject, tmp_path, capsys
):
    from LongitudinalINRModule.sampledata.simulation import simulate

    from LongitudinalINRLib.simulate import crisp
    from LongitudinalINRLib.simulate import subject as simulated
    from LongitudinalINRLib.simulate.storage import load_truth

    def quick(t1, labels, months, *, on_progress):
        assert (t1, labels, months) == ("its t1", "its labels", MONTHS)
        on_progress(0.5, "scanning")
        return subject

    monkeypatch.setattr(crisp, "crisp_subject", lambda: ("its t1", "its labels"))
    monkeypatch.setattr(
        simulated, "simulate_subject", create_autospec(simulated.simulate_subject, side_effect=quick)
    )

    simulate(tmp_path)

    assert load_truth(tmp_path).months == MONTHS
    assert capsys.readouterr().out == "0.000 reading the template\n0.400 scanning\n0.800 writing the files\n"


def test_scans_are_those_of_the_files_and_lie_in_dated_studies(running_slicer, subject, folder):
    import slicer
    import vtk
    from LongitudinalINRModule.sampledata.nodes import add_subject
    from LongitudinalINRModule.scans.scan_dates import months_since_first, scan_date

    *volumes, _ = add_subject(slicer.mrmlScene, folder)

    for scan, volume in zip(subject.scans, volumes, strict=True):
        to_ras = vtk.vtkMatrix4x4()
        volume.GetIJKToRASMatrix(to_ras)
        np.testing.assert_array_equal(slicer.util.arrayFromVolume(volume).transpose(2, 1, 0), scan.array)
        np.testing.assert_allclose(slicer.util.arrayFromVTKMatrix(to_ras), scan.affine, atol=1e-5)
        assert volume.GetStorageNode() is None
    np.testing.assert_allclose(months_since_first([scan_date(each) for each in volumes]), MONTHS, atol=0.02)


def test_segments_have_freesurfer_names_and_the_voxels_of_the_labels(running_slicer, subject, folder):
    import slicer
    from LongitudinalINRModule.sampledata.nodes import add_subject

    baseline, *_, node = add_subject(slicer.mrmlScene, folder)

    segmentation = node.GetSegmentation()
    segments = {segmentation.GetSegment(each).GetName(): each for each in segmentation.GetSegmentIDs()}
    assert list(segments) == ["Left-Lateral-Ventricle", "Left-Hippocampus", "Right-Hippocampus"]
    for label, segment in zip(LABELS, segments.values(), strict=True):
        voxels = slicer.util.arrayFromSegmentBinaryLabelmap(node, segment, baseline)
        np.testing.assert_array_equal(voxels.transpose(2, 1, 0) > 0, subject.labels[0].array == label)
