"""One bit of a file is another: what changes a voxel is refused, never read."""

from __future__ import annotations

import gzip
import hashlib
import io
import random
import zlib

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.formats.source import sha256_of_source
from LongitudinalINRLib.imaging.reading import read_volume

AFFINE = np.diag([2.0, 2, 2, 1])
FLIPS = 300
UNREADABLE = (OSError, EOFError, zlib.error)


@pytest.fixture
def good_file(tmp_path, voxels):
    """Return a function that writes a good file of any kind."""

    def write(name, voxels=voxels):
        path = tmp_path / name
        if name.endswith((".mgz", ".mgh")):
            stream = io.BytesIO()
            nib.MGHImage(voxels, AFFINE).to_file_map({"image": nib.FileHolder(fileobj=stream)})
            content = stream.getvalue()
            path.write_bytes(gzip.compress(content) if name.endswith(".mgz") else content)
        elif name.endswith((".nii", ".nii.gz")):
            content = nib.Nifti1Image(voxels, AFFINE).to_bytes()
            path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
        else:
            sitk.WriteImage(sitk.GetImageFromArray(voxels), str(path), name.startswith("zipped"))
        return path

    return write


def flips(content, count=None, start=0):
    """Give copies of bytes with one bit flipped: each bit in turn, or some at random."""
    bits = range(8 * start, 8 * len(content))
    for bit in bits if count is None else sorted(random.Random(1).sample(bits, min(count, len(bits)))):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        yield bit, bytes(flipped)


def read_or_none(path, sha256=None):
    try:
        return read_volume(path, sha256)[0]
    except InputError:
        return None


def decompressed(content):
    """Return what another reader makes of a gzip file, none if it is broken."""
    try:
        return gzip.decompress(content)
    except UNREADABLE:
        return None


@pytest.mark.parametrize("name", ["scan.nii.gz", "scan.mgz"])
def test_no_flip_in_a_gzip_file_changes_what_is_read(good_file, voxels, name):
    path = good_file(name, voxels[:4, :4, :4].astype(np.uint8))
    whole = path.read_bytes()
    right, bytes_inside = read_volume(path)[0], gzip.decompress(whole)
    refused = 0
    for bit, flipped in flips(whole):
        path.write_bytes(flipped)
        found = read_or_none(path)
        refused += found is None
        if decompressed(flipped) != bytes_inside:
            assert found is None, bit
        elif found is not None:
            np.testing.assert_array_equal(found.array, right.array)
            np.testing.assert_array_equal(found.affine, right.affine)
    assert refused > 7 * len(whole)  # all but the unused fields of the gzip header


@pytest.mark.parametrize("name", ["zipped.nrrd", "zipped.mha"])
def test_no_flip_in_compressed_voxels_is_read(good_file, name):
    path = good_file(name)
    whole = path.read_bytes()
    right = read_volume(path)[0]
    end = b"\n\n" if name.endswith(".nrrd") else b"LOCAL\n"
    for bit, flipped in flips(whole, FLIPS, start=whole.index(end) + len(end)):
        path.write_bytes(flipped)
        found = read_or_none(path)
        if found is not None:  # a field of the gzip header that says nothing
            assert name.endswith(".nrrd"), bit
            np.testing.assert_array_equal(found.array, right.array)


@pytest.mark.parametrize(
    "name",
    ["scan.nii", "scan.nii.gz", "scan.mgh", "scan.mgz", "scan.nrrd", "scan.mha", "scan.nhdr", "scan.mhd"],
)
def test_any_flip_after_a_file_was_hashed_is_refused(good_file, name):
    path = good_file(name)
    sha256 = sha256_of_source(path)
    assert read_or_none(path, sha256) is not None
    for file in path.parent.iterdir():  # a header and its voxels alike
        whole = file.read_bytes()
        for bit, flipped in flips(whole, FLIPS):
            file.write_bytes(flipped)
            assert read_or_none(path, sha256) is None, (file.name, bit)
        file.write_bytes(whole)
    assert read_or_none(path, sha256) is not None


@pytest.mark.parametrize(
    "name", ["scan.nii", "scan.mgh", "scan.nrrd", "scan.mha", "zipped.nrrd", "zipped.mha"]
)
def test_a_flip_in_a_header_is_refused_or_leaves_a_scan_but_never_a_defect(good_file, name):
    path = good_file(name)
    whole = path.read_bytes()
    read = 0
    for _, flipped in flips(whole[:350], count=1000):
        path.write_bytes(flipped + whole[350:])
        found = read_or_none(path)
        if found is not None:
            read += 1
            assert sorted(found.shape) == [4, 5, 6]
            assert np.isfinite(found.affine).all()
    assert read > 0


def test_the_hash_of_one_file_is_that_of_its_content(good_file):
    path = good_file("scan.nii.gz")
    assert sha256_of_source(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_hash_of_header_and_voxels_is_that_of_both(good_file):
    path = good_file("scan.mhd")
    hashes = sorted(hashlib.sha256(file.read_bytes()).hexdigest() for file in path.parent.iterdir())
    assert len(hashes) == 2
    assert sha256_of_source(path) == hashlib.sha256("".join(hashes).encode()).hexdigest()
