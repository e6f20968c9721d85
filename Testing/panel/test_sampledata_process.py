"""The child process of the sample data: its folder takes a subject, or cannot be deleted."""

from __future__ import annotations

import os
import sys
import time
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


_SIMULATE = """if True:
    import sys
    from pathlib import Path
    from LongitudinalINRLib.simulate.builtin import builtin_subject
    from LongitudinalINRLib.simulate.subject import simulate_subject
    print("0.500 simulating", flush=True)
    simulate_subject(*builtin_subject(6.0), (0.0, 12.0), smoothness_mm=12.0).save(Path(sys.argv[1]))
"""


def test_its_folder_takes_the_files_of_a_subject(tmp_path):
    from LongitudinalINRModule.sampledata.process import SimulationProcess

    from LongitudinalINRLib.simulate.storage import load_truth

    process = SimulationProcess([sys.executable, "-c", _SIMULATE], tmp_path)
    end = time.monotonic() + 120
    while process.exit_code is None and time.monotonic() < end:
        time.sleep(0.05)
    assert process.exit_code == 0, process.log
    assert process.progress == (0.5, "simulating")
    assert load_truth(process.folder).months == (0.0, 12.0)
    process.close()
    assert list(tmp_path.iterdir()) == []
