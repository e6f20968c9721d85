"""The self-test that runs inside Slicer runs here too, with the real worker in a child process."""

from __future__ import annotations

import json

import pytest
from standin import dialogs, driving
from standin.each_slicer import EACH_SLICER


@EACH_SLICER
@pytest.mark.timeout(300)
def test_scans_become_an_exported_map(panel, picture, running_slicer, monkeypatch):
    import slicer
    from LongitudinalINRModule.export import writing
    from LongitudinalINRModule.selftest import journey

    monkeypatch.setattr(slicer.util, "selectModule", lambda _: None)
    monkeypatch.setattr(writing, "FRAMES", 3)  # each is drawn without a graphics card
    told, jobs = [], []

    def tell(text):
        told.append(text)
        if text == "Exporting":  # a bundle knows nothing of the job's folder
            jobs.append(panel.logic.service.folder_of(panel.panel.explore_section.result))
        driving.process_events(0.05)
        picture(panel, text.split()[0].lower())

    folder = journey.walk_through(tell)
    driving.process_events(0.05)
    picture(panel, "exported")

    assert (told[0], told[-1], len(told)) == ("Taking the scans", "Bringing a bundle back", 16)
    assert dialogs.blocking_calls == []
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["config"]["preset"] == "preview"
    assert len(manifest["scans"]) == 3
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert not any(b"Doe^Jane" in path.read_bytes() for path in files)
    (job,) = jobs
    assert not job.inputs.exists()
    assert not any(b"Doe^Jane" in path.read_bytes() for path in job.path.rglob("*") if path.is_file())
    assert panel.ui.queueLabel.text.startswith("Done in ")
    result = panel.panel.explore_section.result
    assert result.baseline.GetName() == "Doe^Jane 0"
