"""Which warnings the quality of a series gives, and that a job gives them."""

from __future__ import annotations

from LongitudinalINRLib.analysis.appearance import Appearance
from LongitudinalINRLib.analysis.laterality import Sides
from LongitudinalINRLib.analysis.pace import Pace
from LongitudinalINRLib.analysis.quality import ScanQuality, SeriesQuality
from LongitudinalINRLib.files import write_text
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.folder import read_json
from LongitudinalINRLib.jobs.request import ScanEntry
from LongitudinalINRLib.jobs.stages.appearance import appearance_warnings
from LongitudinalINRLib.jobs.stages.quality import quality_warnings
from LongitudinalINRLib.jobs.stages.sides import side_warnings
from LongitudinalINRLib.jobs.worker import perform


def a_series(
    unexplained=(0.01, 0.012, 0.011),
    implausible=(0.0, 0.002, 0.005),
    course=(0.01, 0.02, 0.03),
    seen=None,
    fastest=None,
) -> SeriesQuality:
    scans = zip((12.0, 24.0, 36.0), unexplained, implausible, strict=True)
    looked_at = tuple(ScanQuality(*values, values[0], values[1]) for values in scans)
    return SeriesQuality(looked_at, course, seen or course, fastest)


def test_a_good_series_gives_no_warning():
    assert quality_warnings(a_series()) == []


def test_a_series_that_hardly_changes_gives_no_warning_whichever_way_it_goes():
    assert quality_warnings(a_series(course=(0.004, -0.001, 0.003))) == []


def test_a_scan_far_less_explained_than_the_others_is_named_with_what_is_usual():
    (warning,) = quality_warnings(a_series(unexplained=(0.01, 0.05, 0.012)))
    assert warning.startswith("scan-2 (month 24): after the fit 5.00% of its contrast is not explained")
    assert "expected about 1.10% as in the other follow-ups" in warning
    assert "leave it out" in warning


def test_next_to_nothing_unexplained_is_no_fault_even_where_the_others_leave_less():
    assert quality_warnings(a_series(unexplained=(0.0005, 0.0029, 0.0005))) == []


def test_a_scan_that_another_month_would_explain_is_told_with_that_month():
    scans = (ScanQuality(6.0, 0.002, 0.0, 24.0, 0.0003), ScanQuality(36.0, 0.0003, 0.0, 36.0, 0.0003))
    (warning,) = quality_warnings(SeriesQuality(scans, (0.01, 0.06), (0.01, 0.06), None))
    assert warning.startswith("scan-1 (month 6): the change that the other scans show")
    assert "best at month 24, where 0.03% of its contrast" in warning
    assert warning.endswith("Check its month.")


def test_a_series_without_a_good_scan_is_warned_of_scan_by_scan():
    warnings = quality_warnings(a_series(unexplained=(0.3, 0.31, 0.29)))
    assert [warning[:6] for warning in warnings] == ["scan-1", "scan-2", "scan-3"]


def test_a_single_follow_up_has_nothing_to_be_compared_with():
    def alone(share):
        return SeriesQuality((ScanQuality(12.0, share, 0.0, 12.0, share),), (0.01,), (0.01,), None)

    assert quality_warnings(alone(0.08)) == []
    assert len(quality_warnings(alone(0.12))) == 1


def test_a_brain_that_changes_by_a_quarter_all_over_is_doubted():
    (warning,) = quality_warnings(a_series(implausible=(0.0, 0.4, 0.0)))
    assert "40% of the brain would have changed by more than 25%" in warning
    assert "is of this person" in warning


def test_a_course_that_turns_back_names_the_month_that_would_fit():
    (warning,) = quality_warnings(a_series(course=(0.04, 0.02, 0.06)))
    assert "back by 33% of its largest extent" in warning
    assert "the months of scan-1 (month 12) and scan-2 (month 24) exchanged or " in warning
    assert "the scan of month 12 at month 30 or the scan of month 24 at month 6" in warning


def test_an_order_that_the_fit_has_smoothed_away_is_still_seen_in_the_scans():
    (warning,) = quality_warnings(a_series(course=(0.012, 0.024, 0.035), seen=(0.012, 0.006, 0.018)))
    assert "back by 33% of its largest extent, expected is one way" in warning
    assert "with the months of scan-1 (month 12) and scan-2 (month 24) exchanged" in warning
    assert "Check the months of the scans" in warning


