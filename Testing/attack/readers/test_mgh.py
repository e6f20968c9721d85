"""FreeSurfer files whose header is wrong, whose voxels are missing, or whose compression is damaged."""

from __future__ import annotations

import gzip
import io

import nibabel as nib
import numpy as np
import pytest
from nibabel.freesurfer.mghformat import header_dtype

VOXELS = np.random.default_rng(0).integers(1, 1000, (6, 5, 4)).astype(np.int32)
NAN, INF = float("nan"), float("inf")


def content(voxels=VOXELS, **fields):
    """Return the bytes of a good file after some fields of its header were changed."""
    stream = io.BytesIO()
    nib.MGHImage(voxels, np.diag([2.0, 2, 2, 1])).to_file_map({"image": nib.FileHolder(fileobj=stream)})
    whole = stream.getvalue()
    header = np.frombuffer(whole[: header_dtype.itemsize], header_dtype).copy()
    for name, value in fields.items():
        header[name] = value
    return header.tobytes() + whole[header_dtype.itemsize :]


CASES = {
    "nothing": ("file-truncated", lambda: b""),
    "half a header": ("file-truncated", lambda: content()[:40]),
    "a header alone": ("file-truncated", lambda: content()[:284]),
    "half the voxels": ("file-truncated", lambda: content()[:500]),
    "all but one byte of the voxels": ("file-truncated", lambda: content()[: 284 + VOXELS.nbytes - 1]),
    "text": ("not-an-image", lambda: b"not an image" * 100),
    "version 2": ("not-an-image", lambda: content(version=2)),
    "the other byte order": ("not-an-image", lambda: content(version=1 << 24)),
    "no voxels along an axis": ("header-invalid", lambda: content(dims=(6, 0, 4, 1))),
    "minus six voxels": ("header-invalid", lambda: content(dims=(-6, -5, 4, 1))),
    "no frames": ("header-invalid", lambda: content(dims=(6, 5, 4, 0))),
    "two frames": ("image-4d", lambda: content(dims=(6, 5, 2, 2))),
    "one slice": ("image-2d", lambda: content(dims=(6, 20, 1, 1))),
    "2 x 2 x 2": ("image-small", lambda: content(VOXELS[:2, :2, :2])),
    "more voxels than stored": ("file-truncated", lambda: content(dims=(60, 50, 40, 1))),
    "2^31 voxels each way": ("image-large", lambda: content(dims=(2**31 - 1, 2**31 - 1, 2**31 - 1, 1))),
    "640 voxels each way": ("file-truncated", lambda: content(dims=(640, 640, 640, 1))),
    "an unknown type": ("header-invalid", lambda: content(type=7)),
    "a negative type": ("header-invalid", lambda: content(type=-1)),
    "sides unknown": ("no-orientation", lambda: content(goodRASFlag=0)),
    "a negative flag of sides": ("no-orientation", lambda: content(goodRASFlag=-1)),
    "voxel sizes of zero": ("header-invalid", lambda: content(delta=0)),
    "a negative voxel size": ("header-invalid", lambda: content(delta=(2, -2, 2))),
    "voxel sizes of NaN": ("header-invalid", lambda: content(delta=NAN)),
    "infinite voxel sizes": ("affine-singular", lambda: content(delta=INF)),
    "voxel sizes of 1e30": ("voxel-sizes", lambda: content(delta=1e30)),
    "voxels of nanometres": ("voxel-sizes", lambda: content(delta=1e-6)),
    "one axis in metres": ("voxel-sizes", lambda: content(delta=(2, 2000, 2))),
    "directions of zero": ("header-invalid", lambda: content(Mdc=0)),
    "directions of NaN": ("header-invalid", lambda: content(Mdc=NAN)),
    "directions longer than 1": ("header-invalid", lambda: content(Mdc=2 * np.eye(3))),
    "directions in one plane": ("affine-singular", lambda: content(Mdc=[[1, 0, 0], [0, 1, 0], [0, 1, 0]])),
    "a centre of NaN": ("affine-singular", lambda: content(Pxyz_c=NAN)),
    "a centre on the moon": ("affine-far", lambda: content(Pxyz_c=4e11)),
    "fewer voxels than stored": ("file-longer", lambda: content(dims=(6, 4, 4, 1))),
    "a narrower type": ("file-longer", lambda: content(type=4)),
    "megabytes after the voxels": ("file-longer", lambda: content() + bytes(5 << 20)),
}

GZIP_CASES = {
    "half of it": ("file-truncated", lambda: gzip.compress(content())[:100]),
    "no checksum": ("file-truncated", lambda: gzip.compress(content())[:-8]),
    "another checksum": ("file-damaged", lambda: gzip.compress(content())[:-8] + bytes(8)),
    "bytes after the end": ("file-damaged", lambda: gzip.compress(content()) + b"garbage"),
    "far more than the header says": ("file-longer", lambda: gzip.compress(content() + bytes(10**8), 9)),
}


@pytest.mark.parametrize("ending", [".mgh", ".mgz"])
@pytest.mark.parametrize("case", CASES)
def test_a_header_that_cannot_be_right_is_refused(tmp_path, code_of_refusal, case, ending):
    code, make = CASES[case]
    path = tmp_path / f"scan{ending}"
    path.write_bytes(gzip.compress(make()) if ending == ".mgz" else make())
    assert code_of_refusal(path) == code


@pytest.mark.parametrize("case", GZIP_CASES)
def test_a_stream_that_is_not_whole_is_refused(tmp_path, code_of_refusal, case):
    code, make = GZIP_CASES[case]
    path = tmp_path / "scan.mgz"
    path.write_bytes(make())
    assert code_of_refusal(path) == code
