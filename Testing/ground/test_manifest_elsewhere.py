"""A manifest that lies outside the folder whose files it names."""

from __future__ import annotations

import pytest

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.ownership import Manifest


@pytest.fixture
def a_manifest(tmp_path):
    (tmp_path / "shown").mkdir()
    (tmp_path / "kept").mkdir()
    manifest = Manifest(tmp_path / "shown", path=tmp_path / "kept" / "published.json")
    manifest.start()
    return manifest


def test_it_knows_the_files_of_its_folder_and_leaves_nothing_there_itself(a_manifest):
    path = a_manifest.folder / "table.tsv"
    a_manifest.write_bytes(path, b"1\n")
    again = Manifest(a_manifest.folder, path=a_manifest.path)
    assert (again.names(), again.state(path)) == (["table.tsv"], "ours")
    assert [each.name for each in a_manifest.folder.iterdir()] == ["table.tsv"]
    assert [each.name for each in a_manifest.path.parent.iterdir()] == ["published.json"]


def test_two_manifests_share_a_folder_and_each_takes_the_other_s_files_for_foreign(a_manifest):
    other = Manifest(a_manifest.folder, path=a_manifest.path.with_name("other.json"))
    other.start()
    path = a_manifest.folder / "table.tsv"
    a_manifest.write_bytes(path, b"1\n")
    with pytest.raises(InputError, match="not written by this program"):
        other.write_bytes(path, b"2\n")
    other.remove_all()
    assert path.read_bytes() == b"1\n"
    assert not other.path.exists()


def test_a_damaged_one_is_named_by_its_own_name(a_manifest):
    a_manifest.path.write_text("{}", "utf-8")
    with pytest.raises(InputError, match=r"published\.json of shown"):
        a_manifest.names()
