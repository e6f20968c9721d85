"""The button in Slicer's Sample Data module."""

from __future__ import annotations

from pathlib import Path

from LongitudinalINRModule.sampledata.loader import SubjectLoader

CATEGORY = "LongitudinalINR"
TITLE = "Longitudinal INR"
SAMPLE = "Simulated longitudinal subject"
_THUMBNAIL = Path(__file__).resolve().parents[2] / "Resources" / "Icons" / "SimulatedSubject.png"


def register_sample_data(loader: SubjectLoader | None = None) -> SubjectLoader:
    """Offer the simulated subject in Sample Data; connect it to Slicer's `startupCompleted()`.

    Returns
    -------
    SubjectLoader
        What the button starts; a script calls its `load` and `wait`, since Sample Data's own functions for
        scripts know nothing but downloads.
    """
    from SampleData import SampleDataLogic

    loader = loader or SubjectLoader()
    SampleDataLogic.registerCustomSampleDataSource(
        category=CATEGORY,
        sampleName=SAMPLE,
        # Nothing is downloaded; Sample Data expects the lists all the same.
        uris=[],
        fileNames=[],
        nodeNames=[],
        thumbnailFileName=str(_THUMBNAIL),
        customDownloader=loader.load,
    )
    if hasattr(SampleDataLogic, "registerCustomSampleDataCategory"):  # since Slicer 5.12
        SampleDataLogic.registerCustomSampleDataCategory(CATEGORY, TITLE)
    return loader
