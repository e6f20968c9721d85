"""A scan as a scanner writes it: classic axial MR files with a patient and a study."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pydicom import Dataset
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage, generate_uid

from LongitudinalINRLib.imaging.volume import Volume

LPS_FROM_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
PATIENT = {
    "PatientID": "P-0815",
    "PatientName": "Müller^Jürgen",
    "PatientBirthDate": "19500203",
    "PatientSex": "M",
}


def write_patient_series(folder: Path, volume: Volume, date: str = "20200102", **changes: str) -> Path:
    """Write a volume whose axes run to R, A and S, one file a slice; `changes` are elements by keyword."""
    folder.mkdir(parents=True)
    flipped = volume.array[::-1, ::-1]
    lps = LPS_FROM_RAS @ volume.affine
    lps[:3, 3] += lps[:3, 0] * (volume.shape[0] - 1) + lps[:3, 1] * (volume.shape[1] - 1)
    lps[:3, :2] *= -1
    stored = np.rint(flipped - volume.array.min()).astype(np.uint16)
    study, series, frame = generate_uid(), generate_uid(), generate_uid()
    for k in range(volume.shape[2]):
        image = _slice(stored[:, :, k].T, lps, k)
        image.StudyInstanceUID, image.SeriesInstanceUID, image.FrameOfReferenceUID = study, series, frame
        image.StudyDate = image.SeriesDate = image.ContentDate = date
        for keyword, value in (PATIENT | changes).items():
            setattr(image, keyword, value)
        image.save_as(folder / f"IM{k:04d}.dcm", enforce_file_format=True)
    return folder


def _slice(pixels: np.ndarray, lps: np.ndarray, k: int) -> Dataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = MRImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image = FileDataset("", Dataset(), file_meta=meta, preamble=b"\0" * 128)
    image.SpecificCharacterSet = "ISO_IR 100"
    image.SOPClassUID, image.SOPInstanceUID = MRImageStorage, meta.MediaStorageSOPInstanceUID
    image.Modality, image.ImageType = "MR", ["ORIGINAL", "PRIMARY", "M", "ND"]
    image.StudyTime = image.SeriesTime = image.ContentTime = "101500"
    image.StudyID, image.AccessionNumber = "7", "A4711"
    image.ReferringPhysicianName, image.StudyDescription = "Doe^Jane", "Brain MRI"
    image.PatientAge, image.PatientWeight = "070Y", "81"
    image.Manufacturer, image.ManufacturerModelName = "Scanner maker", "Scanner"
    image.DeviceSerialNumber, image.SoftwareVersions = "42", "1.0"
    image.SeriesNumber, image.InstanceNumber = "3", str(k + 1)
    image.ScanningSequence, image.SequenceVariant, image.ScanOptions = "GR", "SP", ""
    image.MRAcquisitionType, image.EchoTime, image.EchoTrainLength = "3D", "3", "1"
    image.RepetitionTime, image.PatientPosition = "2000", "HFS"
    edges = np.linalg.norm(lps[:3, :3], axis=0)
    image.ImageOrientationPatient = [f"{x:.10g}" for x in (lps[:3, :2] / edges[:2]).T.ravel()]
    image.ImagePositionPatient = [f"{x:.10g}" for x in (lps @ (0, 0, k, 1))[:3]]
    image.PixelSpacing = [f"{edges[1]:.10g}", f"{edges[0]:.10g}"]
    image.SliceThickness = f"{edges[2]:.10g}"
    image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
    image.Rows, image.Columns = pixels.shape
    image.BitsAllocated = image.BitsStored = 16
    image.HighBit, image.PixelRepresentation = 15, 0
    image.PixelData = np.ascontiguousarray(pixels).tobytes()
    return image
