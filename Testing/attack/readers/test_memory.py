"""Files take no more memory than they hold, whatever they claim."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import nibabel as nib
import numpy as np
import pytest

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.reading import read_volume

MEGABYTE = 1 << 20
EDGE = 100


def peak_bytes(path):
    """Return the most memory that reading a file takes, and its refusal."""
    tracemalloc.start()
    try:
        read_volume(path)
    except InputError as error:
        return tracemalloc.get_traced_memory()[1], error
    else:
        return tracemalloc.get_traced_memory()[1], None
    finally:
        tracemalloc.stop()


def nifti_of(edge, data):
    header = nib.Nifti1Image(np.zeros((4, 4, 4), np.uint8), np.eye(4)).header
    header.set_data_shape((edge, edge, edge))
    header.set_data_offset(352)
    header["magic"] = b"n+1"
    return header.binaryblock + bytes(4) + data


def nrrd_of(edge, data):
    fields = f"type: uchar\ndimension: 3\nsizes: {edge} {edge} {edge}\nspace: LPS\nencoding: gzip"
    place = "space directions: (1,0,0) (0,1,0) (0,0,1)\nspace origin: (0,0,0)"
    return f"NRRD0004\n{fields}\n{place}\n\n".encode() + gzip.compress(data, 9)


def metaimage_of(edge, data):
    fields = f"NDims = 3\nCompressedData = True\nDimSize = {edge} {edge} {edge}\nElementSpacing = 1 1 1"
    return f"{fields}\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n".encode() + zlib.compress(data, 9)


FORMATS = {
    "scan.nii.gz": lambda edge, data: gzip.compress(nifti_of(edge, data), 9),
    "scan.nii": nifti_of,
    "scan.nrrd": nrrd_of,
    "scan.mha": metaimage_of,
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_that_claims_far_more_than_it_can_hold_takes_no_memory(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(FORMATS[name](640, bytes(55_000)))
    peak, refusal = peak_bytes(path)
    assert refusal.code == "file-truncated"
    assert peak < 5 * MEGABYTE


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_that_holds_far_more_than_it_claims_takes_no_memory(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(FORMATS[name](4, bytes(200 * MEGABYTE)))
    peak, refusal = peak_bytes(path)
    assert refusal.code == "file-longer"
    assert peak < 8 * MEGABYTE


@pytest.mark.parametrize("name", FORMATS)
def test_a_good_scan_takes_its_stored_bytes_and_what_is_computed_with(tmp_path, name):
    data = np.random.default_rng(0).integers(0, 4, EDGE**3).astype(np.uint8).tobytes()
    path = tmp_path / name
    path.write_bytes(FORMATS[name](EDGE, data))
    peak, refusal = peak_bytes(path)
    assert refusal is None
    assert peak < (1 + 4 + 1) * EDGE**3 + 5 * MEGABYTE  # stored, in single precision, and one mask
