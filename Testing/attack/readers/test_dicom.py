"""DICOM folders that are not one whole scan: each is refused with what was found and what to do."""

from __future__ import annotations

import hashlib
import math
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))
from attack.readers.dicom_folders import (
    END,
    FRAGMENT,
    LPS,
    NO_OFFSETS,
    VOXELS,
    a_localizer_slice,
    a_lost_link,
    a_pipe,
    a_stray_frame,
    a_suffixless_slice_lost,
    an_endless_device,
    another_size,
    another_size_of_voxels,
    at_frame,
    compressed,
    copied_slice,
    cut_between_elements,
    cut_in_the_header,
    element_twice,
    enhanced,
    half_of_two_echoes,
    links_in_a_circle,
    magnitude_and_phase_in_one_file,
    many_texts,
    moved,
    nested_without_end,
    no_functional_groups,
    no_voxels,
    nothing,
    one_slice,
    only_subfolders,
    raw,
    replacing,
    series,
    setting,
    shift,
    six_frames,
    spaced,
    texts,
    twice,
    two_series,
    two_volumes_in_one_file,
    with_file,
)
from dicom_writer import write_series

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.dicom import folder as dicom_folder
from LongitudinalINRLib.imaging.dicom import parser as dicom_parser
from LongitudinalINRLib.imaging.dicom import tags, walk
from LongitudinalINRLib.imaging.dicom.choice import choose_series
from LongitudinalINRLib.imaging.dicom.place import SeriesPlace
from LongitudinalINRLib.imaging.dicom.series import load_dicom, series_digest

COLOUR = {tags.SAMPLES: ("US", 3), tags.PHOTOMETRIC: ("CS", "RGB")}
ECHO = {tags.ECHO_TIME: ("DS", 9.8), tags.ECHO_NUMBERS: ("IS", 2)}
LATER = {tags.TEMPORAL_POSITION: ("IS", 2)}
PHASE = {tags.IMAGE_TYPE: ("CS", ["ORIGINAL", "PRIMARY", "P"])}

