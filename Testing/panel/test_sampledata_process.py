"""The child process of the sample data where its folder cannot be deleted."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "LongitudinalINR"))


def test_closing_says_nothing_of_a_file_that_is_still_open(tmp_path, monkeypatch):
    from LongitudinalINRModule.sampledata.process import SimulationProcess

    process = SimulationProcess([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path)

    def refuse(*_, **__):
        raise PermissionError("in use")

    monkeypatch.setattr(os, "rmdir", refuse)
    process.close()

    assert process.exit_code is not None
