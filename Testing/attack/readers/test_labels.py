"""Segmentations whose voxels are no label numbers, on top of what makes any image unreadable."""

from __future__ import annotations

import gzip

import nibabel as nib
import numpy as np
import pytest

from LongitudinalINRLib.imaging.reading import read_labels

LABELS = np.random.default_rng(0).integers(0, 60, (6, 5, 4)).astype(np.int16)
NAN, INF = float("nan"), float("inf")


def content(labels=LABELS, **fields):
    """Return the bytes of a good file after some fields of its header were changed."""
    whole = nib.Nifti1Image(labels, np.diag([2.0, 2, 2, 1]), dtype=labels.dtype).to_bytes()
    header = nib.Nifti1Header(whole[:348], check=False)
    for name, value in fields.items():
        header[name] = value
    return header.binaryblock + whole[348:]


def with_value(value, kind=np.float64):
    labels = LABELS.astype(kind)
    labels[1, 2, 3] = value
    return labels


def floats():
    return np.random.default_rng(1).random((6, 5, 4)).astype(np.float32)


CASES = {
    "nothing": ("file-truncated", lambda: b""),
    "text": ("not-an-image", lambda: b"1, Left-Hippocampus\n" * 50),
    "half of it": ("file-truncated", lambda: content()[:450]),
    "bytes after the end": ("file-longer", lambda: content() + bytes(10_000)),
    "zeros": ("labels-empty", lambda: content(np.zeros_like(LABELS))),
    "a scan": ("labels-not-integers", lambda: content(floats())),
    "a scan of two values": ("labels-not-integers", lambda: content(np.where(LABELS > 30, 0.5, 0.0))),
    "a label of NaN": ("labels-not-integers", lambda: content(with_value(NAN))),
    "all labels NaN": ("labels-not-integers", lambda: content(np.full((6, 5, 4), NAN, np.float32))),
    "an infinite label": ("labels-not-integers", lambda: content(with_value(INF))),
    "a label beyond 32 bits": ("labels-not-integers", lambda: content(with_value(2.0**33))),
    "an unsigned label beyond 32 bits": (
        "labels-not-integers",
        lambda: content(with_value(2**63 + 5, np.uint64)),
    ),
    "a whole label beyond 32 bits": (
        "labels-not-integers",
        lambda: content(with_value(2**40 + 17, np.int64)),
    ),
    "a negative label": ("labels-negative", lambda: content(with_value(-1, np.int16))),
    "a slope of a half": ("labels-not-integers", lambda: content(scl_slope=0.5, scl_inter=0)),
    "an infinite slope": ("header-invalid", lambda: content(scl_slope=INF)),
    "an intercept of a half": ("labels-not-integers", lambda: content(scl_slope=1, scl_inter=0.5)),
    "two frames": ("image-4d", lambda: content(np.stack([LABELS, LABELS], axis=-1))),
    "one slice": ("image-2d", lambda: content(LABELS[:, :, :1])),
    "2 x 2 x 2": ("image-small", lambda: content(LABELS[:2, :2, :2])),
    "no forms": ("no-orientation", lambda: content(sform_code=0, qform_code=0)),
    "an sform of NaN": ("affine-singular", lambda: content(srow_x=NAN)),
    "colours": ("image-colour", lambda: content(datatype=128, bitpix=24)),
    "640 voxels each way": ("file-truncated", lambda: content(dim=(3, 640, 640, 640, 1, 1, 1, 1))),
}


@pytest.mark.parametrize("ending", [".nii", ".nii.gz"])
@pytest.mark.parametrize("case", CASES)
def test_labels_that_cannot_be_used_are_refused(tmp_path, code_of_refusal, case, ending):
    code, make = CASES[case]
    path = tmp_path / f"labels{ending}"
    path.write_bytes(gzip.compress(make()) if ending == ".nii.gz" else make())
    assert code_of_refusal(path, read_labels) == code
