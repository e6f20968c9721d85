"""Settings: presets, weights on logarithmic sliders, months of the maps, and the scene that keeps them."""

from __future__ import annotations

import json
import time

import pytest
from settling import press
from standin import driving
from standin.each_slicer import EACH_SLICER

from LongitudinalINRLib.core.config import preset


@pytest.fixture
def settings(panel_with_fakes):
    """The panel with the settings open, and what is advanced."""
    driving.click(panel_with_fakes.ui.settingsButton)
    panel_with_fakes.ui.advancedGroup.collapsed = False
    return panel_with_fakes


def config_of(panel):
    from LongitudinalINRModule.settings.fit_settings import fit_config

    return fit_config(panel.logic.getParameterNode())


@pytest.mark.parametrize("name", ["preview", "paper", "standard"])
def test_a_preset_sets_everything_that_it_decides(settings, name, picture):
    from LongitudinalINRModule.settings.choices import Preset

    driving.choose(settings.ui.alignComboBox, "Affine: hides change")
    driving.choose(settings.ui.presetComboBox, Preset[name].value)
    picture(settings, name)

    assert config_of(settings) == preset(name)
    assert settings.ui.alphaEdit.text == f"{preset(name).weights.alpha:.3g}"
    assert settings.logic.getParameterNode().align.engine_name == "affine"


@EACH_SLICER
def test_lambda_is_disabled_with_its_reason_while_the_baseline_is_held_exactly(settings):
    ui = settings.ui
    assert (ui.lambdaSlider.enabled, ui.lambdaEdit.enabled, ui.lambdaReasonLabel.visible) == (
        False,
        False,
        True,
    )
    assert "does nothing" in ui.lambdaReasonLabel.text

    driving.choose(ui.identityComboBox, "Softly, by λ")

    assert (ui.lambdaSlider.enabled, ui.lambdaEdit.enabled, ui.lambdaReasonLabel.visible) == (
        True,
        True,
        False,
    )
    assert config_of(settings).identity == "soft"


def test_a_dragged_weight_is_ten_to_the_slider(settings):
    ui = settings.ui
    ui.alphaSlider.value = 1.5
    driving.process_events()
    assert config_of(settings).weights.alpha == 32.0
    assert ui.alphaEdit.text == "32"

    driving.drag_slider(ui.alphaSlider, 0.0)

    assert config_of(settings).weights.alpha == 0.0
    assert ui.alphaEdit.text == "off"


@pytest.mark.parametrize(
    ("typed", "weight"), [("0.05", 0.05), ("2e-4", 2e-4), ("off", 0.0), ("-3", 0.1), ("x", 0.1)]
)
def test_a_typed_weight_moves_the_slider_and_nonsense_is_put_back(settings, typed, weight):
    before = config_of(settings).weights.gamma
    assert before == 0.1
    driving.type_text(settings.ui.gammaEdit, typed)

    assert config_of(settings).weights.gamma == weight
    assert 10**settings.ui.gammaSlider.value == pytest.approx(max(weight, 1e-6), rel=0.06)


def test_every_weight_says_what_it_does(settings):
    for name in ("lambda", "alpha", "beta", "gamma"):
        assert name in getattr(settings.ui, f"{name}Slider").toolTip


def test_months_of_the_maps_are_told_with_what_is_predicted(settings, fill_in):
    fill_in(settings, months=("0", "10", "24"))
    driving.type_text(settings.ui.stepSpinBox, "12")
    driving.type_text(settings.ui.extrapolateSpinBox, "12")

    assert settings.ui.timePointsLabel.text == "5 maps, months 0 to 36, predicted after 24."
    assert settings.ui.timePointsLabel.toolTip == "0, 10, 12, 24, 36"

    driving.type_text(settings.ui.extrapolateSpinBox, "7.5")
    assert settings.logic.getParameterNode().extrapolateMonths == 7.5

    driving.type_text(settings.ui.stepSpinBox, "0")
    driving.type_text(settings.ui.extrapolateSpinBox, "0")
    assert settings.ui.timePointsLabel.text == "3 maps, months 0 to 24."


def test_maps_farther_beyond_the_last_scan_than_the_scans_span_need_a_word(settings, fill_in):
    ui = settings.ui
    fill_in(settings, months=("0", "10", "24"))
    driving.type_text(ui.extrapolateSpinBox, "24")
    assert ui.timePointsLabel.text.endswith("beyond the last scan: where the trend leads, no more.")
    assert ui.runButton.enabled
    assert not ui.allowFarCheckBox.visible

    driving.type_text(ui.extrapolateSpinBox, "25")
    assert not ui.runButton.enabled
    assert ui.runMessageLabel.text == (
        "Extrapolate goes 25 months beyond the last scan, more than the scans span (24): lower it, or tick "
        "the box below it."
    )
    driving.click(ui.allowFarCheckBox)
    assert ui.runButton.enabled
    assert settings.logic.getParameterNode().allowFar


