"""What the viewer of a report shows, as texts for the page: base64 of compressed NIfTI files.

Voxels outside the brain are zero in all of them, for a face would tell whose head it is; nothing in their
headers says whose it is or when it was scanned.
"""

from __future__ import annotations

import base64
import gzip
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import nibabel
import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.analysis.figures.window import window
from LongitudinalINRLib.analysis.map_frames import MapFrames, part_of
from LongitudinalINRLib.imaging.resampling import resample
from LongitudinalINRLib.imaging.volume import Volume

FINEST_MM = 0.9
"""A scan in finer voxels is shown in voxels of 1 mm, so that the page stays small."""

SHOWN_MM = 1.0
STEP = 0.001
"""Of |J| and of half-widths, as they are stored: a tenth of a percent."""

COMPRESSION = 6
VOXELS_AT = 352
"""Byte of a NIfTI file at which its voxels begin."""


@dataclass(frozen=True)
class ViewerVolumes:
    """The files of a viewer, base64.

    Parameters
    ----------
    baseline : str
        The brain in grey, uint8.
    changes : tuple of str
        By month: |J| - 1, int16 with its scale.
    half_widths : tuple of str
        By month: half-width of the 90 % interval of log|J|, int16 with its scale; none where not known.
    baseline_mm, map_mm : float
        Longest edges of their voxels.
    """

    baseline: str
    changes: tuple[str, ...]
    half_widths: tuple[str, ...]
    baseline_mm: float
    map_mm: float


def viewer_volumes(baseline: Volume, mask: Volume, frames: MapFrames) -> ViewerVolumes:
    """Pack a baseline and its maps.

    Parameters
    ----------
    baseline, mask : Volume
        The scan and, boolean, its brain.
    frames : MapFrames
        The maps.
    """
    brain = _brain(baseline, mask)
    inside = frames.mask.array.astype(bool)
    widths = [] if frames.half_width is None else list(frames.half_width)
    with ThreadPoolExecutor() as beside:  # compression lets other threads go on
        grey = beside.submit(_packed, brain)
        changes = beside.map(
            lambda each: _packed(frames.mask.with_array(_steps(np.where(inside, each - 1.0, 0.0))), STEP),
            list(frames.jacobian),
        )
        half_widths = beside.map(lambda each: _packed(frames.mask.with_array(_steps(each)), STEP), widths)
        return ViewerVolumes(
            grey.result(),
            tuple(changes),
            tuple(half_widths),
            float(brain.voxel_sizes_mm.max()),
            float(frames.mask.voxel_sizes_mm.max()),
        )


def _brain(baseline: Volume, mask: Volume) -> Volume:
    """Return the brain in grey, 1 to 255, and 0 outside, cut to the box around it."""
    inside = mask.array.astype(bool)
    low, high = window(baseline, inside)
    shares = np.clip((baseline.array.astype(np.float32) - low) / (high - low), 0.0, 1.0)
    grey = baseline.with_array(np.where(inside, np.rint(1 + 254 * shares), 0).astype(np.uint8))
    found = [np.flatnonzero(inside.any(axis=axes)) for axes in ((1, 2), (0, 2), (0, 1))]
    cut = part_of(grey, tuple(slice(int(each[0]), int(each[-1]) + 1) for each in found))
    if cut.voxel_sizes_mm.min() >= FINEST_MM:
        return cut
    edges_mm = np.maximum(cut.voxel_sizes_mm, SHOWN_MM)
    affine = np.array(cut.affine)
    affine[:3, :3] *= edges_mm / cut.voxel_sizes_mm
    counts = np.ceil(np.array(cut.shape) * cut.voxel_sizes_mm / edges_mm).astype(int)
    like = Volume(np.zeros(counts, np.uint8), affine)
    coarse = resample(cut, like)
    return coarse.with_array(np.rint(coarse.array).astype(np.uint8))


def _steps(values: NDArray[np.floating]) -> NDArray[np.int16]:
    ends = np.iinfo(np.int16)
    return np.asarray(np.clip(np.rint(values / STEP), ends.min, ends.max), np.int16)


def _packed(volume: Volume, slope: float = 1.0) -> str:
    """Return a volume as NIfTI, compressed, base64; the same volume gives the same text."""
    header = nibabel.Nifti1Image(volume.array, volume.affine).header
    header.set_xyzt_units("mm")
    header["vox_offset"], header["scl_slope"], header["scl_inter"] = VOXELS_AT, slope, 0.0
    content = header.binaryblock.ljust(VOXELS_AT, b"\0") + volume.array.tobytes(order="F")
    return base64.b64encode(gzip.compress(content, COMPRESSION, mtime=0)).decode("ascii")