def test_a_small_step_back_counts_only_where_the_fit_doubts_a_month_too():
    seen = (0.021, 0.015, 0.03)
    quality = a_series(course=(0.01, 0.02, 0.03), seen=seen)
    assert quality_warnings(quality) == []
    first, *rest = quality.scans
    doubted = ScanQuality(first.months, 0.01, 0.0, 24.0, 0.007)
    month, warning = quality_warnings(SeriesQuality((doubted, *rest), quality.course, seen, None))
    assert month.startswith("scan-1 (month 12): the change that the other scans show")
    assert "back by 20% of its largest extent" in warning


def test_years_typed_as_months_are_told_by_a_pace_that_no_disease_has():
    (warning,) = quality_warnings(a_series(fastest=Pace(0.0, 12.0, 0.12)))
    assert warning.startswith("scan-1 (month 12): a typical change of 12.0% within 12 months, since month 0,")
    assert "is 12% a year, expected at most 8%" in warning
    assert "Were years typed as months?" in warning


def test_the_fastest_decline_known_is_no_fault():
    assert quality_warnings(a_series(fastest=Pace(0.0, 12.0, 0.079))) == []


def test_sides_are_doubted_only_where_the_scans_are_alike_and_their_sides_opposed():
    found = [Sides(0.99, 0.93), Sides(0.98, -0.2), Sides(0.5, -0.6), Sides(0.98, -0.9)]
    (warning,) = side_warnings((6.0, 12.0, 18.0, 24.0), found)
    assert warning.startswith("scan-4 (month 24): its left looks like the baseline's right.")
    assert "-0.90, expected about +0.9" in warning


def test_a_course_that_no_month_would_mend_is_told_without_advice_about_one():
    scans = tuple(ScanQuality(month, 0.01, 0.0, month, 0.01) for month in (9.0, 18.0, 27.0, 36.0))
    course = (0.03, 0.05, 0.03, 0.002)
    quality = SeriesQuality(scans, course, course, None)
    (warning,) = quality_warnings(quality)
    assert "at month" not in warning
    assert "swelling" in warning


def test_a_job_with_a_scan_of_something_else_warns_and_keeps_the_measures(a_folder, tiny_subject, tmp_path):
    import nibabel as nib

    good = nib.load(tiny_subject.follow_ups[24.0])
    other = tmp_path / "other.nii.gz"
    nib.save(nib.Nifti1Image(good.get_fdata()[::-1, ::-1].astype("float32"), good.affine), other)
    request = tiny_subject.request(
        follow_ups=(ScanEntry(str(tiny_subject.follow_ups[12.0]), 12.0), ScanEntry(str(other), 24.0))
    )
    write_text(a_folder.request, request.to_json())
    told: list[events.Event] = []
    assert perform(a_folder, told.append, lambda: False) == 0
    said = [event.message for event in told if isinstance(event, events.Warning)]
    assert any(message.startswith("scan-2 (month 24): after the fit") for message in said)
    account = read_json(a_folder.fit)
    assert {message for message in said if message.startswith("scan")} <= set(account["warnings"])
    good_scan, bad_scan = account["quality"]["scans"]
    assert good_scan["unexplained_share"] < 0.1 < bad_scan["unexplained_share"]


def test_a_lone_follow_up_that_looks_like_the_baseline_gives_no_warning():
    assert appearance_warnings((24.0,), (Appearance(24.0, 0.85, 0.6, 0.015),), 2.0) == []


def test_a_blurred_lone_follow_up_is_named_with_what_was_expected():
    (warning,) = appearance_warnings((24.0,), (Appearance(24.0, 0.34, 0.5, 0.01),), 2.0)
    assert warning.startswith("scan-1 (month 24): its fine detail has 34% of the power of the baseline's")
    assert "expected 75% to 133%" in warning
    assert "Look at this scan for motion" in warning


def test_a_follow_up_sharper_than_the_baseline_lays_it_on_the_baseline():
    (warning,) = appearance_warnings((24.0,), (Appearance(24.0, 1.9, 1.2, 0.01),), 1.0)
    assert "Look at the baseline, scan-0, for motion" in warning


def test_another_contrast_is_named_beside_scans_that_were_left_out():
    (warning,) = appearance_warnings((6.0, 24.0), (Appearance(24.0, 1.0, 1.0, 0.043),), 1.0)
    assert warning.startswith("scan-2 (month 24): its tissues stand in another contrast")
    assert "explains 4.3% of it, expected at most 2.4%" in warning
