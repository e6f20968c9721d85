"""The numbers of ``regions.csv`` as a structured report (Comprehensive 3D SR, template TID 1500)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import highdicom as hd
from highdicom import sr
from pydicom import Dataset
from pydicom.sr.codedict import codes as dicom_codes
from pydicom.sr.coding import Code

from LongitudinalINRLib import __version__
from LongitudinalINRLib.analysis.atlas import BRAIN_LABEL, TISSUE_LABEL, display_name
from LongitudinalINRLib.dicom_out import codes
from LongitudinalINRLib.dicom_out.content import APPROXIMATE_OUTLINES, Content, Measured
from LongitudinalINRLib.dicom_out.segmentation import Segments
from LongitudinalINRLib.dicom_out.source import Source
from LongitudinalINRLib.dicom_out.study import MAKER, Target, series_description

_COLUMNS: tuple[tuple[str, Code, Code], ...] = (
    ("volume_change_percent", codes.VOLUME_CHANGE, codes.PERCENT),
    ("interval_points", codes.HALF_INTERVAL, codes.PERCENT),
    ("mean_percent_per_year", codes.ANNUAL_CHANGE, codes.PERCENT_PER_YEAR),
    ("volume_ml", codes.VOLUME, codes.MILLILITRE),
    ("baseline_volume_ml", codes.BASELINE_VOLUME, codes.MILLILITRE),
)
"""What of each region is told: column, concept and unit."""


def make_report(
    target: Target,
    source: Source,
    content: Content,
    segmentations: Sequence[Segments],
    series: dict[str, Any],
) -> Dataset:
    """Return the report of all regions at all months.

    Parameters
    ----------
    target : Target
        The study it goes to; its series are listed as evidence.
    source : Source
        The baseline.
    content : Content
        What was measured; of approximate regions every group says that they are.
    segmentations : sequence of Segments
        Where; a region that is in none is told without its voxels.
    series : dict
        See `study.maker`.
    """
    months = sorted({row.months for row in content.rows})
    groups = [
        _group(row, months.index(row.months) + 1, source, segmentations, content.is_approximate(row.label))
        for row in content.rows
    ]
    device = sr.DeviceObserverIdentifyingAttributes(
        uid=hd.UID(), name="LongitudinalINR", manufacturer_name=MAKER, model_name=f"version {__version__}"
    )
    observer = sr.ObserverContext(
        observer_type=dicom_codes.DCM.Device, observer_identifying_attributes=device
    )
    told = sr.MeasurementReport(
        observation_context=sr.ObservationContext(observer_device_context=observer),
        procedure_reported=codes.BRAIN_MRI,
        imaging_measurements=groups,
    )
    # The first gives patient and study; what no group refers to is listed as other evidence.
    evidence = [target.home, *target.images, *(made.dataset for made in segmentations)]
    made = sr.Comprehensive3DSR(
        evidence=list({image.SOPInstanceUID: image for image in evidence}.values()),
        content=told,
        is_complete=True,
        is_final=False,
        is_verified=False,
        specific_character_set="ISO_IR 192",
        **series,
    )
    made.SeriesDescription = series_description(f"LongitudinalINR {content.regions_word}")
    return made


def _group(
    row: Measured, order: int, source: Source, segmentations: Sequence[Segments], approximate: bool
) -> Any:
    where = next((made for made in segmentations if row.label in made.numbers), None)
    structure = codes.structure_of(row.region)
    name = display_name(row.label, row.region)
    shared: dict[str, Any] = {
        "tracking_identifier": sr.TrackingIdentifier(
            uid=where.tracking[row.label] if where else hd.UID(), identifier=name
        ),
        "time_point_context": sr.TimePointContext(
            time_point=f"Month {row.months:g} ({row.kind})",
            time_point_order=order,
            temporal_offset_from_event=sr.LongitudinalTemporalOffsetFromEvent(
                row.months, codes.MONTH, dicom_codes.DCM.Baseline
            ),
        ),
        "finding_type": structure.code,
        "algorithm_id": sr.AlgorithmIdentification(
            name="LongitudinalINR",
            version=__version__,
            parameters=["research use only", *([APPROXIMATE_OUTLINES] if approximate else [])],
        ),
        "finding_sites": [sr.FindingSite(_site(row.label, structure.code), laterality=structure.side)],
        "measurements": [
            sr.Measurement(concept, row.numbers[column], unit)
            for column, concept, unit in _COLUMNS
            if column in row.numbers
        ],
        "qualitative_evaluations": [sr.QualitativeEvaluation(codes.OUTLINES, codes.APPROXIMATE)]
        if approximate
        else None,
    }
    if where is None:
        return sr.MeasurementsAndQualitativeEvaluations(**shared)
    segment = sr.ReferencedSegment(
        sop_class_uid=where.dataset.SOPClassUID,
        sop_instance_uid=where.dataset.SOPInstanceUID,
        segment_number=where.numbers[row.label],
        source_series=sr.SourceSeriesForSegmentation(source.first.SeriesInstanceUID),
    )
    return sr.VolumetricROIMeasurementsAndQualitativeEvaluations(referenced_segment=segment, **shared)


def _site(label: int, code: Code) -> Code:
    return codes.BRAIN if label in (BRAIN_LABEL, TISSUE_LABEL) else code
