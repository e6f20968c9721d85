"""A subject's folder after a kill: what somebody put there since is theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.ownership import Manifest
from LongitudinalINRLib.simulate import storage
from LongitudinalINRLib.simulate.storage import load_truth
from LongitudinalINRLib.simulate.subject import SimulatedSubject, simulate_subject

FIRST, LAST = "t000.0mo.nii.gz", "truth/displacement_012.0mo.nii.gz"


@pytest.fixture
def subject(a_head: tuple[Volume, Volume]) -> SimulatedSubject:
    return simulate_subject(*a_head, [0, 12], smoothness_mm=12.0)


def save_until(count: int, subject: SimulatedSubject, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kill the simulation when it has written some volumes."""
    usual, written = storage.write_volume, []

    def killed(volume: Volume, path: Path, *place: object) -> None:
        if len(written) == count:
            raise KeyboardInterrupt
        written.append(path)
        usual(volume, path, *place)

    with monkeypatch.context() as patch:
        patch.setattr(storage, "write_volume", killed)
        with pytest.raises(KeyboardInterrupt):
            subject.save(folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("name", [FIRST, LAST])
@pytest.mark.parametrize("count", [0, 3])
def test_a_file_put_where_a_killed_simulation_would_have_written_is_kept(
    subject: SimulatedSubject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, name: str
) -> None:
    save_until(count, subject, tmp_path, monkeypatch)
    (tmp_path / "truth").mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(b"the only copy")
    before = contents(tmp_path)
    with pytest.raises(InputError) as refusal:
        subject.save(tmp_path)
    assert refusal.value.code == "output-not-empty"
    assert refusal.value.found == name
    assert contents(tmp_path) == before


@pytest.mark.parametrize("count", [0, 3, 9])
def test_a_killed_simulation_is_made_again_in_its_folder(
    subject: SimulatedSubject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    save_until(count, subject, tmp_path / "again", monkeypatch)
    subject.save(tmp_path / "again")
    subject.save(tmp_path / "once")
    assert contents(tmp_path / "again") == contents(tmp_path / "once")


def test_no_truth_is_read_while_it_is_being_replaced(
    subject: SimulatedSubject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject.save(tmp_path)
    save_until(1, subject, tmp_path, monkeypatch)
    with pytest.raises(InputError) as refusal:
        load_truth(tmp_path)
    assert refusal.value.code == "not-a-simulation"


@pytest.mark.parametrize("content", ["my list", "{}"])
def test_somebody_elses_list_of_files_is_kept(
    subject: SimulatedSubject, tmp_path: Path, content: str
) -> None:
    (tmp_path / "files.json").write_text(content)
    with pytest.raises(InputError) as refusal:
        subject.save(tmp_path)
    assert refusal.value.code == "output-not-empty"
    assert contents(tmp_path) == {"files.json": content.encode()}


def test_the_folder_of_a_fit_is_refused(subject: SimulatedSubject, tmp_path: Path) -> None:
    manifest = Manifest(tmp_path)
    manifest.start()
    manifest.write_bytes(tmp_path / "request.json", b"{}")
    (tmp_path / "worker.log").write_text("")
    before = contents(tmp_path)
    with pytest.raises(InputError) as refusal:
        subject.save(tmp_path)
    assert refusal.value.found == "request.json, worker.log"
    assert contents(tmp_path) == before


def test_a_file_that_comes_while_a_subject_is_written_is_kept(
    subject: SimulatedSubject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = storage.write_volume

    def slow(volume: Volume, path: Path, *place: object) -> None:
        if path == tmp_path / LAST:
            path.write_bytes(b"somebody was quicker")
        usual(volume, path, *place)

    monkeypatch.setattr(storage, "write_volume", slow)
    with pytest.raises(InputError) as refusal:
        subject.save(tmp_path)
    assert refusal.value.code == "output-taken"
    assert (tmp_path / LAST).read_bytes() == b"somebody was quicker"
