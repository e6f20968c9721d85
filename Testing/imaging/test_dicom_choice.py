"""Which series of an export is taken: the only 3D T1-weighted one, the one that is named, or none."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
from dicom_export import DERIVED, LOCALISER, T1, T2, VOXELS, add_series, add_visit, uid_of

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.dicom import tags, walk
from LongitudinalINRLib.imaging.dicom.catalogue import catalogue
from LongitudinalINRLib.imaging.dicom.choice import choose_series, listed
from LongitudinalINRLib.imaging.dicom.elements import Elements
from LongitudinalINRLib.imaging.dicom.kind import kind_of
from LongitudinalINRLib.imaging.dicom.place import SeriesPlace, on_disk, series_place
from LongitudinalINRLib.imaging.dicom.series import load_dicom, series_digest


def header(**values):
    elements = Elements("a.dcm", "<")
    elements.values = {getattr(tags, name): value.encode() for name, value in values.items()}
    return elements


GRADIENT_ECHO = {"MODALITY": "MR", "SCANNING_SEQUENCE": "GR", "ACQUISITION_TYPE": "3D"}
KINDS = {
    "Siemens MPRAGE": (
        "3D T1-weighted",
        {"SERIES_DESCRIPTION": "t1_mprage_sag_p2", "ACQUISITION_TYPE": "3D"},
    ),
    "GE BRAVO": ("3D T1-weighted", {"SERIES_DESCRIPTION": "Ax BRAVO", "ACQUISITION_TYPE": "3D"}),
    "Philips TFE": ("3D T1-weighted", {"SERIES_DESCRIPTION": "sT1W_3D_TFE", "ACQUISITION_TYPE": "3D"}),
    "BIDS name": ("3D T1-weighted", {"SERIES_DESCRIPTION": "sub-01_T1w", "ACQUISITION_TYPE": "3D"}),
    "by its protocol": (
        "3D T1-weighted",
        {"SERIES_DESCRIPTION": "sag", "PROTOCOL_NAME": "T1 3D", "ACQUISITION_TYPE": "3D"},
    ),
    "by its sequence": ("3D T1-weighted", {"SEQUENCE_NAME": "*tfl3d1_16ns", "ACQUISITION_TYPE": "3D"}),
    "by what an enhanced file states": (
        "3D T1-weighted",
        {"ACQUISITION_CONTRAST": "T1", "ACQUISITION_TYPE": "3D"},
    ),
    "inversion prepared": ("3D T1-weighted", {**GRADIENT_ECHO, "ECHO_TIME": "2.9", "INVERSION_TIME": "900"}),
    "spoiled gradient echo": ("3D T1-weighted", {**GRADIENT_ECHO, "ECHO_TIME": "4.6", "FLIP_ANGLE": "20"}),
    "proton density by its flip angle": (
        "of unknown contrast",
        {**GRADIENT_ECHO, "ECHO_TIME": "4.6", "FLIP_ANGLE": "4"},
    ),
    "long echo": ("of unknown contrast", {**GRADIENT_ECHO, "ECHO_TIME": "25", "FLIP_ANGLE": "20"}),
    "after contrast agent": (
        "3D T1-weighted, after contrast agent",
        {"SERIES_DESCRIPTION": "T1 3D", "ACQUISITION_TYPE": "3D", "CONTRAST_AGENT": "Gadovist"},
    ),
    "thick slices": ("2D T1-weighted", {"SERIES_DESCRIPTION": "T1 SE tra", "ACQUISITION_TYPE": "2D"}),
    "T1 FLAIR": ("2D T1-weighted", {"SERIES_DESCRIPTION": "Sag T1 FLAIR", "ACQUISITION_TYPE": "2D"}),
    "FLAIR": ("FLAIR", {"SERIES_DESCRIPTION": "3D T2 SPACE FLAIR"}),
    "T2": ("T2-weighted", {"SERIES_DESCRIPTION": "t2_tse_tra"}),
    "diffusion": ("diffusion", {"SERIES_DESCRIPTION": "ep2d_diff_mddw_20"}),
    "time of flight": ("angiography", {**GRADIENT_ECHO, "SERIES_DESCRIPTION": "TOF_3D_multi-slab"}),
    "susceptibility": ("susceptibility", {"SERIES_DESCRIPTION": "SWI_Images"}),
    "localiser by its type": ("localiser", {"IMAGE_TYPE": "ORIGINAL\\PRIMARY\\LOCALIZER"}),
    "localiser by its name": ("localiser", {"SERIES_DESCRIPTION": "T1 Localizer"}),
    "reformat": ("derived", {"IMAGE_TYPE": "DERIVED\\SECONDARY\\MPR", "SERIES_DESCRIPTION": "T1 MPR"}),
    "map": ("derived", {"SERIES_DESCRIPTION": "T1 MAP"}),
    "screen": ("picture of a screen", {"SOP_CLASS": "1.2.840.10008.5.1.4.1.1.7"}),
    "CT": ("CT", {"MODALITY": "CT", "SERIES_DESCRIPTION": "T1 plan"}),
    "nothing is told": ("of unknown contrast", {}),
}


@pytest.mark.parametrize("case", KINDS)
def test_the_kind_of_a_series_is_what_its_header_tells(case):
    kind, values = KINDS[case]
    assert kind_of(header(**values), None) == kind


def test_without_a_word_on_it_thin_slices_make_a_3d_scan():
    told = header(SERIES_DESCRIPTION="T1")
    assert [kind_of(told, gap_mm) for gap_mm in (1.0, 2.0, 2.5, None)] == [
        "3D T1-weighted",
        "3D T1-weighted",
        "2D T1-weighted",
        "2D T1-weighted",
    ]


@pytest.mark.parametrize("flat", [False, True], ids=["in subfolders", "side by side"])
def test_the_only_3d_t1_series_is_taken_and_what_is_left_out_is_told(tmp_path, flat):
    add_visit(tmp_path / "export", flat=flat)
    (tmp_path / "export" / "README.txt").write_text("viewer")
    chosen = choose_series(SeriesPlace(tmp_path / "export"))
    assert (chosen.entry.number, chosen.entry.images, chosen.entry.spacing_mm) == ("5", 7, (1.0, 1.0, 1.5))
    assert chosen.word == (
        "of the 4 series in its folder number 5 was taken, the only 3D T1-weighted one, with 7 images. "
        "Left out: 1 T2-weighted, 1 derived, 1 localiser."
    )
    place = f"export#{uid_of(5)}" if flat else "export/PAT0/ST0/SE5"
    assert chosen.path == tmp_path / place
    volume, warnings = load_dicom(chosen.path)
    np.testing.assert_array_equal(volume.array, VOXELS)
    assert warnings == []
    assert load_dicom(chosen.path, sha256=series_digest(chosen.path))[0].shape == VOXELS.shape


def test_a_series_is_one_wherever_its_files_lie(tmp_path):
    add_visit(tmp_path / "export")
    (tmp_path / "export/PAT0/ST0/more").mkdir()
    for path in sorted((tmp_path / "export/PAT0/ST0/SE5").iterdir())[:3]:
        path.rename(tmp_path / "export/PAT0/ST0/more" / path.name)
    chosen = choose_series(SeriesPlace(tmp_path / "export"))
    assert chosen.path == tmp_path / f"export/PAT0/ST0#{uid_of(5)}"
    np.testing.assert_array_equal(load_dicom(chosen.path)[0].array, VOXELS)


def test_two_3d_t1_series_are_listed_and_none_is_taken(tmp_path):
    add_visit(tmp_path / "export")
    add_series(tmp_path / "export/late", 9, {**T1, tags.CONTRAST_AGENT: ("LO", "Gadovist")})
    with pytest.raises(InputError) as refused:
        choose_series(SeriesPlace(tmp_path / "export"))
    assert refused.value.code == "dicom-series"
    assert refused.value.found == (
        "2 3D T1-weighted series: "
        f"5: T1 MPRAGE sag, 3D T1-weighted, 7 images, 1 x 1 x 1.5 mm, 2020-01-02, {uid_of(5)}; "
        f"9: T1 MPRAGE sag, 3D T1-weighted, after contrast agent, 7 images, "
        f"1 x 1 x 1.5 mm, 2020-01-02, {uid_of(9)}"
    )
    assert "export#5" in refused.value.advice


@pytest.mark.parametrize("name", ["9", uid_of(9)])
def test_the_series_that_is_named_is_taken_whatever_it_is(tmp_path, name):
    add_visit(tmp_path / "export")
    add_series(tmp_path / "export/late", 9, DERIVED, VOXELS + 1)
    place = series_place(Path(f"{tmp_path}/export#{name}"))
    assert place == SeriesPlace(tmp_path / "export", name)
    chosen = choose_series(place)
    assert (chosen.entry.number, chosen.word, chosen.path) == ("9", "", tmp_path / "export/late")
    np.testing.assert_array_equal(load_dicom(Path(f"{tmp_path}/export#{name}"))[0].array, VOXELS + 1)


@pytest.mark.parametrize(
    ("name", "found"), [("8", "no series 8"), ("5", "2 series of the number 5"), ("1.2.3", "no series 1.2.3")]
)
def test_a_name_that_is_none_or_of_two_is_refused_with_the_list(tmp_path, name, found):
    add_visit(tmp_path / "export")
    add_series(tmp_path / "export/other", 5, T2, visit="2")
    with pytest.raises(InputError) as refused:
        choose_series(SeriesPlace(tmp_path / "export", name))
    assert refused.value.found.startswith(found + ": ")
    assert uid_of(5, "2") in refused.value.found
    assert uid_of(5) in refused.value.advice or "export#1" in refused.value.advice


def test_where_no_series_is_known_to_be_a_3d_t1_none_is_taken(tmp_path):
    add_series(tmp_path / "export/a", 1, LOCALISER)
    add_series(tmp_path / "export/b", 2, T2)
    with pytest.raises(InputError) as refused:
        choose_series(SeriesPlace(tmp_path / "export"))
    assert refused.value.found.startswith("2 series, none of them known to be a 3D T1-weighted scan: 1: ")


def test_the_only_series_below_a_folder_is_taken_whatever_it_is(tmp_path):
    add_series(tmp_path / "export/a/b", 2, T2)
    chosen = choose_series(SeriesPlace(tmp_path / "export"))
    assert (chosen.path, chosen.word) == (tmp_path / "export/a/b", "")


def test_the_series_in_the_folder_itself_goes_before_those_below_it(tmp_path):
    add_series(tmp_path / "scan", 2, T2)
    add_series(tmp_path / "scan/other", 5, T1)
    assert choose_series(SeriesPlace(tmp_path / "scan")).path == tmp_path / "scan"


def test_a_lost_slice_beside_the_series_is_never_passed_over_one_elsewhere_is_told(tmp_path):
    add_visit(tmp_path / "export")
    (tmp_path / "export/PAT0/ST0/SE2/IM9.dcm").write_bytes(b"")
    chosen = choose_series(SeriesPlace(tmp_path / "export"))
    assert chosen.word.endswith("1 localiser; damaged files: 1.")
    load_dicom(Path(f"{tmp_path}/export#5"))
    (tmp_path / "export/PAT0/ST0/SE5/IM9.dcm").write_bytes(b"")
    for path in (chosen.path, Path(f"{tmp_path}/export#5")):
        with pytest.raises(InputError) as refused:
            load_dicom(path)
        assert refused.value.code == "dicom-damaged"


def test_links_to_folders_are_not_followed_and_too_many_files_are_refused(tmp_path, monkeypatch):
    add_visit(tmp_path / "export")
    (tmp_path / "export/again").symlink_to(tmp_path / "export", target_is_directory=True)
    assert [entry.number for entry in catalogue(tmp_path / "export").series] == ["1", "2", "5", "6"]
    monkeypatch.setattr(walk, "MOST_FILES_BELOW", 10)
    with pytest.raises(InputError) as refused:
        catalogue(tmp_path / "export")
    assert refused.value.code == "dicom-too-large"


def test_a_folder_of_the_whole_name_goes_before_a_series(tmp_path):
    (tmp_path / "scan").mkdir()
    assert series_place(tmp_path / "scan#5") == SeriesPlace(tmp_path / "scan", "5")
    assert on_disk(tmp_path / "scan#5") == tmp_path / "scan"
    (tmp_path / "scan#5").mkdir()
    assert series_place(tmp_path / "scan#5") == SeriesPlace(tmp_path / "scan#5")
    assert series_place(tmp_path / "none#5") is None
    assert on_disk(tmp_path / "none#5") == tmp_path / "none#5"


def test_the_series_of_two_visits_in_one_folder_are_listed_by_day_and_named_by_uid(tmp_path):
    add_visit(tmp_path / "export/b", visit="1", day="20210102")
    add_visit(tmp_path / "export/a", visit="2", day="20200102")
    found = catalogue(tmp_path / "export")
    assert [(entry.date.day.year, entry.number) for entry in found.series] == [
        (year, number) for year in (2020, 2021) for number in "1256"
    ]
    assert [found.name_of(entry) for entry in found.series if entry.qualifies] == [
        uid_of(5, "2"),
        uid_of(5, "1"),
    ]
    chosen = choose_series(SeriesPlace(tmp_path / "export", uid_of(5, "2")))
    assert chosen.path == tmp_path / "export/a/PAT0/ST0/SE5"


def test_real_headers_of_an_export_are_told_apart():
    pydicom = pytest.importorskip("pydicom", reason="needs the DICOM files that come with pydicom")
    folder = Path(pydicom.__file__).parent / "data/test_files/dicomdirtests"
    if not folder.is_dir():
        pytest.skip("this pydicom comes without its DICOM files")
    kinds = {entry.description: entry.kind for entry in catalogue(folder).series if entry.kind != "CR"}
    assert kinds == {
        "FAST LOCALIZER": "localiser",
        "T/S/C RF FAST PILOT": "localiser",
        "Scout": "localiser",
        "ANGIO Projected from   C": "derived",
        "Routine Brain": "CT",
        "SmartScore - Gated 0.5 sec": "CT",
    }


def test_a_description_in_utf_8_is_read_as_such(tmp_path):
    utf8 = {tags.CHARACTER_SET: ("CS", "ISO_IR 192"), tags.SERIES_DESCRIPTION: ("LO", "T1 Schädel")}
    add_series(tmp_path / "scan", 3, utf8)
    (entry,) = catalogue(tmp_path / "scan").series
    assert listed(entry).startswith("3: T1 Schädel, 3D T1-weighted, 7 images, ")