@EACH_SLICER
def test_settings_are_saved_with_the_scene_and_restored(settings, fill_in, tmp_path):
    import slicer

    fill_in(settings, months=("0", "18"))
    driving.choose(settings.ui.similarityComboBox, "Correlation")
    driving.type_text(settings.ui.betaEdit, "0.25")
    driving.type_text(settings.ui.seedSpinBox, "11") if settings.ui.seedSpinBox.visible else None
    driving.click(settings.ui.biasCheckBox)
    expected = config_of(settings)
    slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    slicer.mrmlScene.Clear(0)
    driving.process_events()
    assert config_of(settings) == preset("standard")

    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    driving.process_events()

    assert config_of(settings) == expected
    assert settings.ui.betaEdit.text == "0.25"
    assert settings.ui.biasCheckBox.checked
    assert [settings.ui.scansTable.cellWidget(row, 1).text for row in range(2)] == ["0", "18"]
    assert settings.ui.scansTable.cellWidget(1, 0).currentNode().GetName() == "Doe^Jane visit 1"


def test_the_settings_reach_the_request(settings, fake_runners, fill_in):
    fill_in(settings)
    driving.choose(settings.ui.alignComboBox, "None: aligned already")
    driving.choose(settings.ui.deviceComboBox, "Processor (CPU)")
    driving.click(settings.ui.biasCheckBox)
    press(settings, "runButton")

    request = json.loads(fake_runners[0].folder.request.read_text())
    assert (request["align"], request["device"], request["bias_correction"]) == ("none", "cpu", True)


def test_a_folder_for_jobs_that_is_emptied_is_the_default_again(settings, tmp_path):
    store = settings.logic.service.store
    settings.ui.jobsPathEdit.currentPath = str(tmp_path / "jobs")
    assert settings.logic.service.store.root == tmp_path / "jobs"
    settings.ui.jobsPathEdit.currentPath = ""
    assert settings.logic.service.store.root == store.root


def test_without_a_segmentation_one_check_box_decides_on_regions_of_the_atlas(
    settings, fake_runners, fill_in
):
    import slicer

    fill_in(settings)
    assert settings.ui.atlasCheckBox.checked
    press(settings, "runButton")
    driving.click(settings.ui.atlasCheckBox)
    press(settings, "runButton")
    jobs = settings.logic.service.queue
    requests = [json.loads(job.folder.request.read_text()) for job in (jobs.running, *jobs.waiting)]
    assert [request["regions"] for request in requests] == ["atlas", "none"]

    slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "aseg")
    driving.choose(settings.ui.segmentationSelector, "aseg")
    assert not settings.ui.atlasCheckBox.enabled


@pytest.mark.parametrize(
    ("chosen", "scanner"), [("The same for all", "same"), ("Unknown, or several", "unknown")]
)
def test_the_scanner_that_was_chosen_reaches_the_request(settings, fake_runners, fill_in, chosen, scanner):
    import slicer

    volumes = fill_in(settings)
    for number, volume in enumerate(volumes):
        slicer.dicomDatabase.add(f"1.{number}", {"0018,1000": "166003"})
        volume.SetAttribute("DICOM.instanceUIDs", f"1.{number}")
    press(settings, "runButton")
    driving.choose(settings.ui.scannerComboBox, chosen)
    press(settings, "runButton")

    jobs = settings.logic.service.queue
    requests = [json.loads(job.folder.request.read_text()) for job in (jobs.running, *jobs.waiting)]
    assert [request["scanner"] for request in requests] == ["same", scanner]


def test_what_is_left_out_reaches_the_request_on_the_baselines_grid(settings, fake_runners, fill_in):
    import nibabel as nib
    import numpy as np
    import slicer

    baseline, _ = fill_in(settings)
    lesion = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode", "lesion")
    array = np.zeros_like(slicer.util.arrayFromVolume(baseline), np.int16)
    array[3:6, 4:8, 2:5] = 1
    slicer.util.updateVolumeFromArray(lesion, array)
    lesion.CopyOrientation(baseline)
    driving.choose(settings.ui.excludeSelector, "lesion")
    press(settings, "runButton")

    folder = fake_runners[0].folder
    request = json.loads(folder.request.read_text())
    assert (request["exclude"], request["mask"]) == ("inputs/exclude.nii.gz", None)
    written = nib.load(folder.path / request["exclude"]).get_fdata()
    np.testing.assert_array_equal(written.transpose(2, 1, 0), array)


