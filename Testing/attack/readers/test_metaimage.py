"""MetaImage files whose header is wrong, whose voxels are missing or elsewhere, or that are damaged."""

from __future__ import annotations

import zlib

import numpy as np
import pytest

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.reading import read_volume

VOXELS = np.random.default_rng(0).integers(1, 1000, (6, 5, 4)).astype("<i2")
DATA = VOXELS.tobytes(order="F")
FIELDS = {
    "ObjectType": "Image",
    "NDims": "3",
    "BinaryData": "True",
    "BinaryDataByteOrderMSB": "False",
    "CompressedData": "False",
    "TransformMatrix": "1 0 0 0 1 0 0 0 1",
    "Offset": "0 0 0",
    "ElementSpacing": "2 2 2",
    "DimSize": "6 5 4",
    "ElementType": "MET_SHORT",
    "ElementDataFile": "LOCAL",
}


def header(**changes):
    """Return a good header after some fields were changed, or left out where they are none."""
    fields = FIELDS | changes
    fields["ElementDataFile"] = fields.pop("ElementDataFile")  # the last one
    return "".join(f"{name} = {value}\n" for name, value in fields.items() if value is not None).encode()


def local(data=DATA, **changes):
    return header(**changes) + data


def zipped(data=None, **changes):
    return local(zlib.compress(DATA) if data is None else data, CompressedData="True", **changes)


CASES = {
    "nothing": ("not-an-image", lambda: b""),
    "text": ("not-an-image", lambda: b"not an image\n" * 10),
    "zeros": ("not-an-image", lambda: bytes(1000)),
    "a header of two megabytes": ("header-invalid", lambda: local(Comment="x" * (2 << 20))),
    "half a header": ("header-invalid", lambda: local()[:60]),
    "a header that turns into voxels": ("header-invalid", lambda: local(ElementDataFile=None)),
    "a field twice": ("header-invalid", lambda: b"DimSize = 5 6 4\n" + local()),
    "a field under two names": ("header-invalid", lambda: local(Position="1 2 3")),
    "a tube": ("header-invalid", lambda: local(ObjectType="Tube")),
    "no dimensions": ("header-invalid", lambda: local(NDims=None)),
    "300 dimensions": ("header-invalid", lambda: local(NDims="300")),
    "2^31 dimensions": ("header-invalid", lambda: local(NDims=str(2**31))),
    "minus three dimensions": ("header-invalid", lambda: local(NDims="-3")),
    "two dimensions": (
        "image-2d",
        lambda: local(
            NDims="2", DimSize="6 20", ElementSpacing="2 2", Offset="0 0", TransformMatrix="1 0 0 1"
        ),
    ),
    "no sizes": ("header-invalid", lambda: local(DimSize=None)),
    "two sizes": ("header-invalid", lambda: local(DimSize="6 20")),
    "a size of zero": ("header-invalid", lambda: local(DimSize="6 0 4")),
    "negative sizes": ("header-invalid", lambda: local(DimSize="-6 -5 4")),
    "sizes in words": ("header-invalid", lambda: local(DimSize="six 5 4")),
    "2^62 voxels": ("image-large", lambda: local(DimSize=f"{2**62} 5 4")),
    "640 voxels each way": ("file-truncated", lambda: local(DimSize="640 640 640")),
    "2 x 2 x 2": ("image-small", lambda: local(DATA[:16], DimSize="2 2 2")),
    "two frames": (
        "image-4d",
        lambda: local(
            NDims="4",
            DimSize="6 5 2 2",
            ElementSpacing="2 2 2 1",
            Offset="0 0 0 0",
            TransformMatrix="1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1",
        ),
    ),
    "colours": ("image-colour", lambda: local(ElementNumberOfChannels="3", ElementType="MET_UCHAR")),
    "minus one channel": ("image-colour", lambda: local(ElementNumberOfChannels="-1")),
    "no type": ("header-invalid", lambda: local(ElementType=None)),
    "an unknown type": ("header-invalid", lambda: local(ElementType="MET_STRING")),
    "a wider type": ("file-truncated", lambda: local(ElementType="MET_DOUBLE")),
    "a narrower type": ("file-longer", lambda: local(ElementType="MET_UCHAR")),
    "voxels as text": ("header-invalid", lambda: local(b"1 2 3", BinaryData="False")),
    "a byte order that is neither": ("header-invalid", lambda: local(BinaryDataByteOrderMSB="maybe")),
    "a scaling that readers differ on": (
        "header-invalid",
        lambda: local(ElementToIntensityFunctionSlope="2"),
    ),
    "no voxel sizes": ("no-orientation", lambda: local(ElementSpacing=None)),
    "two voxel sizes": ("header-invalid", lambda: local(ElementSpacing="2 2")),
    "voxel sizes of zero": ("header-invalid", lambda: local(ElementSpacing="2 0 2")),
    "a negative voxel size": ("header-invalid", lambda: local(ElementSpacing="2 -2 2")),
    "voxel sizes of NaN": ("header-invalid", lambda: local(ElementSpacing="nan nan nan")),
    "voxel sizes of 1e30": ("voxel-sizes", lambda: local(ElementSpacing="1e30 1e30 1e30")),
    "voxels of nanometres": ("voxel-sizes", lambda: local(ElementSpacing="1e-6 1e-6 1e-6")),
    "lengths in centimetres": ("header-invalid", lambda: local(DistanceUnits="cm")),
    "directions of zero": ("header-invalid", lambda: local(TransformMatrix="0 0 0 0 0 0 0 0 0")),
    "directions longer than 1": ("header-invalid", lambda: local(TransformMatrix="2 0 0 0 1 0 0 0 1")),
    "directions of NaN": ("header-invalid", lambda: local(TransformMatrix="nan 0 0 0 1 0 0 0 1")),
    "directions in a plane": ("affine-singular", lambda: local(TransformMatrix="1 0 0 0 1 0 0 1 0")),
    "eight numbers of directions": ("header-invalid", lambda: local(TransformMatrix="1 0 0 0 1 0 0 0")),
    "an infinite origin": ("affine-singular", lambda: local(Offset="inf 0 0")),
    "an origin on the moon": ("affine-far", lambda: local(Offset="0 0 4e11")),
    "a header before the voxels of the same file": ("header-invalid", lambda: local(HeaderSize="5")),
    "too few voxels": ("file-truncated", lambda: local(DATA[:-1])),
    "bytes after the voxels": ("file-longer", lambda: local(DATA + b"more")),
    "voxels in several files": ("header-invalid", lambda: local(ElementDataFile="LIST")),
    "voxels in numbered files": ("header-invalid", lambda: local(ElementDataFile="a%03d.raw 1 4 1")),
    "no name of the data file": ("header-invalid", lambda: local(ElementDataFile="")),
    "compressed voxels without an end": ("file-truncated", lambda: zipped(zlib.compress(DATA)[:-3])),
    "another checksum": ("file-damaged", lambda: zipped(zlib.compress(DATA)[:-4] + bytes(4))),
    "bytes after the compressed voxels": ("file-damaged", lambda: zipped(zlib.compress(DATA) + b"more")),
    "voxels that are not compressed": ("file-damaged", lambda: zipped(DATA)),
    "compressed voxels that go on": ("file-longer", lambda: zipped(zlib.compress(DATA + bytes(10**8)))),
    "fewer compressed bytes than told": ("file-truncated", lambda: zipped(CompressedDataSize="1000000")),
    "more compressed bytes than told": ("file-longer", lambda: zipped(CompressedDataSize="20")),
    "a negative number of compressed bytes": ("header-invalid", lambda: zipped(CompressedDataSize="-5")),
    "640 voxels each way in a few bytes": ("file-truncated", lambda: zipped(DimSize="640 640 640")),
}

