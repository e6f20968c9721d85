from __future__ import annotations

import dataclasses
import hashlib

import pytest

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import write_json
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.identity import identify, input_files
from LongitudinalINRLib.jobs.request import Request, ScanEntry
from LongitudinalINRLib.jobs.same_inputs import refuse_changed, refuse_other_subject


@pytest.fixture(autouse=True)
def some_inputs(a_folder: JobFolder) -> None:
    a_folder.inputs.mkdir()
    for name in ("first", "second", "third", "brain", "aseg", "aseg24"):
        (a_folder.inputs / name).write_text(name)


@pytest.fixture
def a_request() -> Request:
    return Request(
        "inputs/first",
        (ScanEntry("inputs/third", 24.0), ScanEntry("inputs/second", 12.0)),
        mask="inputs/brain",
        labels="inputs/aseg",
        follow_up_labels=(ScanEntry("inputs/aseg24", 24.0),),
    )


def test_inputs_are_called_by_their_place_in_time_and_not_by_their_file_names(a_request):
    assert input_files(a_request) == {
        "scan-0": "inputs/first",
        "scan-1": "inputs/second",
        "scan-2": "inputs/third",
        "labels": "inputs/aseg",
        "labels-2": "inputs/aseg24",
        "mask": "inputs/brain",
    }


def test_the_identity_is_the_hash_of_every_input(a_request, a_folder):
    identity = identify(a_request, a_folder)
    assert identity["scan-1"] == hashlib.sha256(b"second").hexdigest()
    assert set(identity) == set(input_files(a_request))


def test_a_missing_file_is_explained(a_request, a_folder):
    with pytest.raises(InputError) as refused:
        identify(dataclasses.replace(a_request, mask="inputs/none"), a_folder)
    assert refused.value.code == "file-missing"
    assert "none" in refused.value.message


def test_two_follow_ups_that_are_the_same_file_are_refused(a_request, a_folder):
    (a_folder.inputs / "third").write_text("second")
    with pytest.raises(InputError) as refused:
        identify(a_request, a_folder)
    assert refused.value.code == "scan-twice"
    assert "scan-1" in refused.value.found


def test_another_subjects_folder_is_refused_and_the_same_subjects_is_not(a_request, a_folder):
    identity = identify(a_request, a_folder)
    refuse_other_subject(a_folder, identity)
    write_json(a_folder.identity, identity)
    refuse_other_subject(a_folder, {**identity, "scan-2": "another follow-up"})
    with pytest.raises(InputError) as refused:
        refuse_other_subject(a_folder, {**identity, "scan-0": "another head"})
    assert refused.value.code == "other-subject"


@pytest.mark.parametrize("change", [{"scan-1": "edited"}, {"labels-1": "added"}])
def test_going_on_with_a_changed_input_is_refused(a_request, a_folder, change):
    identity = identify(a_request, a_folder)
    refuse_changed(a_folder, identity)
    write_json(a_folder.identity, identity)
    refuse_changed(a_folder, identity)
    with pytest.raises(InputError) as refused:
        refuse_changed(a_folder, {**identity, **change})
    assert refused.value.code == "input-changed"
    assert refused.value.found == "changed: " + next(iter(change))
