"""NRRD files whose header is wrong, whose voxels are missing or elsewhere, or that are damaged."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.reading import read_volume

VOXELS = np.random.default_rng(0).integers(1, 1000, (6, 5, 4)).astype("<i2")
DATA = VOXELS.tobytes(order="F")
FIELDS = {
    "type": "short",
    "dimension": "3",
    "space": "left-posterior-superior",
    "sizes": "6 5 4",
    "space directions": "(2,0,0) (0,2,0) (0,0,2)",
    "space origin": "(0,0,0)",
    "kinds": "domain domain domain",
    "endian": "little",
    "encoding": "raw",
}


def header(magic="NRRD0004", more="", **changes):
    """Return a good header after some fields were changed, or left out where they are none."""
    fields = FIELDS | {name.replace("_", " "): value for name, value in changes.items()}
    lines = [f"{name}: {value}" for name, value in fields.items() if value is not None]
    return "\n".join([magic, *lines, *([more] if more else []), "", ""]).encode("latin-1")


def attached(data=DATA, **changes):
    return header(**changes) + data


def zipped(data=None, **changes):
    return attached(gzip.compress(DATA) if data is None else data, encoding="gzip", **changes)


CASES = {
    "nothing": ("not-an-image", lambda: b""),
    "text": ("not-an-image", lambda: b"not an image\n" * 10),
    "zeros": ("not-an-image", lambda: bytes(1000)),
    "version 9": ("not-an-image", lambda: attached(magic="NRRD0009")),
    "a header without end": ("header-invalid", lambda: attached()[:100]),
    "a header of two megabytes": ("header-invalid", lambda: attached(more="#" * (2 << 20))),
    "a line that never ends": ("header-invalid", lambda: b"NRRD0004" * 200_000),
    "a line without a colon": ("header-invalid", lambda: attached(more="what is this")),
    "a field twice": ("header-invalid", lambda: attached(more="sizes: 5 6 4")),
    "no type": ("header-invalid", lambda: attached(type=None)),
    "an unknown type": ("header-invalid", lambda: attached(type="quaternion")),
    "blocks of bytes": ("header-invalid", lambda: attached(type="block", more="block size: 2")),
    "a wider type": ("file-truncated", lambda: attached(type="double")),
    "a narrower type": ("file-longer", lambda: attached(type="uchar")),
    "no dimension": ("header-invalid", lambda: attached(dimension=None)),
    "300 dimensions": ("header-invalid", lambda: attached(dimension="300")),
    "minus three dimensions": ("header-invalid", lambda: attached(dimension="-3")),
    "dimensions in words": ("header-invalid", lambda: attached(dimension="three")),
    "two dimensions": (
        "image-2d",
        lambda: attached(dimension="2", sizes="6 20", space_directions="(2,0) (0,2)", kinds="domain domain"),
    ),
    "no sizes": ("header-invalid", lambda: attached(sizes=None)),
    "two sizes": ("header-invalid", lambda: attached(sizes="6 20")),
    "a size of zero": ("header-invalid", lambda: attached(sizes="6 0 4")),
    "negative sizes": ("header-invalid", lambda: attached(sizes="-6 -5 4")),
    "a size of half a voxel": ("header-invalid", lambda: attached(sizes="6 5 4.5")),
    "a size of 5000 digits": ("header-invalid", lambda: attached(sizes="6 5 " + "4" * 5000)),
    "2^62 voxels": ("image-large", lambda: attached(sizes=f"{2**62} 5 4")),
    "640 voxels each way": ("file-truncated", lambda: attached(sizes="640 640 640")),
    "2 x 2 x 2": ("image-small", lambda: attached(DATA[:16], sizes="2 2 2")),
    "no encoding": ("header-invalid", lambda: attached(encoding=None)),
    "voxels as text": ("header-invalid", lambda: attached(b"1 2 3", encoding="ascii")),
    "an unknown encoding": ("header-invalid", lambda: attached(encoding="zip")),
    "no byte order": ("header-invalid", lambda: attached(endian=None)),
    "an unknown byte order": ("header-invalid", lambda: attached(endian="middle")),
    "lines to skip": ("header-invalid", lambda: attached(line_skip="3")),
    "a negative skip": ("header-invalid", lambda: attached(byte_skip="-7")),
    "a skip beyond the end": ("file-truncated", lambda: attached(byte_skip="1000000")),
    "a skip in compressed voxels": ("header-invalid", lambda: zipped(byte_skip="4")),
    "no directions": ("no-orientation", lambda: attached(space_directions=None)),
    "directions that are none": ("no-orientation", lambda: attached(space_directions="none none none")),
    "one direction that is none": (
        "no-orientation",
        lambda: attached(space_directions="(2,0,0) none (0,0,2)"),
    ),
    "two directions": ("header-invalid", lambda: attached(space_directions="(2,0,0) (0,2,0)")),
    "directions in a plane": (
        "affine-singular",
        lambda: attached(space_directions="(2,0,0) (0,2,0) (0,2,0)"),
    ),
    "directions of two numbers": (
        "header-invalid",
        lambda: attached(space_directions="(2,0) (0,2) (1,1)"),
    ),
    "directions in words": ("header-invalid", lambda: attached(space_directions="(2,0,0) (0,2,0) (a,b,c)")),
    "directions of NaN": (
        "affine-singular",
        lambda: attached(space_directions="(nan,0,0) (0,2,0) (0,0,2)"),
    ),
    "directions of 1e30": (
        "voxel-sizes",
        lambda: attached(space_directions="(1e30,0,0) (0,1e30,0) (0,0,1e30)"),
    ),
    "directions of nanometres": (
        "voxel-sizes",
        lambda: attached(space_directions="(1e-6,0,0) (0,1e-6,0) (0,0,1e-6)"),
    ),
    "spacings and directions": ("header-invalid", lambda: attached(more="spacings: 2 2 2")),
    "spacings and a space": ("no-orientation", lambda: attached(space_directions=None, spacings="2 2 2")),
    "neither spacings nor a space": ("no-orientation", lambda: attached(space_directions=None, space=None)),
    "an unknown space": ("no-orientation", lambda: attached(space="scanner-xyz")),
    "an origin of infinity": ("affine-singular", lambda: attached(space_origin="(inf,0,0)")),
    "an origin on the moon": ("affine-far", lambda: attached(space_origin="(0,0,4e11)")),
    "an origin of two numbers": ("header-invalid", lambda: attached(space_origin="(0,0)")),
    "an origin that is none": ("header-invalid", lambda: attached(space_origin="none")),
    "lengths in micrometres": ("header-invalid", lambda: attached(more='space units: "um" "um" "um"')),
    "colours": (
        "image-colour",
        lambda: attached(
            type="uchar",
            dimension="4",
            sizes="2 6 5 4",
            space_directions="none (2,0,0) (0,2,0) (0,0,2)",
            kinds="vector domain domain domain",
        ),
    ),
    "two frames": (
        "image-4d",
        lambda: attached(
            dimension="4",
            sizes="6 5 4 2",
            space_directions="(2,0,0) (0,2,0) (0,0,2) none",
            kinds="domain domain domain list",
        ),
    ),
    "too few voxels": ("file-truncated", lambda: attached(DATA[:-1])),
    "bytes after the voxels": ("file-longer", lambda: attached(DATA + b"more")),
    "voxels that are not numbers": (
        "voxels-not-finite",
        lambda: attached(np.full(120, np.nan, "<f4").tobytes(), type="float"),
    ),
    "voxels in several files": ("header-invalid", lambda: attached(more="data file: LIST\na.raw\nb.raw")),
    "voxels in numbered files": ("header-invalid", lambda: attached(more="data file: a%03d.raw 1 4 1")),
    "compressed voxels without an end": ("file-truncated", lambda: zipped(gzip.compress(DATA)[:-9])),
    "another checksum": ("file-damaged", lambda: zipped(gzip.compress(DATA)[:-8] + bytes(8))),
    "bytes after the compressed voxels": ("file-damaged", lambda: zipped(gzip.compress(DATA) + b"garbage")),
    "voxels that are not compressed": ("file-damaged", lambda: zipped(DATA)),
    "compressed voxels that go on": ("file-longer", lambda: zipped(gzip.compress(DATA + bytes(10**8)))),
    "640 voxels each way in a few bytes": ("file-truncated", lambda: zipped(sizes="640 640 640")),
}

DETACHED_CASES = {
    "no data file": ("file-missing", "nothing.raw"),
    "a data file above": ("data-file-elsewhere", "../voxels.raw"),
    "a data file by its whole path": ("data-file-elsewhere", "/etc/passwd"),
    "the folder itself": ("data-file-elsewhere", "."),
    "a folder": ("not-a-regular-file", "below"),
    "a link out of the folder": ("data-file-elsewhere", "link.raw"),
    "a data file of another system's path": ("data-file-elsewhere", "..\\voxels.raw"),
    "too few voxels": ("file-truncated", "short.raw"),
    "too many voxels": ("file-longer", "long.raw"),
    "the header itself": ("file-longer", "scan.nhdr"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_file_that_cannot_be_used_is_refused(tmp_path, code_of_refusal, case):
    code, make = CASES[case]
    path = tmp_path / "scan.nrrd"
    path.write_bytes(make())
    assert code_of_refusal(path) == code


@pytest.mark.parametrize("case", DETACHED_CASES)
def test_voxels_that_are_not_beside_their_header_are_refused(tmp_path, case):
    code, name = DETACHED_CASES[case]
    folder = tmp_path / "folder"
    (folder / "below").mkdir(parents=True)
    (tmp_path / "voxels.raw").write_bytes(DATA)
    (folder / "link.raw").symlink_to(tmp_path / "voxels.raw")
    (folder / "short.raw").write_bytes(DATA[:-2])
    (folder / "long.raw").write_bytes(DATA + DATA)
    padding = "#" * 5000 if name == "scan.nhdr" else ""
    (folder / "scan.nhdr").write_bytes(header(more=f"{padding}\ndata file: {name}".strip()))
    with pytest.raises(InputError) as refusal:
        read_volume(folder / "scan.nhdr")
    assert refusal.value.code == code
    assert refusal.value.expected
    assert refusal.value.advice
