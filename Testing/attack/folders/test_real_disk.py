"""A real file system that loses power: its image is copied while a job writes, and mounted again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))
from attack.folders.test_power import begin, check_goes_on, results_of

from LongitudinalINRLib.jobs.folder import JobFolder

pytestmark = pytest.mark.attack

IMAGE_MB = 48
COPIES = 40


def run(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


@pytest.fixture
def mounted(tmp_path) -> Iterator:
    """Mount images of ext4 at folders, and unmount them at the end."""
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("mkfs.ext4"):
        pytest.skip("needs Linux, root and mkfs.ext4, to mount a file-system image")
    places: list[Path] = []

    def mount(image: Path, name: str) -> Path:
        place = tmp_path / name
        place.mkdir()
        try:
            run("mount", "-o", "loop,commit=300", image, place)
        except subprocess.CalledProcessError as error:
            pytest.skip(f"an image cannot be mounted here: {error.stderr.decode().strip()}")
        places.append(place)
        return place

    yield mount
    for place in places:
        subprocess.run(["umount", str(place)], check=False, capture_output=True)


@pytest.mark.timeout(3600)
def test_a_job_on_a_disk_that_lost_power_goes_on(mounted, tiny_subject, tmp_path, monkeypatch):
    image = tmp_path / "disk.img"
    with image.open("wb") as file:
        file.truncate(IMAGE_MB << 20)
    run("mkfs.ext4", "-q", image)
    disk = mounted(image, "disk")
    copies: list[Path] = []
    usual = os.fsync

    def flush_and_copy(descriptor: int) -> None:
        usual(descriptor)
        flush_and_copy.count += 1
        if flush_and_copy.count % flush_and_copy.every == 0:
            copies.append(tmp_path / f"copy-{len(copies)}.img")
            run("cp", "--sparse=always", image, copies[-1])

    flush_and_copy.count, flush_and_copy.every = 0, 4
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", flush_and_copy)
        folder = JobFolder(disk / "job")
        folder.create()
        assert begin(folder, tiny_subject) == 0
    result = results_of(folder)
    assert len(copies) > 10
    for number, copy in enumerate(copies[:COPIES]):
        again = JobFolder(mounted(copy, f"again-{number}") / "job")
        check_goes_on(again, result, tiny_subject)
        run("umount", again.path.parent)
