"""Files are written whole or not at all, by the rules of each system."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import types

import pytest

from LongitudinalINRLib import files
from LongitudinalINRLib.files import PART, make_folder, remove, remove_parts, write_bytes, writing


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_and_its_folder_are_flushed_before_anybody_can_rely_on_them(tmp_path, monkeypatch):
    done = []
    for name in ("fsync", "replace"):
        usual = getattr(os, name)

        def noted(*arguments, name=name, usual=usual):
            if name == "fsync":
                done.append("flush " + os.path.basename(os.readlink(f"/proc/self/fd/{arguments[0]}"))[:9])
            else:
                done.append("rename")
            return usual(*arguments)

        monkeypatch.setattr(files.os, name, noted)
    write_bytes(tmp_path / "a", b"x")
    assert done == [f"flush {PART}", "rename", f"flush {tmp_path.name[:9]}"]


def test_a_writer_that_fails_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "a"
    write_bytes(path, b"old")

    def write_half_and_fail():
        with writing(path) as part:
            part.write_bytes(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half_and_fail()
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_a_link_is_replaced_and_what_it_leads_to_stays(tmp_path):
    (tmp_path / "scan").write_bytes(b"the only copy")
    (tmp_path / "a").symlink_to(tmp_path / "scan")
    write_bytes(tmp_path / "a", b"new")
    assert (tmp_path / "scan").read_bytes() == b"the only copy"
    assert not (tmp_path / "a").is_symlink()


def test_what_a_killed_writer_left_is_removed_by_the_next_one(tmp_path):
    code = (
        "import os, sys, pathlib\n"
        "from LongitudinalINRLib.files import writing\n"
        "with writing(pathlib.Path(sys.argv[1])) as part:\n"
        "    part.write_bytes(b'half'); os._exit(9)\n"
    )
    path = tmp_path / "a"
    assert subprocess.run([sys.executable, "-c", code, path], check=False).returncode == 9
    assert len(names(tmp_path)) == 1
    write_bytes(path, b"whole")
    assert names(tmp_path) == ["a"]


def test_what_a_living_writer_is_at_stays(tmp_path):
    path = tmp_path / "a"
    with writing(path) as part:
        remove_parts(tmp_path, ["a"])
        assert part.exists()
        part.write_bytes(b"whole")
    assert path.read_bytes() == b"whole"


@pytest.mark.parametrize(
    "name", [f"{PART}0123456789ab-b", f"{PART}short-a", f"{PART}a", ".a.tmp", f"x{PART}0123456789ab-a"]
)
def test_files_that_only_look_like_a_writers_stay(tmp_path, name):
    (tmp_path / name).write_bytes(b"mine")
    remove_parts(tmp_path, ["a"])
    assert names(tmp_path) == [name]


def test_a_link_with_a_writers_name_stays(tmp_path):
    (tmp_path / "scan").write_bytes(b"the only copy")
    (tmp_path / f"{PART}0123456789ab-a").symlink_to(tmp_path / "scan")
    remove_parts(tmp_path, ["a"])
    assert len(names(tmp_path)) == 2


def test_removing_what_is_not_there_is_no_error(tmp_path):
    remove(tmp_path / "nothing")
    assert names(tmp_path) == []


def test_a_disk_that_cannot_flush_a_folder_is_no_reason_to_fail(tmp_path, monkeypatch):
    usual = os.fsync

    def refusing(descriptor):
        if os.path.isdir(f"/proc/self/fd/{descriptor}"):
            raise OSError(errno.EINVAL, "Invalid argument")
        usual(descriptor)

    monkeypatch.setattr(files.os, "fsync", refusing)
    write_bytes(tmp_path / "a", b"x")
    assert (tmp_path / "a").read_bytes() == b"x"


def test_a_disk_that_fails_is_told(tmp_path, monkeypatch):
    def failing(_descriptor):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(files.os, "fsync", failing)
    with pytest.raises(OSError, match="Input/output"):
        write_bytes(tmp_path / "a", b"x")
    assert names(tmp_path) == []


class TestByTheRulesOfWindows:
    @pytest.fixture(autouse=True)
    def windows(self, monkeypatch):
        """Play Windows: no renaming of a file that is open, no opening of a folder."""
        self.opened: dict[int, str] = {}
        usual_open, usual_close, usual_replace = os.open, os.close, os.replace

        def opened(path, flags, *rest):
            if os.path.isdir(path):
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            descriptor = usual_open(path, flags, *rest)
            self.opened[descriptor] = str(path)
            return descriptor

        def closed(descriptor):
            usual_close(descriptor)
            self.opened.pop(descriptor, None)

        def replaced(part, path):
            if str(part) in self.opened.values() or self.busy > 0:
                self.busy -= 1
                raise PermissionError(errno.EACCES, "The process cannot access the file", str(part))
            usual_replace(part, path)

        self.busy = 0
        monkeypatch.setattr(files.sys, "platform", "win32")
        monkeypatch.setattr(files, "try_lock", lambda descriptor: True)
        monkeypatch.setattr(files.time, "sleep", lambda seconds: None)
        for name, played in (("open", opened), ("close", closed), ("replace", replaced)):
            monkeypatch.setattr(files.os, name, played)

    def test_a_file_is_closed_before_it_is_renamed_and_no_folder_is_opened(self, tmp_path):
        write_bytes(tmp_path / "a", b"x")
        assert (tmp_path / "a").read_bytes() == b"x"
        assert self.opened == {}

    def test_a_virus_scanner_that_has_the_file_open_for_a_moment_is_waited_for(self, tmp_path):
        self.busy = 3
        write_bytes(tmp_path / "a", b"x")
        assert (tmp_path / "a").read_bytes() == b"x"

    def test_one_that_never_lets_go_is_told_and_nothing_is_left(self, tmp_path):
        self.busy = 100
        with pytest.raises(PermissionError):
            write_bytes(tmp_path / "a", b"x")
        assert names(tmp_path) == []


def test_macos_is_asked_to_empty_the_drives_own_memory(tmp_path, monkeypatch):
    import fcntl

    asked = []
    monkeypatch.setattr(files.sys, "platform", "darwin")
    monkeypatch.setattr(fcntl, "F_FULLFSYNC", 51, raising=False)
    monkeypatch.setattr(fcntl, "fcntl", lambda descriptor, command: asked.append(command))
    write_bytes(tmp_path / "a", b"x")
    assert asked == [51]


def test_windows_locks_a_byte_behind_every_files_end(tmp_path, monkeypatch):
    import importlib

    locked = []
    played = types.ModuleType("msvcrt")
    played.LK_NBLCK = 2
    played.locking = lambda descriptor, mode, count: locked.append(
        (os.lseek(descriptor, 0, os.SEEK_CUR), mode)
    )
    monkeypatch.setitem(sys.modules, "msvcrt", played)
    from LongitudinalINRLib import lock

    with monkeypatch.context() as windows:
        windows.setattr(sys, "platform", "win32")
        importlib.reload(lock)
        with lock.hold(tmp_path / "lock") as free:
            assert free
    importlib.reload(lock)
    assert locked == [(1 << 40, 2)]


def test_folders_that_are_made_are_flushed_with_their_names(tmp_path, monkeypatch):
    flushed = []
    monkeypatch.setattr(files, "sync_folder", flushed.append)
    make_folder(tmp_path / "a" / "b", 0o700)
    assert flushed == [tmp_path, tmp_path / "a"]
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700
