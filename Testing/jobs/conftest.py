from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.runner import JobRunner


@pytest.fixture
def a_folder(tmp_path: Path) -> JobFolder:
    folder = JobFolder(tmp_path / "job")
    folder.create()
    return folder


@pytest.fixture
def until_finished() -> Callable[[JobRunner], list[events.Event]]:
    """Poll as a panel's timer does, until the last event."""

    def wait(runner: JobRunner, seconds: float = 280.0) -> list[events.Event]:
        come: list[events.Event] = []
        deadline = time.monotonic() + seconds
        while not runner.finished and time.monotonic() < deadline:
            come += runner.poll()
            time.sleep(0.01)
        assert runner.finished, come
        return come

    return wait
