"""A place with scans, a result and traps, and commands that run in it."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pytest
from typer.testing import CliRunner

from LongitudinalINRLib.cli.app import app

CHANGING = ("result/worker.lock", "result/worker.log")
"""Files that a command may touch although it refuses: who is at the job, and what it said."""


@pytest.fixture(scope="session")
def _place(tmp_path_factory: pytest.TempPathFactory, tiny_subject, a_result: Path) -> Path:
    folder = tmp_path_factory.mktemp("place")
    for name, source in (
        ("t0.nii.gz", tiny_subject.baseline),
        ("t12.nii.gz", tiny_subject.follow_ups[12.0]),
        ("labels.nii.gz", tiny_subject.labels),
        ("mask.nii.gz", tiny_subject.mask),
    ):
        shutil.copy(source, folder / name)
    shutil.copytree(a_result, folder / "result")
    _set_traps(folder)
    return folder


@pytest.fixture
def place(_place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with `t0`, `t12`, `labels` and `mask`, a `result` of them, and things that are no scans.

    Nothing in it may change, whatever is asked: checked when the test ends.
    """
    monkeypatch.chdir(_place)
    before = snapshot(_place)
    yield _place
    assert snapshot(_place) == before


def _set_traps(folder: Path) -> None:
    (folder / "text.nii.gz").write_text("no image at all")
    (folder / "empty.nii.gz").write_bytes(b"")
    (folder / "cut.nii.gz").write_bytes((folder / "t0.nii.gz").read_bytes()[:500])
    (folder / "scan.jpg").write_bytes(b"JFIF")
    (folder / "diary.csv").write_text("dear diary\n")
    (folder / "folder").mkdir()
    (folder / "full").mkdir()
    (folder / "full" / "thesis.txt").write_text("the only copy")
    (folder / "link.nii.gz").symlink_to(folder / "t0.nii.gz")
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "zero.nii.gz").symlink_to("/dev/zero")
    (folder / "dangling.nii.gz").symlink_to(folder / "nowhere")
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.nii.gz")
    small = nib.Nifti1Image(np.ones((5, 5, 5), np.int16), np.eye(4))
    small.set_sform(np.eye(4), 1)
    nib.save(small, folder / "small.nii.gz")
    for name, text in (("list", "[]"), ("number", "3"), ("cut", '{"baseline": "t0'), ("deep", "[" * 99_999)):
        job = folder / f"job-{name}"
        job.mkdir()
        (job / "request.json").write_text(text)


@pytest.fixture
def refused(place: Path) -> Callable[..., str]:
    """Run a command that must be refused, and return what it said."""

    def run(arguments: list[str], code: int = 2) -> str:
        result: Any = CliRunner().invoke(app, arguments)
        said = result.output + (result.stderr if result.stderr_bytes else "")
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        assert result.exit_code == code, said
        assert "went wrong" not in said
        assert "Traceback" not in said
        assert "\x1b" not in said
        return said

    return run


def snapshot(folder: Path) -> dict[str, str]:
    """Return what is in a folder: the hash of each file, the target of each link."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = f"-> {os.readlink(path)}"
        elif path.is_file():
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        else:
            found[name] = "a folder" if path.is_dir() else "special"
    return {name: value for name, value in found.items() if name not in CHANGING}
