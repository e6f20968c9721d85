from __future__ import annotations

import pytest

from LongitudinalINRLib.cohort.bids.choice import Wanted, choose, differences
from LongitudinalINRLib.cohort.bids.index import Scan, Session


def session(label, *entities, ending=".nii.gz"):
    stems = [f"sub-01_ses-{label}{'_' if text else ''}{text}" for text in entities]
    return Session(label, tuple(Scan(f"{stem}_T1w{ending}") for stem in stems))


def taken(*sessions, wanted=None):
    return [
        entry.scan.path.split("_", 2)[2].removesuffix("T1w.nii.gz").rstrip("_")
        for entry in choose(sessions, wanted or Wanted())
    ]


@pytest.mark.parametrize(
    ("entities", "best"),
    [
        (["", "ce-gd"], ""),
        (["rec-norm", ""], ""),
        (["rec-norm", "ce-gd"], "rec-norm"),
        (["run-1", "run-2"], "run-2"),
        (["run-2", "run-10"], "run-10"),
        (["echo-1", "rec-mean"], "rec-mean"),
        (["inv-1_part-mag", "part-mag"], "part-mag"),
        (["part-phase", "acq-b"], "acq-b"),
        (["acq-b", "acq-a"], "acq-a"),
        (["space-MNI", "desc-preproc", "mod-T1w", "acq-z"], "acq-z"),
    ],
)
def test_of_one_session_the_plain_whole_and_last_scan_is_taken(entities, best):
    assert taken(session("M00", *entities)) == [best]


def test_the_acquisition_that_most_sessions_of_the_person_share_is_taken():
    shared = taken(
        session("M00", "acq-fast", "acq-sag_run-1"),
        session("M12", "acq-sag_run-1", "acq-sag_run-2"),
        session("M24", "acq-fast", "acq-sag", ""),
    )

    assert shared == ["acq-sag_run-1", "acq-sag_run-2", "acq-sag"]


def test_the_others_are_passed_over_and_sessions_without_a_whole_scan_left_out():
    first, second = session("M00", "run-1", "run-2", "echo-1"), session("M12", "part-phase")

    chosen = choose([first, second], Wanted())

    assert [entry.session for entry in chosen] == ["M00"]
    assert chosen[0].passed_over == (first.scans[0], first.scans[2])


def test_what_is_asked_for_goes_before_the_rules():
    sessions = session("M00", "acq-a_run-1", "acq-a_run-2", "acq-b", "rec-norm"), session("M12", "acq-a")

    assert taken(*sessions, wanted=Wanted(acquisition="a", run=1)) == ["acq-a_run-1"]
    assert taken(*sessions, wanted=Wanted(acquisition="b")) == ["acq-b"]
    assert taken(*sessions, wanted=Wanted(reconstruction="norm")) == ["rec-norm"]


def test_a_zipped_scan_is_taken_before_the_same_one_unzipped():
    both = Session("M00", (*session("M00", "", ending=".nii").scans, *session("M00", "").scans))

    assert choose([both], Wanted())[0].scan.path.endswith(".nii.gz")


def test_scans_of_several_kinds_are_told():
    alike = choose([session("M00", "acq-a_run-1"), session("M12", "acq-a_run-2")], Wanted())
    mixed = choose([session("M00", ""), session("M12", "ce-gd")], Wanted())

    assert differences(alike) == []
    assert differences(mixed) == [
        "The scans of this person are of several kinds (ce-gd, no entity). Compare scans of one kind."
    ]
