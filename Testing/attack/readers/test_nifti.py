"""NIfTI files whose header is wrong, whose voxels are missing, or whose compression is damaged."""

from __future__ import annotations

import gzip
import zlib

import nibabel as nib
import numpy as np
import pytest

VOXELS = np.random.default_rng(0).integers(1, 1000, (6, 5, 4)).astype(np.int16)
NAN, INF = float("nan"), float("inf")


def content(kind=nib.Nifti1Image, voxels=VOXELS, **fields):
    """Return the bytes of a good file after some fields of its header were changed."""
    image = kind(voxels, np.diag([2.0, 2, 2, 1]))
    image.set_qform(image.affine, code=1)
    whole = image.to_bytes()
    header = image.header_class(whole[: image.header_class.sizeof_hdr], check=False)
    for name, value in fields.items():
        header[name] = value
    return header.binaryblock + whole[len(header.binaryblock) :]


def dims(*lengths):
    return (*lengths, *[1] * (8 - len(lengths)))


def qform_only(**fields):
    return content(sform_code=0, **fields)


def cut(count):
    return content()[:count]


CASES = {
    "nothing": ("file-truncated", lambda: b""),
    "three bytes": ("file-truncated", lambda: cut(3)),
    "half a header": ("file-truncated", lambda: cut(200)),
    "a header alone": ("file-truncated", lambda: cut(352)),
    "all but the last byte": ("file-truncated", lambda: content()[:-1]),
    "a picture": ("not-an-image", lambda: b"\x89PNG\r\n\x1a\n" + bytes(500)),
    "zeros": ("not-an-image", lambda: bytes(1000)),
    "another header size": ("not-an-image", lambda: content(sizeof_hdr=349)),
    "the mark of a pair of files": ("not-an-image", lambda: content(magic=b"ni1")),
    "no mark": ("not-an-image", lambda: content(magic=b"")),
    "the mark of the other version": ("not-an-image", lambda: content(magic=b"n+2")),
    "no axes": ("header-invalid", lambda: content(dim=dims(0, 6, 5, 4))),
    "eight axes": ("header-invalid", lambda: content(dim=dims(8, 6, 5, 4))),
    "minus three axes": ("header-invalid", lambda: content(dim=dims(-3, 6, 5, 4))),
    "no voxels along an axis": ("header-invalid", lambda: content(dim=dims(3, 6, 0, 4))),
    "minus five voxels": ("header-invalid", lambda: content(dim=dims(3, 6, -5, 4))),
    "a size hidden elsewhere": ("header-invalid", lambda: content(dim=dims(3, -1, 5, 4), glmin=6)),
    "more voxels than stored": ("file-truncated", lambda: content(dim=dims(3, 6, 5, 5))),
    "fewer voxels than stored": ("file-longer", lambda: content(dim=dims(3, 5, 5, 4))),
    "720 voxels each way": ("image-large", lambda: content(dim=dims(3, 720, 720, 720))),
    "640 voxels each way": ("file-truncated", lambda: content(dim=dims(3, 640, 640, 640))),
    "2 x 2 x 2": ("image-small", lambda: content(voxels=VOXELS[:2, :2, :2])),
    "32767 voxels each way": ("image-large", lambda: content(dim=dims(3, 32767, 32767, 32767))),
    "32767 frames": ("image-4d", lambda: content(dim=dims(4, 6, 5, 4, 32767))),
    "an unknown type": ("header-invalid", lambda: content(datatype=999)),
    "a type and other bits": ("header-invalid", lambda: content(bitpix=32)),
    "a wider type": ("file-truncated", lambda: content(datatype=16, bitpix=32)),
    "single bits": ("image-colour", lambda: content(datatype=1, bitpix=1)),
    "complex numbers": ("image-colour", lambda: content(datatype=32, bitpix=64)),
    "voxels at infinity": ("header-invalid", lambda: content(vox_offset=INF)),
    "voxels nowhere": ("header-invalid", lambda: content(vox_offset=NAN)),
    "voxels before the file": ("header-invalid", lambda: content(vox_offset=-352)),
    "voxels in the header": ("header-invalid", lambda: content(vox_offset=100)),
    "voxels at half a byte": ("header-invalid", lambda: content(vox_offset=352.5)),
    "voxels beyond the end": ("file-truncated", lambda: content(vox_offset=1e6)),
    "voxels far beyond the end": ("header-invalid", lambda: content(vox_offset=1e30)),
    "an infinite slope": ("header-invalid", lambda: content(scl_slope=INF)),
    "a slope that is no number, with an intercept": (
        "header-invalid",
        lambda: content(scl_slope=NAN, scl_inter=3),
    ),
    "an intercept that is no number": ("header-invalid", lambda: content(scl_slope=2, scl_inter=NAN)),
    "a slope beyond all values": ("voxels-not-finite", lambda: content(scl_slope=3e38)),
    "a slope that overflows later": ("voxels-range", lambda: content(scl_slope=1e30, scl_inter=0)),
    "a slope that leaves nothing": ("voxels-range", lambda: content(scl_slope=1e-45, scl_inter=0)),
    "no forms": ("no-orientation", lambda: content(sform_code=0, qform_code=0)),
    "negative form codes": ("no-orientation", lambda: content(sform_code=-1, qform_code=-1)),
    "an sform of NaN": ("affine-singular", lambda: content(srow_x=NAN)),
    "an sform of infinity": ("affine-singular", lambda: content(srow_y=INF)),
    "an sform of zeros": ("affine-singular", lambda: content(srow_z=0)),
    "an sform of 1e30": (
        "voxel-sizes",
        lambda: content(srow_x=(1e30, 0, 0, 0), srow_y=(0, 1e30, 0, 0), srow_z=(0, 0, 1e30, 0)),
    ),
    "an sform of nanometres": (
        "voxel-sizes",
        lambda: content(srow_x=(1e-6, 0, 0, 0), srow_y=(0, 1e-6, 0, 0), srow_z=(0, 0, 1e-6, 0)),
    ),
    "one axis in metres": ("voxel-sizes", lambda: content(srow_x=(1000, 0, 0, 0))),
    "a scanner on the moon": ("affine-far", lambda: content(srow_x=(2, 0, 0, 4e11))),
    "a quaternion of no rotation": ("header-invalid", lambda: qform_only(quatern_b=5)),
    "a quaternion of NaN": ("affine-singular", lambda: qform_only(quatern_b=NAN)),
    "negative voxel sizes": ("header-invalid", lambda: qform_only(pixdim=(1, -2, 2, 2, 1, 1, 1, 1))),
    "voxel sizes of zero": ("affine-singular", lambda: qform_only(pixdim=(1, 0, 2, 2, 1, 1, 1, 1))),
    "voxel sizes of NaN": ("affine-singular", lambda: qform_only(pixdim=(1, NAN, 2, 2, 1, 1, 1, 1))),
    "a qform of micrometres": (
        "voxel-sizes",
        lambda: qform_only(pixdim=(1, 0.002, 0.002, 0.002, 1, 1, 1, 1)),
    ),
    "2 mm that are called metres": ("length-unit", lambda: content(xyzt_units=1)),
    "2 mm that are called micrometres": ("length-unit", lambda: content(xyzt_units=3)),
    "an infinite origin in metres": (
        "affine-singular",
        lambda: content(
            xyzt_units=1, srow_x=(0.002, 0, 0, INF), srow_y=(0, 0.002, 0, 0), srow_z=(0, 0, 0.002, 0)
        ),
    ),
    "more bytes after the voxels": ("file-longer", lambda: content() + b"more"),
    "a megabyte of zeros after the voxels": ("file-longer", lambda: content() + bytes(1 << 20)),
    "two files in one": ("file-longer", lambda: 2 * content()),
    "version 2 with negative sizes": (
        "header-invalid",
        lambda: content(nib.Nifti2Image, dim=dims(3, -6, -5, 4)),
    ),
    "version 2 with 2^62 voxels": ("image-large", lambda: content(nib.Nifti2Image, dim=dims(3, 2**62, 5, 4))),
    "version 2 with voxels at 2^62": ("header-invalid", lambda: content(nib.Nifti2Image, vox_offset=2**62)),
    "version 2 cut short": ("file-truncated", lambda: content(nib.Nifti2Image)[:400]),
}

