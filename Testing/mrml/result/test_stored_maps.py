from __future__ import annotations

import pytest
from LongitudinalINRModule.jobs.loading import add_map
from LongitudinalINRModule.result.continuous_time import ContinuousTime
from LongitudinalINRModule.result.stored_maps import describe_stored, stored_months


@pytest.mark.parametrize("months", [0.0, 7.0, 12.0, 17.0, 19.0, 24.0, 36.0])
def test_the_month_told_is_that_of_the_item_shown(a_result, files, application, months):
    """The browser itself is asked: what it shows is the item whose voxels or vectors the proxy holds."""
    for name in ("aligned", "displacement"):
        add_map(a_result, files, name)
    ContinuousTime(a_result, application.sequences_logic).show(months)
    shown = {}
    for name in ("aligned", "displacement"):
        sequence, browser = a_result.sequence(name), a_result.browser
        master = browser.GetMasterSequenceNode().GetNthIndexValue(browser.GetSelectedItemNumber())
        item = sequence.GetItemNumberFromIndexValue(master, False)
        shown[name] = float(sequence.GetNthIndexValue(item))
    assert stored_months(a_result, months) == shown


def test_it_is_told_in_a_line(a_result, files):
    assert describe_stored(a_result, 7.0) == ""
    add_map(a_result, files, "warped", shown=False)
    assert describe_stored(a_result, 7.0) == "Not interpolated, the latest by then: no follow-up yet."
    add_map(a_result, files, "displacement", shown=False)
    expected = "Not interpolated, the latest by then: follow-up of month 12, deformation of month 18."
    assert describe_stored(a_result, 20.5) == expected
