"""DICOM folders that are not one whole scan, each written by a function of the folder."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from dicom_writer import Elements, write_enhanced, write_file, write_series

from LongitudinalINRLib.imaging.dicom import folder as dicom_folder
from LongitudinalINRLib.imaging.dicom import tags

VOXELS = np.random.default_rng(0).integers(1, 1000, (6, 5, 7)).astype(np.uint16)
LPS = np.array([[2.0, 0, 0, -7], [0, 1.5, 0, 8], [0, 0, 3, 9], [0, 0, 0, 1]])
TURNED = LPS[:, [2, 1, 0, 3]]


def series(folder, change=lambda index, elements: None, **options):
    write_series(folder, VOXELS, options.pop("lps", LPS), change=change, **options)


def setting(tag, kind, value, at=3):
    """Write the series with one element of one slice, or of all (`at` None), set or taken away."""

    def write(folder):
        def change(index, elements):
            if at is None or index == at:
                elements.pop(tag, None)
                if value is not None:
                    elements[tag] = (kind, value)

        series(folder, change)

    return write


def enhanced(change_frame=lambda index, groups: None, **options):
    """Write the scan as one multi-frame file with some frames changed."""

    def write(folder):
        write_enhanced(folder / "IM1.dcm", VOXELS, LPS, change_frame=change_frame, **options)

    return write


def at_frame(number, group, tag, kind, value):
    """Set one element of a functional group of one frame."""

    def change_frame(index, groups):
        if index == number:
            inner = dict(groups[group][1][0]) if group in groups else {}
            groups[group] = ("SQ", [inner | {tag: (kind, value)}])

    return enhanced(change_frame)


def raw(change, name="IM0003.dcm"):
    """Write the series, then change the bytes of one file."""

    def write(folder):
        series(folder)
        path = folder / name
        path.write_bytes(change(path.read_bytes()))

    return write


def with_file(name, content):
    """Write the series and put a file beside it."""

    def write(folder):
        series(folder)
        (folder / name).write_bytes(content)

    return write


def replacing(old, new):
    """Replace bytes in the header of one file."""
    return raw(lambda content: content.replace(old, new, 1))


def twice(values=None, lps=LPS):
    """Write a second copy of the series into the folder, with other file names and instances."""

    def write(folder):
        series(folder)
        series(folder, lambda index, elements: elements.update(values or {}), start=100, lps=lps)

    return write


def moved(offsets_mm):
    """Displace slices from their places."""

    def write(folder):
        def change(index, elements):
            offset_mm = offsets_mm.get(index, (0, 0, 0))
            elements[tags.POSITION] = ("DS", np.add(elements[tags.POSITION][1], offset_mm).tolist())

        series(folder, change)

    return write


def one_slice(folder):
    series(folder, lambda index, elements: index == 2)


def copied_slice(folder):
    series(folder)
    (folder / "copy of IM0002.dcm").write_bytes((folder / "IM0002.dcm").read_bytes())


def another_size(folder):
    series(folder)
    write_series(folder, VOXELS[:4, :, :1], LPS @ shift(7), start=50)


def shift(slices):
    shift = np.eye(4)
    shift[2, 3] = slices
    return shift


def another_size_of_voxels(folder):
    series(folder)
    write_series(folder, VOXELS[:, :, :1], LPS @ shift(7) @ np.diag([1.1, 1, 1, 1]), start=50)


def a_localizer_slice(folder):
    series(folder)
    write_series(folder, VOXELS[:, :, :1], TURNED, start=50)


def half_of_two_echoes(folder):
    def change(index, elements):
        elements[tags.ECHO_TIME] = ("DS", (5, 10)[index % 2])

    series(folder, change)


def links_in_a_circle(folder):
    series(folder)
    (folder / "IM0099.dcm").symlink_to("IM0098.dcm")
    (folder / "IM0098.dcm").symlink_to("IM0099.dcm")


def a_lost_link(folder):
    series(folder)
    (folder / "IM0099.dcm").symlink_to("annexed")


def a_pipe(folder):
    if not hasattr(os, "mkfifo"):
        pytest.skip("needs a system with named pipes")
    series(folder)
    os.mkfifo(folder / "IM0099.dcm")


def an_endless_device(folder):
    if not Path("/dev/zero").exists():
        pytest.skip("needs a system with endless devices")
    series(folder)
    (folder / "IM0099.dcm").symlink_to("/dev/zero")


def only_subfolders(folder):
    folder.mkdir()
    series(folder / "DICOM")
    directory: Elements = {0x00080016: ("UI", "1.2.840.10008.1.3.10"), tags.SOP_INSTANCE: ("UI", "1.2.3.0")}
    write_file(folder / "DICOMDIR", directory)


def nothing(folder):
    folder.mkdir()


def texts(folder):
    folder.mkdir()
    (folder / "a.txt").write_text("not an image")
    (folder / "b.nii").write_bytes(b"\0" * 1000)


def two_series(folder):
    series(folder)
    series(folder, lambda index, elements: elements.update({tags.SERIES: ("UI", "1.2.55")}), start=100)


def no_voxels(folder):
    series(folder, lambda index, elements: elements.pop(tags.PIXEL_DATA) if index == 3 else None)


FRAGMENT = b"\xfe\xff\x00\xe0"
NO_OFFSETS = FRAGMENT + b"\0" * 4
END = b"\xfe\xff\xdd\xe0" + b"\0" * 4


def compressed(fragments, columns=6, rows=5):
    """Write a series that says it is compressed by run lengths, its voxels the given bytes."""

    def write(folder):
        def change(index, elements):
            elements[tags.COLUMNS], elements[tags.ROWS] = ("US", columns), ("US", rows)
            elements[tags.PIXEL_DATA] = ("OW", fragments)

        series(folder, change, syntax="1.2.840.10008.1.2.5")
        for path in folder.iterdir():
            content = path.read_bytes()
            at = content.rindex(b"\xe0\x7f\x10\x00OW\0\0") + 8
            path.write_bytes(content[:at] + b"\xff" * 4 + content[at + 4 :])

    return write


def six_frames(elements):
    elements[tags.FRAMES] = ("IS", 6)
    elements[tags.PIXEL_DATA] = ("OW", elements[tags.PIXEL_DATA][1][: 6 * 60])


def no_functional_groups(folder):
    enhanced(change=lambda elements: elements.pop(tags.PER_FRAME_GROUPS))(folder)


def two_volumes_in_one_file(folder):
    write_enhanced(folder / "IM1.dcm", VOXELS, LPS, order=[*range(7), *range(7)])


def magnitude_and_phase_in_one_file(folder):
    kinds = iter(["M"] * 7 + ["P"] * 7)

    def change_frame(index, groups):
        groups[tags.MR_FRAME_TYPE] = ("SQ", [{tags.FRAME_TYPE: ("CS", ["ORIGINAL", "PRIMARY", next(kinds)])}])

    enhanced(change_frame, order=[*range(7), *range(7)])(folder)


def a_stray_frame(folder):
    at_frame(6, tags.PLANE_POSITION, tags.POSITION, "DS", [0, 0, 90])(folder)


def nested_without_end(folder):
    series(folder)
    path = folder / "IM0003.dcm"
    content = path.read_bytes()
    at = content.index(b"\x08\x00\x16\x00UI")
    deep = (b"\x09\x00\x10\x10SQ\0\0\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0\xff\xff\xff\xff") * 5000
    path.write_bytes(content[:at] + deep + content[at:])


def cut_in_the_header(content):
    return content[: content.index(b"\x28\x00\x10\x00US") + 7]


def cut_between_elements(content):
    return content[: content.index(b"\x28\x00\x10\x00US")]


def element_twice(content):
    at = content.index(b"\x28\x00\x11\x00US")
    return content[:at] + b"\x28\x00\x10\x00US\x02\x00\xff\x00" + content[at:]


def spaced(mm):
    return setting(tags.SPACING_BETWEEN_SLICES, "DS", mm, at=None)


def many_texts(folder):
    series(folder)
    for number in range(dicom_folder.MANY_OTHER_FILES + 1):
        (folder / f"{number}.txt").write_text("notes")


def a_suffixless_slice_lost(folder):
    series(folder)
    for path in folder.iterdir():
        path.rename(path.with_suffix(""))
    (folder / "IM0003").rename(folder / "IM0007")
    (folder / "IM0003").write_bytes(b"")
    (folder / "IM0007").rename(folder / "IM0003x")