CASES = {
    # which files
    "an empty folder": ("dicom-series", "0 series", nothing),
    "no DICOM in it": ("dicom-series", "0 series", texts),
    "only subfolders and a DICOMDIR": ("dicom-series", "1 subfolders are not searched", only_subfolders),
    "two series": ("dicom-series", "2 series", two_series),
    "a slice copied twice": ("dicom-slices", "the same image", copied_slice),
    "a slice of no bytes": ("dicom-damaged", "no bytes", with_file("IM0099.dcm", b"")),
    "a text named like a slice": ("dicom-damaged", "not DICOM", with_file("IM0099.IMA", b"text")),
    "a slice that is a link to nothing": ("dicom-damaged", "leads nowhere", a_lost_link),
    "links in a circle": ("dicom-damaged", "leads nowhere", links_in_a_circle),
    "a pipe": ("dicom-damaged", "a pipe", a_pipe),
    "a link to an endless device": ("dicom-damaged", "a device", an_endless_device),
    # damaged files
    "a slice whose voxels end early": ("file-truncated", "bytes", raw(lambda content: content[:-7])),
    "a slice cut in its header": ("file-truncated", "bytes", raw(cut_in_the_header)),
    "a slice cut between elements": ("dicom-damaged", "without voxels", raw(cut_between_elements)),
    "a slice without voxels": ("dicom-damaged", "no voxels", no_voxels),
    "fewer voxels than rows and columns": ("file-truncated", "60 bytes", setting(tags.ROWS, "US", 4000)),
    "more voxels than rows and columns": ("dicom-damaged", "60 bytes", setting(tags.ROWS, "US", 4)),
    "no rows": ("dicom-damaged", "6 x 0 voxels", setting(tags.ROWS, "US", 0)),
    "rows of three bytes": ("dicom-damaged", "3 bytes", setting(tags.ROWS, "US", b"\5\0\0")),
    "rows told twice": ("dicom-damaged", "twice", raw(element_twice)),
    "voxels of 12 packed bits": ("dicom-storage", "12 bits", setting(tags.BITS_ALLOCATED, "US", 12)),
    "no number of frames": ("dicom-damaged", "0 frames", setting(tags.FRAMES, "IS", 0)),
    "a voxel size that is no number": (
        "dicom-damaged",
        "pixel spacing",
        setting(tags.PIXEL_SPACING, "DS", "2\\x"),
    ),
    "a position that is not finite": (
        "dicom-damaged",
        "position",
        setting(tags.POSITION, "DS", "0\\nan\\1e999"),
    ),
    "an element of no kind": (
        "dicom-damaged",
        "no known kind",
        replacing(b"\x28\x00\x10\x00US", b"\x28\x00\x10\x00?!"),
    ),
    "sequences nested without end": ("dicom-damaged", "nested", nested_without_end),
    "a series that is not named": ("dicom-damaged", "SeriesInstanceUID", setting(tags.SERIES, "UI", None)),
    "compressed voxels without an end": (
        "file-truncated",
        "bytes",
        compressed(NO_OFFSETS + FRAGMENT + b"\xff\xff\0\0"),
    ),
    "compressed voxels without a word of their end": (
        "dicom-damaged",
        "without their end",
        compressed(NO_OFFSETS + b"\0" * 8),
    ),
    "a few bytes that claim millions of voxels": (
        "file-truncated",
        "bytes",
        compressed(NO_OFFSETS + FRAGMENT + b"\2\0\0\0\0\0" + END, columns=6000, rows=6000),
    ),
    "a few bytes that claim billions of voxels": (
        "image-large",
        "65000",
        compressed(NO_OFFSETS + FRAGMENT + b"\2\0\0\0\0\0" + END, columns=65_000, rows=65_000),
    ),
    "a video": (
        "dicom-storage",
        "4.102",
        lambda folder: series(folder, syntax="1.2.840.10008.1.2.4.102"),
    ),
    "no transfer syntax": (
        "dicom-storage",
        "(none)",
        replacing(b"\x02\x00\x10\x00UI", b"\x02\x00\x11\x00UI"),
    ),
    "colours": (
        "image-colour",
        "RGB",
        lambda folder: series(folder, lambda _, elements: elements.update(COLOUR)),
    ),
    # which slices
    "one slice": ("image-2d", "6 x 5 x 1", one_slice),
    "slices of one voxel's width": (
        "image-2d",
        "1 x 5 x 7",
        lambda folder: write_series(folder, VOXELS[:1], LPS),
    ),
    "a slice of another size": ("dicom-mixed", "(4, 5)", another_size),
    "a slice of another voxel size": ("dicom-mixed", "corners", another_size_of_voxels),
    "a slice of another orientation": ("dicom-mixed", "corners", a_localizer_slice),
    "a turned slice in its place": (
        "dicom-mixed",
        "corners",
        setting(tags.ORIENTATION, "DS", [0, 1, 0, 0, 0, 1]),
    ),
    "a slice turned by half a degree": (
        "dicom-mixed",
        "0.112 mm",
        setting(
            tags.ORIENTATION,
            "DS",
            [math.cos(0.0093), math.sin(0.0093), 0, -math.sin(0.0093), math.cos(0.0093), 0],
        ),
    ),
    "a slice of another patient": ("dicom-mixed", "2 different", setting(tags.PATIENT_ID, "LO", "other")),
    "a slice of another study": ("dicom-mixed", "2 different", setting(tags.STUDY, "UI", "1.2.44")),
    "a slice of another frame of reference": (
        "dicom-mixed",
        "2",
        setting(tags.FRAME_OF_REFERENCE, "UI", "1.9"),
    ),
    "a slice of another rescaling": ("dicom-mixed", "(2.0, 0.0)", setting(tags.SLOPE, "DS", 2)),
    "a slice of other numbers": ("dicom-mixed", "15", setting(tags.SIGNED, "US", 1)),
    "a slice of another b-value": ("dicom-mixed", "1000", setting(tags.B_VALUE, "FD", 1000.0)),
    "every other slice of two echoes": ("dicom-mixed", "5 ms, 10 ms", half_of_two_echoes),
    "two echoes": ("dicom-mixed", "2 different", twice(ECHO)),
    "two time points": ("dicom-mixed", "2 different", twice(LATER)),
    "magnitude and phase": ("dicom-slices", "differ in image type", twice(PHASE)),
    "two volumes that nothing tells apart": ("dicom-slices", "7 images too many", twice()),
    "two volumes side by side": ("dicom-slices", "mm", twice(lps=LPS @ shift(20))),
    "slices in between of another volume": ("dicom-slices", "mm", twice(lps=LPS @ shift(0.3))),
    # where they lie
    "no position in any slice": (
        "dicom-no-position",
        "its position",
        setting(tags.POSITION, "DS", None, at=None),
    ),
    "no position in one slice": ("dicom-no-position", "its position", setting(tags.POSITION, "DS", None)),
    "a position of two numbers": ("dicom-no-position", "2 numbers", setting(tags.POSITION, "DS", [0, 0])),
    "no orientation": ("dicom-no-position", "orientation", setting(tags.ORIENTATION, "DS", None, at=None)),
    "axes that are not at right angles": (
        "dicom-no-position",
        "right angles",
        setting(tags.ORIENTATION, "DS", [1, 0, 0, 0.6, 0.8, 0], at=None),
    ),
    "axes of no length": ("dicom-no-position", "length 1", setting(tags.ORIENTATION, "DS", [0] * 6, at=None)),
    "no voxel size": ("dicom-no-position", "voxel size", setting(tags.PIXEL_SPACING, "DS", None, at=None)),
    "voxels of no size": (
        "dicom-no-position",
        "0 x 2 mm",
        setting(tags.PIXEL_SPACING, "DS", [2, 0], at=None),
    ),
    "voxels of a nanometre": (
        "dicom-no-position",
        "1e-06",
        setting(tags.PIXEL_SPACING, "DS", [1e-6] * 2, at=None),
    ),
    "a place beyond all numbers": (
        "dicom-no-position",
        "1e+300",
        setting(tags.POSITION, "DS", [0, 1e300, 0], at=None),
    ),
    "a mosaic": (
        "dicom-no-position",
        "mosaic",
        setting(tags.IMAGE_TYPE, "CS", ["ORIGINAL", "MOSAIC"], at=None),
    ),
    "a missing slice": ("dicom-slices", "3 to 6 mm", lambda folder: series(folder, lambda k, _: k != 3)),
    "all slices at one place": ("dicom-slices", "too many", setting(tags.POSITION, "DS", [0, 0, 0], at=None)),
    "a slice shifted within its plane": ("dicom-slices", "5 mm beside", moved({3: (3, 4, 0)})),
    "slices along a bow": (
        "dicom-slices",
        "beside",
        moved({k: (0.1 * (k - 3) ** 2, 0, 0) for k in range(7)}),
    ),
    "distances that grow": ("dicom-slices", "mm", moved({k: (0, 0, 0.1 * k**2) for k in range(7)})),
    # many frames in one file
    "a stray frame": ("dicom-slices", "mm", a_stray_frame),
    "two volumes in one file": ("dicom-slices", "7 images too many", two_volumes_in_one_file),
    "magnitude and phase in one file": ("dicom-slices", "image type", magnitude_and_phase_in_one_file),
    "a frame of another echo": (
        "dicom-mixed",
        "9.8",
        at_frame(2, tags.MR_ECHO, tags.EFFECTIVE_ECHO_TIME, "FD", 9.8),
    ),
    "a frame of another stack": (
        "dicom-mixed",
        "1, 2",
        at_frame(2, tags.FRAME_CONTENT, tags.STACK_ID, "SH", "2"),
    ),
    "a frame of another time point": (
        "dicom-mixed",
        "1, 2",
        at_frame(2, tags.FRAME_CONTENT, tags.TEMPORAL_INDEX, "UL", 2),
    ),
    "a frame of another orientation": (
        "dicom-mixed",
        "corners",
        at_frame(2, tags.PLANE_ORIENTATION, tags.ORIENTATION, "DS", [0, 1, 0, 0, 0, 1]),
    ),
    "a frame of another voxel size": (
        "dicom-mixed",
        "corners",
        at_frame(2, tags.PIXEL_MEASURES, tags.PIXEL_SPACING, "DS", [2.0, 2.0]),
    ),
    "a frame of another rescaling": (
        "dicom-mixed",
        "(2.0, 0.0)",
        at_frame(2, tags.PIXEL_VALUE_TRANSFORMATION, tags.SLOPE, "DS", 2),
    ),
    "a frame without a position": (
        "dicom-no-position",
        "no numbers",
        enhanced(lambda index, groups: groups.pop(tags.PLANE_POSITION) if index == 2 else None),
    ),
    "frames without positions": ("dicom-no-position", "7 frames", no_functional_groups),
    "fewer positions than frames": (
        "dicom-damaged",
        "positions for 7",
        enhanced(change=six_frames),
    ),
}


