"""What stands on the page about maps that were made."""

from __future__ import annotations

from LongitudinalINRLib.cohort.group.about_maps import NOT_HARMONISED, methods_of_maps, notes_about_maps
from LongitudinalINRLib.cohort.maps.files import MapsNote

NOTE = MapsNote(
    space="MNI152NLin2009aSym",
    voxel_mm=2.0,
    months=(12.0,),
    months_of_models=(12.0,),
    groups={"AD": 4, "control": 4},
    left_out={"05": "no finished fit", "07": "no finished fit"},
    free={},
    untested=dict.fromkeys(
        ("AD - control", "MCI - control"), "people can be exchanged in 70 ways, fewer than 100"
    ),
    notes=("How they were made.",),
    files=(),
)


def test_groups_that_were_not_compared_are_told_with_the_reason():
    assert notes_about_maps(NOTE, harmonised=False) == (
        "2 people are in the tables and not in the maps: no finished fit.",
        "Not compared voxel by voxel, so that no map shows a difference: AD - control, MCI - control (people "
        "can be exchanged in 70 ways, fewer than 100).",
    )
    assert notes_about_maps(NOTE.model_copy(update={"left_out": {}, "untested": {}}), harmonised=False) == ()


def test_beside_harmonised_tables_the_maps_are_said_not_to_be():
    assert notes_about_maps(NOTE, harmonised=True)[-1] == NOT_HARMONISED
    assert methods_of_maps(NOTE, harmonised=True) == ("How they were made.", NOT_HARMONISED)
    assert methods_of_maps(NOTE, harmonised=False) == ("How they were made.",)
