"""The stand-in's Sample Data module refuses and leaves out what Slicer's own does."""

from __future__ import annotations

import pytest


@pytest.fixture
def sample_data(running_slicer):
    import SampleData

    return SampleData


NOTHING_TO_DOWNLOAD = {"uris": [], "fileNames": [], "nodeNames": []}


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({}, TypeError),
        ({"uris": []}, TypeError),
        ({"uris": [], "fileNames": ["a.nii"]}, ValueError),
        ({"uris": ["u", "v"], "fileNames": ["a.nii", "b.nii"], "nodeNames": ["a"]}, ValueError),
        ({"uris": ["u"], "fileNames": ["a.nii"], "checksums": []}, ValueError),
        (NOTHING_TO_DOWNLOAD | {"loadFileType": "VolumeFile", "loadFileTypes": "VolumeFile"}, ValueError),
    ],
)
def test_a_source_whose_lists_are_missing_or_differ_in_length_is_refused(sample_data, fields, error):
    with pytest.raises(error):
        sample_data.SampleDataLogic.registerCustomSampleDataSource(
            category="Ours", sampleName="Subject", customDownloader=print, **fields
        )


def test_what_is_left_out_beside_the_uris_is_filled_in(sample_data):
    one = sample_data.SampleDataSource("One", uris="u", fileNames="a.nii", nodeNames="a")
    two = sample_data.SampleDataSource("Two", uris=["u", "v"], fileNames=["a.nii", "b.nii"])

    assert (one.uris, one.fileNames, one.nodeNames, one.checksums) == (["u"], ["a.nii"], ["a"], [None])
    assert (two.nodeNames, two.loadFiles, two.loadFileTypes) == ([None] * 2, [None] * 2, [None] * 2)


def test_an_equal_source_is_registered_once(sample_data):
    import slicer

    for _ in range(2):
        sample_data.SampleDataLogic.registerCustomSampleDataSource(
            category="Ours", sampleName="Subject", customDownloader=print, **NOTHING_TO_DOWNLOAD
        )

    assert len(slicer.modules.sampleDataSources["Ours"]) == 1


def test_the_function_for_scripts_never_calls_a_custom_downloader(sample_data):
    called = []
    source = sample_data.SampleDataSource(
        sampleName="Subject", customDownloader=called.append, **NOTHING_TO_DOWNLOAD
    )

    assert sample_data.SampleDataLogic().downloadFromSource(source) == []
    assert called == []


def test_the_button_hands_the_source_to_the_custom_downloader(sample_data, running_slicer):
    import slicer

    called = []
    sample_data.SampleDataLogic.registerCustomSampleDataSource(
        category="Ours", sampleName="Subject", customDownloader=called.append, **NOTHING_TO_DOWNLOAD
    )
    panel = running_slicer.qt.QWidget()
    sample_data.SampleDataWidget.setCategoriesFromSampleDataSources(
        running_slicer.qt.QVBoxLayout(panel), slicer.modules.sampleDataSources, sample_data.SampleDataLogic()
    )
    (button,) = panel.findChildren(running_slicer.qt.QToolButton)
    button.click()

    assert called == slicer.modules.sampleDataSources["Ours"]
