"""The measured regions as Segmentations, so that every number in the report has its voxels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import highdicom as hd
import numpy as np
from highdicom.seg import Segmentation, SegmentDescription
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.sequence import Sequence as Items

from LongitudinalINRLib import __version__
from LongitudinalINRLib.analysis.atlas import display_name, region_of
from LongitudinalINRLib.dicom_out import codes
from LongitudinalINRLib.dicom_out.content import APPROXIMATE_OUTLINES, Content
from LongitudinalINRLib.dicom_out.source import Source
from LongitudinalINRLib.dicom_out.study import SOFTWARE, series_description


@dataclass(frozen=True, eq=False)
class Segments:
    """A Segmentation, the number of each label's segment in it, and the UID that tells the region again."""

    dataset: Dataset
    numbers: dict[int, int]
    tracking: dict[int, str]


def make_segmentation(
    source: Source,
    frames: NDArray[np.generic],
    labels: Sequence[int],
    content: Content,
    what: str,
    series: dict[str, Any],
) -> Segments:
    """Return regions as a binary Segmentation on the slices of the baseline's series.

    Parameters
    ----------
    source : Source
        The baseline.
    frames : ndarray, shape (frames, rows, columns) or (frames, rows, columns, labels)
        Labels of voxels, or whether each voxel belongs to each label, where those overlap.
    labels : sequence of int
        Those that have voxels.
    content : Content
        What they are called, and whether they are approximate.
    what : str
        For the description of the series.
    series : dict
        See `study.maker`.
    """
    numbers = {label: index for index, label in enumerate(labels, start=1)}
    tracking = {label: str(hd.UID()) for label in labels}
    if frames.ndim == 3:
        ordered = sorted(labels)
        renumbered = np.array([0, *(numbers[label] for label in ordered)], np.uint16)
        frames = renumbered[np.searchsorted([0, *ordered], frames)]
    approximate = [content.is_approximate(label) for label in labels]
    made = Segmentation(
        source_images=list(source.images),
        pixel_array=frames,
        segmentation_type="BINARY",
        segment_descriptions=[
            _described(number, label, content.names[label], tracking[label])
            for label, number in numbers.items()
        ],
        content_label="REGIONS",
        content_description=APPROXIMATE_OUTLINES if any(approximate) else "Regions as they were measured",
        specific_character_set="ISO_IR 192",
        **SOFTWARE,
        **series,
    )
    made.SeriesDescription = series_description(f"LongitudinalINR {what}")
    for item, label, carried_over in zip(made.SegmentSequence, labels, approximate, strict=True):
        if carried_over:
            item.SegmentDescription = APPROXIMATE_OUTLINES
        side = codes.structure_of(content.names[label]).side
        if side is not None:
            type_item = item.SegmentedPropertyTypeCodeSequence[0]
            type_item.SegmentedPropertyTypeModifierCodeSequence = Items([codes.item_of(side)])
    return Segments(made, numbers, tracking)


def _described(number: int, label: int, name: str, tracking_uid: str) -> SegmentDescription:
    red, green, blue = region_of(label).colour
    return SegmentDescription(
        segment_number=number,
        segment_label=display_name(label, name)[:64],
        segmented_property_category=codes.ANATOMICAL_STRUCTURE,
        segmented_property_type=codes.structure_of(name).code,
        algorithm_type="SEMIAUTOMATIC",
        algorithm_identification=hd.AlgorithmIdentificationSequence(
            name="LongitudinalINR", family=codes.ALGORITHM, version=__version__
        ),
        tracking_id=name[:64],
        tracking_uid=tracking_uid,
        display_color=hd.color.CIELabColor.from_rgb(red, green, blue),
    )
