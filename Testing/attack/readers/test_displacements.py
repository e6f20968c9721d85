"""Displacement maps that are something else, that are damaged, or that move the head away."""

from __future__ import annotations

import gzip

import nibabel as nib
import numpy as np
import pytest

from LongitudinalINRLib.imaging.reading import read_displacement
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.imaging.writing import write_volume

FIELD = np.random.default_rng(0).normal(0, 1, (6, 5, 4, 3)).astype(np.float32)
NAN, INF = float("nan"), float("inf")


def content(folder, field=FIELD, **fields):
    """Return the bytes of a good map after some fields of its header were changed."""
    write_volume(Volume(field, np.diag([2.0, 2, 2, 1])), folder / "good.nii")
    whole = (folder / "good.nii").read_bytes()
    (folder / "good.nii").unlink()
    header = nib.Nifti1Header(whole[:348], check=False)
    for name, value in fields.items():
        header[name] = value
    return header.binaryblock + whole[348:]


def with_value(value):
    field = FIELD.copy()
    field[1, 2, 3, 1] = value
    return field


def dims(*lengths):
    return (*lengths, *[1] * (8 - len(lengths)))


def scalar(folder):
    nib.save(nib.Nifti1Image(FIELD[..., 0], np.eye(4)), folder / "good.nii")
    whole = (folder / "good.nii").read_bytes()
    (folder / "good.nii").unlink()
    return whole


CASES = {
    "nothing": ("file-truncated", lambda folder: b""),
    "text": ("not-an-image", lambda folder: b"not a map" * 100),
    "a header alone": ("file-truncated", lambda folder: content(folder)[:352]),
    "all but the last byte": ("file-truncated", lambda folder: content(folder)[:-1]),
    "bytes after the end": ("file-longer", lambda folder: content(folder) + b"more"),
    "a map of numbers": ("not-a-displacement", scalar),
    "vectors along another axis": (
        "not-a-displacement",
        lambda folder: content(folder, dim=dims(5, 1, 3, 6, 5, 4)),
    ),
    "vectors as frames": ("not-a-displacement", lambda folder: content(folder, dim=dims(4, 6, 5, 4, 3))),
    "two components": ("not-a-displacement", lambda folder: content(folder, dim=dims(5, 6, 5, 4, 1, 2))),
    "vectors of another meaning": ("not-a-displacement", lambda folder: content(folder, intent_code=1007)),
    "colours": ("not-a-displacement", lambda folder: content(folder, datatype=128, bitpix=24)),
    "whole numbers": ("not-a-displacement", lambda folder: content(folder, datatype=8)),
    "a displacement of NaN": ("displacement-values", lambda folder: content(folder, with_value(NAN))),
    "an infinite displacement": ("displacement-values", lambda folder: content(folder, with_value(-INF))),
    "a displacement of a kilometre": ("displacement-values", lambda folder: content(folder, with_value(1e6))),
    "an infinite slope": ("header-invalid", lambda folder: content(folder, scl_slope=INF)),
    "a slope that overflows": ("displacement-values", lambda folder: content(folder, scl_slope=3e38)),
    "no forms": ("no-orientation", lambda folder: content(folder, sform_code=0, qform_code=0)),
    "an sform of NaN": ("affine-singular", lambda folder: content(folder, srow_y=NAN)),
    "voxels of nanometres": (
        "voxel-sizes",
        lambda folder: content(
            folder, srow_x=(1e-6, 0, 0, 0), srow_y=(0, 1e-6, 0, 0), srow_z=(0, 0, 1e-6, 0)
        ),
    ),
    "2 x 2 x 2": ("image-small", lambda folder: content(folder, FIELD[:2, :2, :2])),
    "no voxels": ("header-invalid", lambda folder: content(folder, dim=dims(5, 6, 0, 4, 1, 3))),
    "voxels at infinity": ("header-invalid", lambda folder: content(folder, vox_offset=INF)),
    "600 voxels each way": (
        "file-truncated",
        lambda folder: content(folder, dim=dims(5, 600, 600, 600, 1, 3)),
    ),
}


@pytest.mark.parametrize("ending", [".nii", ".nii.gz"])
@pytest.mark.parametrize("case", CASES)
def test_a_map_that_cannot_be_used_is_refused(tmp_path, code_of_refusal, case, ending):
    code, make = CASES[case]
    path = tmp_path / f"displacement{ending}"
    whole = make(tmp_path)
    path.write_bytes(gzip.compress(whole) if ending == ".nii.gz" else whole)
    assert code_of_refusal(path, read_displacement) == code


def test_a_good_map_comes_back(tmp_path):
    path = tmp_path / "displacement.nii.gz"
    path.write_bytes(gzip.compress(content(tmp_path)))
    np.testing.assert_array_equal(read_displacement(path).array, FIELD)