def contents(folder):
    """Return the hash of every regular file below a folder."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def refused(call, folder):
    """Return the error of a call, which leaves the folder as it was."""
    before = contents(folder)
    with pytest.raises(InputError) as caught:
        call(folder)
    assert contents(folder) == before
    assert caught.value.expected
    assert caught.value.advice
    return caught.value


@pytest.mark.parametrize("case", CASES)
def test_what_is_not_one_scan_is_refused(tmp_path, case, capfd):
    code, found, write = CASES[case]
    write(tmp_path / "dicom")
    error = refused(load_dicom, tmp_path / "dicom")
    assert error.code == code
    assert found in error.found
    again = refused(series_digest, tmp_path / "dicom")
    assert str(again) == str(error)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("case", CASES)
def test_where_a_series_is_chosen_what_is_not_one_scan_is_refused_too(tmp_path, case, capfd):
    if case == "only subfolders and a DICOMDIR":
        pytest.skip("there a choice finds the one scan")
    write = CASES[case][2]
    write(tmp_path / "dicom")
    refused(lambda folder: load_dicom(choose_series(SeriesPlace(folder)).path), tmp_path / "dicom")
    assert capfd.readouterr() == ("", "")


def test_a_choice_finds_the_one_scan_in_a_subfolder_beside_a_table_of_contents(tmp_path):
    only_subfolders(tmp_path / "dicom")
    chosen = choose_series(SeriesPlace(tmp_path / "dicom"))
    assert (chosen.path, chosen.word) == (tmp_path / "dicom" / "DICOM", "")
    np.testing.assert_array_equal(load_dicom(chosen.path)[0].array, VOXELS)


def test_a_slice_whose_series_was_damaged_is_not_taken_for_a_series_that_can_be_left_out(tmp_path):
    told = {tags.SERIES_DESCRIPTION: ("LO", "T1"), tags.ACQUISITION_TYPE: ("CS", "3D")}

    def change(index, elements):
        elements.update(told)
        if index == 0:
            elements[tags.SERIES] = ("UI", "1.2.4")

    series(tmp_path / "dicom", change)
    error = refused(lambda folder: choose_series(SeriesPlace(folder)), tmp_path / "dicom")
    assert error.code == "dicom-series"
    assert error.found.startswith("2 3D T1-weighted series: ?: T1, 3D T1-weighted, 1 image, no volume, ")


WARNED = {
    "every other slice missing": ("1 mm apart by its header, 3 mm by their positions", spaced(1)),
    "a localizer": (
        "localizer",
        setting(tags.IMAGE_TYPE, "CS", ["ORIGINAL", "PRIMARY", "LOCALIZER"], at=None),
    ),
    "compressed with loss": ("with loss", setting(tags.LOSSY, "CS", "01")),
    "many files that are not DICOM": ("21 of its files are not DICOM", many_texts),
    "a lost slice without a suffix": ("1 of its files are not DICOM", a_suffixless_slice_lost),
}


@pytest.mark.parametrize("case", WARNED)
def test_what_is_doubtful_is_read_with_a_warning(tmp_path, case):
    text, write = WARNED[case]
    write(tmp_path / "dicom")
    before = contents(tmp_path)
    volume, warnings = load_dicom(tmp_path / "dicom")
    np.testing.assert_array_equal(volume.array, VOXELS)
    assert len(warnings) == 1
    assert text in warnings[0]
    assert contents(tmp_path) == before


def test_compressed_voxels_that_cannot_be_unpacked_are_refused(tmp_path):
    compressed(NO_OFFSETS + FRAGMENT + b"\x40\0\0\0" + b"\xff" * 64 + END)(tmp_path / "dicom")
    error = refused(load_dicom, tmp_path / "dicom")
    assert (error.code, bool(error.found)) == ("not-an-image", True)


def test_a_gap_that_is_told_in_any_usual_way_gives_no_warning(tmp_path):
    for number, (spacing_mm, thickness_mm) in enumerate([(3, 2.5), (0.5, 2.5), (1, 3)]):
        told = {tags.SPACING_BETWEEN_SLICES: ("DS", spacing_mm), tags.SLICE_THICKNESS: ("DS", thickness_mm)}
        folder = tmp_path / str(number)
        series(folder, lambda index, elements, told=told: elements.update(told))
        assert load_dicom(folder)[1] == []


def test_a_folder_that_cannot_be_one_scan_is_told_before_any_file_is_opened(tmp_path, monkeypatch):
    series(tmp_path / "dicom")
    monkeypatch.setattr(walk, "MOST_FILES", 6)
    monkeypatch.setattr("LongitudinalINRLib.imaging.dicom.headers.os.open", None)
    error = refused(series_digest, tmp_path / "dicom")
    assert (error.code, error.expected) == ("dicom-too-large", "at most 6 files")


def test_a_series_of_too_many_bytes_is_refused_before_it_is_hashed(tmp_path, monkeypatch):
    series(tmp_path / "dicom")
    monkeypatch.setattr(dicom_folder, "LARGEST_SERIES_BYTES", 1000)
    monkeypatch.setattr("LongitudinalINRLib.imaging.dicom.series.hashlib", None)
    assert refused(series_digest, tmp_path / "dicom").code == "dicom-too-large"


def test_a_header_without_end_is_refused(tmp_path, monkeypatch):
    series(tmp_path / "dicom")
    monkeypatch.setattr(dicom_parser, "LARGEST_HEADER_BYTES", 300)
    error = refused(load_dicom, tmp_path / "dicom")
    assert (error.code, "a header of more" in error.found) == ("dicom-damaged", True)


@pytest.mark.parametrize("call", ["open", "scandir"])
def test_what_may_not_be_read_is_told(tmp_path, monkeypatch, call):
    series(tmp_path / "dicom")

    def denied(path, *_):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(f"LongitudinalINRLib.imaging.dicom.headers.os.{call}", denied)
    with pytest.raises(InputError) as error:
        load_dicom(tmp_path / "dicom")
    assert (error.value.code, error.value.found) == ("file-unreadable", "Permission denied")


def test_a_message_tells_nothing_of_the_patient(tmp_path):
    setting(tags.PATIENT_ID, "LO", "Erika Mustermann")(tmp_path / "dicom")
    assert "Mustermann" not in str(refused(load_dicom, tmp_path / "dicom"))


def test_no_flip_of_a_bit_in_a_header_moves_a_scan_unnoticed(tmp_path):
    folder = tmp_path / "dicom"
    series(folder)
    expected = load_dicom(folder)[0].affine
    path = folder / "IM0000.dcm"
    whole = path.read_bytes()
    for place in range(128, whole.rindex(b"\xe0\x7f\x10\x00OW")):
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 8
        path.write_bytes(changed)
        try:
            volume, _ = load_dicom(folder)
        except InputError:
            continue
        assert volume.shape == VOXELS.shape
        np.testing.assert_allclose(volume.affine, expected, atol=0.1)


@pytest.mark.parametrize("kind", [b"QI", b"EI", b"ZZ", b"ui"])
def test_an_element_of_a_kind_that_does_not_exist_is_refused_before_itk_takes_memory_by_it(tmp_path, kind):
    folder = tmp_path / "dicom"
    series(folder)
    path = folder / "IM0000.dcm"
    content = path.read_bytes()
    at = content.index(b"\x02\x00\x02\x00UI") + 4
    path.write_bytes(content[:at] + kind + content[at + 2 :])
    with pytest.raises(InputError) as error:
        load_dicom(folder)
    assert error.value.code == "dicom-damaged"
    assert "no known kind" in error.value.found
