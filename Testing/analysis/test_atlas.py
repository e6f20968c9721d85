from LongitudinalINRLib.analysis.atlas import display_name, region_of, right_partner


def test_labels_carry_freesurfers_names_and_colours():
    region = region_of(17)
    assert (region.name, region.colour) == ("Left-Hippocampus", (220, 216, 20))
    assert region_of(2035).name == "ctx-rh-insula"


def test_an_unknown_label_is_called_by_its_number():
    assert region_of(123).name == "label 123"


def test_left_structures_know_their_right_partner():
    assert [right_partner(label) for label in (17, 4, 1001, 53, 14, 9999)] == [53, 43, 2001, None, None, None]


def test_names_for_people_read_as_words():
    labels = [4, 5, 14, 28, 24, 1035, 251, 0, -1]
    assert [display_name(label, region_of(label).name) for label in labels] == [
        "Left lateral ventricle",
        "Left inferior lateral ventricle",
        "3rd ventricle",
        "Left ventral DC",
        "CSF",
        "Left cortex, insula",
        "Corpus callosum, posterior",
        "Whole mask",
        "Brain tissue",
    ]


def test_a_name_that_a_person_chose_stays_as_it_is():
    assert display_name(17, "Hippocampus LEFT (mine)") == "Hippocampus LEFT (mine)"


def test_freesurfers_names_are_spelled_out_whatever_number_a_segment_has():
    assert display_name(4, "Left-Hippocampus") == "Left hippocampus"
