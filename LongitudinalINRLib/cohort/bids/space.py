"""Whether a segmentation lies in the space of its scan, and how it gets onto the scan's grid."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.cohort.plan import PlannedLabels
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.reading import read_labels, read_volume
from LongitudinalINRLib.imaging.resampling import resample
from LongitudinalINRLib.imaging.writing import write_volume

FARTHEST_CENTRE_MM = 2.0
"""FreeSurfer and FastSurfer bring a scan to voxels of 1 mm around the same centre; SynthSeg's lies within a
voxel of it. A scan of another session, or a template, has another centre."""

SMALLEST_CORRELATION = 0.95
"""Between the scan and the image that FreeSurfer or FastSurfer kept of it, within the labels."""

KEPT_IMAGES = ("orig.mgz", "rawavg.mgz")
SMALLEST_SHARE = 0.98
"""Of the labelled tissue must lie within the scan's field of view."""

LARGEST_TRANSFORM_BYTES = 100_000
_RAS_TO_RAS = 1
_NUMBER = r"[-+]?\d[\d.]*(?:[eE][-+]?\d+)?"


class Grid(NamedTuple):
    """Where the voxels of an image lie, by its header alone: shape, and voxel index to RAS mm."""

    shape: tuple[int, ...]
    affine: NDArray[np.float64]

    @classmethod
    def of(cls, path: Path) -> Grid:
        """Read the header of a NIfTI or FreeSurfer file."""
        import nibabel as nib

        image: Any = nib.load(path)  # the voxels stay where they are
        return cls(tuple(image.shape[:3]), np.asarray(image.affine, np.float64))

    @property
    def centre_mm(self) -> NDArray[np.float64]:
        """The middle of the field of view, RAS mm, shape (3,)."""
        middle = np.append((np.array(self.shape) - 1) / 2, 1.0)
        return np.asarray((self.affine @ middle)[:3])


def why_elsewhere(segmentation: Path, scan: Path, transform: Path | None) -> str:
    """Return why a segmentation cannot be that of a scan, by their headers; empty where it can.

    Parameters
    ----------
    segmentation, scan : Path
        Files.
    transform : Path, optional
        Of FreeSurfer's longitudinal stream, from the scan to the space of the segmentation.
    """
    try:
        labels, head = Grid.of(segmentation), Grid.of(scan)
        if transform is not None:
            read_transform(transform)
            return ""
    except InputError as error:
        return error.found
    except Exception as error:  # nibabel raises of many kinds; a scan that cannot be read is told by the fit
        return f"its header, or the scan's, cannot be read ({type(error).__name__})"
    apart_mm = float(np.linalg.norm(labels.centre_mm - head.centre_mm))
    if apart_mm <= FARTHEST_CENTRE_MM:
        return ""
    return f"its centre is {apart_mm:.1f} mm from that of the scan"


def bring_labels(planned: PlannedLabels, scan: Path, to: Path) -> None:
    """Write a segmentation on the grid of its scan, by nearest neighbours.

    Parameters
    ----------
    planned : PlannedLabels
        The segmentation.
    scan : Path
        The baseline.
    to : Path
        The file that is written.

    Raises
    ------
    InputError
        A file cannot be read, or the segmentation is not that of the scan.
    """
    segmentation = Path(planned.path)
    labels, head = read_labels(segmentation)[0], read_volume(scan)[0]
    matrix = None if planned.transform is None else read_transform(Path(planned.transform))
    carried = resample(labels, head, matrix, order="nearest")
    before_ml = np.count_nonzero(labels.array) * labels.voxel_volume_ml
    after_ml = np.count_nonzero(carried.array) * carried.voxel_volume_ml
    if after_ml < SMALLEST_SHARE * before_ml:
        raise _elsewhere(f"{after_ml:.0f} of its {before_ml:.0f} mL in the scan's field of view")
    kept = next((path for name in KEPT_IMAGES if (path := segmentation.with_name(name)).is_file()), None)
    if kept is not None:
        inside = np.asarray(carried.array) != 0
        seen = resample(read_volume(kept)[0], head, matrix).array[inside]
        alike = float(np.corrcoef(seen, head.array[inside])[0, 1])
        if not alike >= SMALLEST_CORRELATION:
            raise _elsewhere(f"{kept.name} beside it correlates {alike:.2f} with the scan")
    write_volume(carried, to)


def read_transform(path: Path) -> NDArray[np.float64]:
    """Read a linear transform of FreeSurfer (LTA) between RAS coordinates in mm, shape (4, 4).

    Raises
    ------
    InputError
        It is of another kind, or damaged.
    """
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            text = file.read(LARGEST_TRANSFORM_BYTES)
        kind = re.search(r"^type\s*=\s*(\d+)", text, re.MULTILINE)
        row = rf"\s*({_NUMBER})\s+({_NUMBER})\s+({_NUMBER})\s+({_NUMBER})\s*\n"
        rows = re.search(r"^1 4 4\s*\n" + row * 4, text, re.MULTILINE)
        matrix = np.array([float(value) for value in rows.groups()]).reshape(4, 4) if rows else None
    except (OSError, ValueError) as error:
        raise _no_transform(path, str(error)) from error
    if kind is None or matrix is None or abs(np.linalg.det(matrix[:3, :3])) < 1e-6:
        raise _no_transform(path, "no matrix in it")
    if int(kind[1]) != _RAS_TO_RAS:
        raise _no_transform(path, f"a transform of type {kind[1]}, not between RAS coordinates (1)")
    return matrix


def _elsewhere(found: str) -> InputError:
    return InputError(
        "labels-elsewhere",
        "The segmentation is not that of the baseline scan.",
        expected="a segmentation of this scan, in the same space",
        found=found,
        advice="Segment this very scan again, or give --no-derivatives to find the regions otherwise.",
    )


def _no_transform(path: Path, found: str) -> InputError:
    return InputError(
        "transform-unusable",
        f"{path.name} cannot be used.",
        expected="a linear transform of FreeSurfer between RAS coordinates",
        found=found,
        advice="Make it again (mri_robust_template, lta_convert --outlta), or give --no-derivatives.",
    )
