"""What is no regular file is refused at once; read in a process of its own, as it might never come back."""

from __future__ import annotations

import errno
import json
import os
import socket
import stat
import subprocess
import sys

import pytest

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.formats import source
from LongitudinalINRLib.imaging.reading import read_volume

READ_ALL = """
import json, sys
from pathlib import Path
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.reading import read_displacement, read_labels, read_volume
from LongitudinalINRLib.imaging.formats.source import sha256_of_source, source_files
readers = (read_volume, read_labels, read_displacement, sha256_of_source, source_files)
for path in map(Path, sys.argv[1:]):
    for reader in readers:
        try:
            reader(path)
        except InputError as error:
            told = bool(error.expected and error.found and error.advice)
            print(json.dumps([path.name, reader.__name__, error.code, told]), flush=True)
"""
READERS = ("read_volume", "read_labels", "read_displacement", "sha256_of_source", "source_files")
LONGEST_SECONDS = 120

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="pipes, sockets and devices have no path there"
)


def make_pipe(path):
    os.mkfifo(path)


def make_socket(path):
    here = os.getcwd()
    os.chdir(path.parent)  # a socket's path must be short
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path.name)
    finally:
        os.chdir(here)


CASES = {
    "pipe": ("not-a-regular-file", make_pipe),
    "folder": ("not-a-regular-file", lambda path: path.mkdir()),
    "socket": ("not-a-regular-file", make_socket),
    "endless": ("not-a-regular-file", lambda path: path.symlink_to("/dev/zero")),
    "empty": ("not-a-regular-file", lambda path: path.symlink_to("/dev/null")),
    "random": ("not-a-regular-file", lambda path: path.symlink_to("/dev/urandom")),
    "terminal": ("not-a-regular-file", lambda path: path.symlink_to("/dev/tty")),
    "root": ("not-a-regular-file", lambda path: path.symlink_to("/")),
    "nowhere": ("file-missing", lambda path: path.symlink_to("nothing")),
    "itself": ("file-missing", lambda path: path.symlink_to(path.name)),
    "nothing": ("file-missing", lambda path: None),
    "x" * 300: ("file-missing", lambda path: None),
}


@pytest.mark.parametrize("ending", [".nii", ".nii.gz", ".mgh", ".mgz", ".nrrd", ".nhdr", ".mha", ".mhd"])
def test_only_regular_files_are_opened(tmp_path, ending):
    codes, paths = {}, []
    for stem, (code, make) in CASES.items():
        path = tmp_path / f"{stem}{ending}"
        make(path)
        codes[path.name] = code
        paths.append(path)
    kinds = {path: stat.S_IFMT(path.lstat().st_mode) for path in tmp_path.iterdir()}
    child = subprocess.run(
        [sys.executable, "-c", READ_ALL, *map(str, paths)],
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    found = [json.loads(line) for line in child.stdout.splitlines()]
    assert found == [[name, reader, code, True] for name, code in codes.items() for reader in READERS]
    assert {path: stat.S_IFMT(path.lstat().st_mode) for path in tmp_path.iterdir()} == kinds


def test_a_path_that_no_file_can_have_is_missing(tmp_path):
    with pytest.raises(InputError) as refusal:
        read_volume(tmp_path / "sc\0an.nii")
    assert refusal.value.code == "file-missing"


@pytest.mark.parametrize("step", ["stat", "open"])
def test_a_file_that_may_not_be_read_is_refused(tmp_path, monkeypatch, step):
    (tmp_path / "scan.nii").write_bytes(b"x")

    def refused(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(source.os, step, refused)
    with pytest.raises(InputError) as refusal:
        source.open_regular(tmp_path / "scan.nii")
    monkeypatch.undo()
    assert (refusal.value.code, refusal.value.found) == ("file-unreadable", "Permission denied")


@pytest.mark.parametrize("header", ["scan.nhdr", "scan.mhd"])
def test_a_data_file_that_is_no_regular_file_is_refused(tmp_path, header):
    text = {
        "scan.nhdr": (
            "NRRD0004\ntype: short\ndimension: 3\nsizes: 6 5 4\nspace: LPS\nendian: little\nencoding: raw\n"
            "space directions: (2,0,0) (0,2,0) (0,0,2)\nspace origin: (0,0,0)\ndata file: pipe\n"
        ),
        "scan.mhd": (
            "NDims = 3\nDimSize = 6 5 4\nElementSpacing = 2 2 2\nElementType = MET_SHORT\n"
            "ElementDataFile = pipe\n"
        ),
    }
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / header).write_text(text[header])
    child = subprocess.run(
        [sys.executable, "-c", READ_ALL, str(tmp_path / header)],
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=True,
    )
    codes = {reader: code for _, reader, code, _ in map(json.loads, child.stdout.splitlines())}
    assert codes == {
        "read_volume": "not-a-regular-file",
        "read_labels": "not-a-regular-file",
        "read_displacement": "not-an-image",
        "sha256_of_source": "not-a-regular-file",
        "source_files": "not-a-regular-file",
    }