def test_what_cannot_be_left_out_keeps_run_disabled_and_says_so(settings, fill_in):
    import slicer

    fill_in(settings)
    slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "empty")
    driving.choose(settings.ui.excludeSelector, "empty")

    assert settings.ui.excludeMessageLabel.text == "⚠ It has no segments. Choose another one, or none."
    assert settings.ui.runMessageLabel.text.startswith("Leave out: It has no segments.")
    assert not settings.ui.runButton.enabled


def test_a_clinician_sees_preset_and_extrapolation_and_no_more(settings):
    ui = settings.ui
    ui.advancedGroup.collapsed = True
    driving.process_events()
    plain = {"presetComboBox", "extrapolateSpinBox"}
    advanced = [
        "similarityComboBox",
        "alignComboBox",
        "biasCheckBox",
        "identityComboBox",
        "lambdaSlider",
        "alphaSlider",
        "betaSlider",
        "gammaSlider",
        "lambdaEdit",
        "alphaEdit",
        "betaEdit",
        "gammaEdit",
        "timeEncodingComboBox",
        "stepsSpinBox",
        "seedSpinBox",
        "stepSpinBox",
        "displacementCheckBox",
        "deviceComboBox",
        "jobsPathEdit",
        "lossLabel",
        "maskSelector",
        "excludeSelector",
        "scannerComboBox",
        "normsPathEdit",
        "ageEdit",
        "sexComboBox",
    ]
    assert {name for name in (*plain, *advanced) if getattr(ui, name).visible} == plain

    ui.advancedGroup.collapsed = False
    driving.process_events()
    assert all(getattr(ui, name).visible for name in advanced)


FOUND = {"torch": "2.4", "cores": 8, "cuda": False, "mps": False, "nvidia_card": False}


@pytest.mark.parametrize(
    ("found", "chosen", "text"),
    [
        ({}, "auto", "PyTorch is not installed yet."),
        (FOUND, "auto", "CPU: 8 cores, about 2 minutes for these scans."),
        (FOUND | {"cuda": True, "cuda_name": "NVIDIA RTX", "cuda_gb": 24}, "auto", "CUDA: NVIDIA RTX, 24 GB"),
        (
            FOUND | {"cuda": True, "cuda_name": "NVIDIA RTX", "cuda_gb": 24},
            "cpu",
            "CPU: 8 cores, about 2 minutes",
        ),
        (
            FOUND | {"nvidia_card": True},
            "auto",
            "the installed PyTorch has no CUDA support: it runs on the CPU.",
        ),
        (FOUND | {"nvidia_card": True}, "cuda", "PyTorch finds no CUDA here: the job would fail."),
        (FOUND, "mps", "PyTorch finds no Apple graphics here"),
    ],
)
def test_the_device_says_what_was_found(module, found, chosen, text):
    from LongitudinalINRModule.dependencies.devices import describe

    assert text in describe(found, chosen, 125.0)


def test_closing_does_not_wait_for_what_the_launcher_has_started(module, slicer_python):
    from LongitudinalINRModule.dependencies.devices import DeviceProbe

    slicer_python.write_text("#!/bin/sh\nsleep 60 &\nwait\n")
    probe = DeviceProbe(lambda _: None)
    probe.start()
    time.sleep(0.5)
    before = time.monotonic()
    probe.close()

    assert time.monotonic() - before < 30.0


def test_devices_are_found_by_a_child_process(panel_with_devices):
    label = panel_with_devices.ui.deviceMessageLabel
    assert label.text == "Looking for devices…"

    driving.wait_until(lambda: label.text != "Looking for devices…", seconds=60)

    assert label.text.startswith(("CPU: ", "CUDA: "))


def test_the_interval_is_asked_for_where_the_settings_are_such_that_it_is_known(module):
    from dataclasses import replace

    from LongitudinalINRModule.settings.fit_settings import JobSettings

    standard = preset("standard")
    assert JobSettings(standard).maps == ("jacobian", "rate", "aligned", "warped", "interval")
    assert JobSettings(preset("preview"), displacement=True).maps[-2:] == ("interval", "displacement")
    for config in (preset("paper"), replace(standard, similarity="ncc")):
        assert "interval" not in JobSettings(config).maps