GZIP_CASES = {
    "nothing but a header": ("file-truncated", lambda: gzip.compress(content())[:10]),
    "no checksum": ("file-truncated", lambda: gzip.compress(content())[:-8]),
    "half a checksum": ("file-truncated", lambda: gzip.compress(content())[:-2]),
    "another checksum": ("file-damaged", lambda: gzip.compress(content())[:-8] + bytes(8)),
    "another length": ("file-damaged", lambda: gzip.compress(content())[:-4] + bytes(4)),
    "bytes after the end": ("file-damaged", lambda: gzip.compress(content()) + b"garbage"),
    "bytes after zeros after the end": ("file-damaged", lambda: gzip.compress(content()) + bytes(9) + b"xyz"),
    "half a second member": (
        "file-truncated",
        lambda: gzip.compress(content()) + gzip.compress(b"")[:12],
    ),
    "voxels in a second member with another checksum": (
        "file-damaged",
        lambda: gzip.compress(cut(400)) + gzip.compress(content()[400:])[:-8] + bytes(8),
    ),
    "a second scan": ("file-longer", lambda: 2 * gzip.compress(content())),
    "far more than the header says": ("file-longer", lambda: gzip.compress(content() + bytes(10**8), 9)),
    "other compression": ("not-an-image", lambda: zlib.compress(content())),
    "compressed twice": ("not-an-image", lambda: gzip.compress(gzip.compress(content()))),
    "an unknown method": ("file-damaged", lambda: b"\x1f\x8b\x07" + gzip.compress(content())[3:]),
    "a reserved flag": ("file-damaged", lambda: b"\x1f\x8b\x08\xe0" + gzip.compress(content())[4:]),
    "640 voxels each way in a few bytes": (
        "file-truncated",
        lambda: gzip.compress(content(dim=dims(3, 640, 640, 640))),
    ),
}


@pytest.mark.parametrize("ending", [".nii", ".nii.gz"])
@pytest.mark.parametrize("case", CASES)
def test_a_header_that_cannot_be_right_is_refused(tmp_path, code_of_refusal, case, ending):
    code, make = CASES[case]
    path = tmp_path / f"scan{ending}"
    path.write_bytes(gzip.compress(make()) if ending == ".nii.gz" else make())
    assert code_of_refusal(path) == code


@pytest.mark.parametrize("case", GZIP_CASES)
def test_a_stream_that_is_not_whole_is_refused(tmp_path, code_of_refusal, case):
    code, make = GZIP_CASES[case]
    path = tmp_path / "scan.nii.gz"
    path.write_bytes(make())
    assert code_of_refusal(path) == code
