from __future__ import annotations

import json

import numpy as np
import pytest

from LongitudinalINRLib.errors import InputError


@pytest.fixture
def regions(scene, a_result):
    """Give a result a table of regions at the baseline, the last scan and beyond it."""
    from LongitudinalINRModule.mrml.tables import fill_table
    from LongitudinalINRModule.result.result import REGIONS_ROLE

    def fill(intervals):
        last = a_result.observed_months[-1]
        rows = [
            ("brain", 0, last, -3.0, 1000.0),
            ("Left-Hippocampus", 17, 0.0, 0.0, 4.0),
            ("Left-Hippocampus", 17, last, -7.2, 4.0),
            ("Right-Hippocampus", 53, last, -0.9, 4.0),
            ("Left-Hippocampus", 17, last + 12, -20.0, 4.0),
        ]
        names, labels, months, change, volume_ml = zip(*rows, strict=True)
        table = scene.AddNewNodeByClass("vtkMRMLTableNode", "regions")
        fill_table(
            table,
            {
                "region": list(names),
                "label": np.array(labels),
                "months": np.array(months),
                "volume_change_percent": np.array(change),
                "baseline_volume_ml": np.array(volume_ml),
                "interval_points": np.full(len(rows), intervals),
            },
        )
        a_result.browser.SetNodeReferenceID(REGIONS_ROLE, table.GetID())
        return a_result

    return fill


def test_the_answer_is_of_the_last_scan_and_leaves_the_wholes_out(regions):
    from LongitudinalINRModule.result.answer import answer_of

    assert answer_of(regions(1.8)) == (
        "By month 24, the last scan: Changed beyond their 90 % intervals: Left hippocampus −7.2 ± 1.8 %. "
        "1 of 2 regions may as well not have changed: it lies within its interval."
    )


def test_the_warnings_of_the_fit_come_with_it(a_result):
    from LongitudinalINRModule.result.answer import answer_of
    from LongitudinalINRModule.result.provenance import keep_provenance

    a_result.browser.SetNodeReferenceID("LongitudinalINR.Regions", None)
    keep_provenance(a_result, {"warnings": ["scan-1 is blurred.", 3, "scan-2 too."]})
    lines = answer_of(a_result).split("\n")
    assert lines[-2:] == ["⚠ scan-1 is blurred.", "⚠ scan-2 too."]


def test_a_damaged_account_is_refused(a_result):
    from LongitudinalINRModule.result.answer import answer_of
    from LongitudinalINRModule.result.provenance import PROVENANCE_ATTRIBUTE

    a_result.browser.SetAttribute(PROVENANCE_ATTRIBUTE, json.dumps([1]))
    with pytest.raises(InputError):
        answer_of(a_result)