DETACHED_CASES = {
    "no data file": ("file-missing", "nothing.raw", "0"),
    "a data file above": ("data-file-elsewhere", "../voxels.raw", "0"),
    "a data file by its whole path": ("data-file-elsewhere", "/etc/passwd", "0"),
    "a folder": ("not-a-regular-file", "below", "0"),
    "a link out of the folder": ("data-file-elsewhere", "link.raw", "0"),
    "too few voxels": ("file-truncated", "short.raw", "0"),
    "too few voxels at the end": ("file-truncated", "short.raw", "-1"),
    "too many voxels": ("file-longer", "long.raw", "0"),
    "a header beyond the end": ("file-truncated", "long.raw", "100000"),
    "a header of minus two": ("header-invalid", "long.raw", "-2"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_file_that_cannot_be_used_is_refused(tmp_path, code_of_refusal, case):
    code, make = CASES[case]
    path = tmp_path / "scan.mha"
    path.write_bytes(make())
    assert code_of_refusal(path) == code


@pytest.mark.parametrize("case", DETACHED_CASES)
def test_voxels_that_are_not_beside_their_header_are_refused(tmp_path, case):
    code, name, skip = DETACHED_CASES[case]
    folder = tmp_path / "folder"
    (folder / "below").mkdir(parents=True)
    (tmp_path / "voxels.raw").write_bytes(DATA)
    (folder / "link.raw").symlink_to(tmp_path / "voxels.raw")
    (folder / "short.raw").write_bytes(DATA[:-2])
    (folder / "long.raw").write_bytes(DATA + DATA)
    (folder / "scan.mhd").write_bytes(header(HeaderSize=skip, ElementDataFile=name))
    with pytest.raises(InputError) as refusal:
        read_volume(folder / "scan.mhd")
    assert refusal.value.code == code
    assert refusal.value.expected
    assert refusal.value.advice
