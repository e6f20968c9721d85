"""What comes through ITK, and what a NIfTI header can say besides."""

from __future__ import annotations

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.reading import read_labels, read_volume
from LongitudinalINRLib.imaging.writing import write_volume

VOXELS = np.random.default_rng(0).integers(1, 1000, (6, 5, 4)).astype(np.int16)
DIRECTION = (0, 0, 1, 1, 0, 0, 0, 1, 0)  # ITK axes run towards P, S and L
AFFINE = np.array([[0, 0, -3, 7], [-1.5, 0, 0, -8], [0, 2, 0, 9], [0, 0, 0, 1.0]])  # the same said in RAS


def itk_image(array=VOXELS):
    image = sitk.GetImageFromArray(array.transpose(2, 1, 0))
    image.SetSpacing((1.5, 2.0, 3.0))
    image.SetDirection(DIRECTION)
    image.SetOrigin((-7.0, 8.0, 9.0))
    return image


def write_dicom(folder, image, series="1.2.826.0.1.3680043.2.1125.1", skip=(), start=0):
    """One file a slice, in an order that is not that of the slices."""
    writer = sitk.ImageFileWriter()
    writer.KeepOriginalImageUIDOn()
    folder.mkdir(exist_ok=True)
    orientation = [DIRECTION[i] for i in (0, 3, 6, 1, 4, 7)]
    for k in range(image.GetDepth()):
        if k in skip:
            continue
        slice_ = image[:, :, k]
        position = image.TransformIndexToPhysicalPoint((0, 0, k))
        tags = {
            "0008|0060": "MR",
            "0020|000e": series,
            "0020|000d": "1.2.826.0.1.3680043.2.1125.9",
            "0008|0018": f"{series}.{k + 1}",
            "0020|0032": "\\".join(f"{mm:g}" for mm in position),
            "0020|0037": "\\".join(f"{x:g}" for x in orientation),
            "0018|0050": "3",
            "0020|0013": str(k + 1),
        }
        for key, value in tags.items():
            slice_.SetMetaData(key, value)
        writer.SetFileName(str(folder / f"{start + (7 * k) % 11:03d}.dcm"))
        writer.Execute(slice_)


@pytest.mark.parametrize("name", ["scan.nrrd", "scan.mha", "scan.mhd", "scan.nii.gz"])
def test_itk_files_are_turned_to_ras(tmp_path, name):
    sitk.WriteImage(itk_image(), str(tmp_path / name))
    volume, warnings = read_volume(tmp_path / name)
    np.testing.assert_array_equal(volume.array, VOXELS)
    assert volume.array.dtype == np.float32
    np.testing.assert_allclose(volume.affine, AFFINE, atol=1e-5)
    assert warnings == []


def test_a_dicom_folder_is_one_scan_with_its_slices_in_order(tmp_path):
    write_dicom(tmp_path / "dicom", itk_image())
    volume, warnings = read_volume(tmp_path / "dicom")
    np.testing.assert_array_equal(volume.array, VOXELS)
    np.testing.assert_allclose(volume.affine, AFFINE, atol=1e-5)
    assert warnings == []


def test_a_missing_slice_is_refused(tmp_path):
    many = np.random.default_rng(1).integers(1, 1000, (6, 5, 7)).astype(np.int16)
    write_dicom(tmp_path / "dicom", itk_image(many), skip=(3,))
    with pytest.raises(InputError) as error:
        read_volume(tmp_path / "dicom")
    assert error.value.code == "dicom-slices"
    assert "3 to 6 mm" in error.value.found


def test_a_folder_with_two_series_or_none_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    write_dicom(tmp_path / "two", itk_image())
    write_dicom(tmp_path / "two", itk_image(), series="1.2.826.0.1.3680043.2.1125.2", start=100)
    for name, found in (("empty", "0 series"), ("two", "2 series")):
        with pytest.raises(InputError) as error:
            read_volume(tmp_path / name)
        assert (error.value.code, error.value.found) == ("dicom-series", found)


def test_a_space_that_nrrd_leaves_open_is_told(tmp_path):
    fields = (
        "type: float",
        "dimension: 3",
        "sizes: 4 5 6",
        "spacings: 1 1 1",
        "endian: little",
        "encoding: raw",
    )
    voxels = np.arange(120, dtype="<f4")
    header = "\n".join(["NRRD0004", *fields, "", ""])
    (tmp_path / "scan.nrrd").write_bytes(header.encode() + voxels.tobytes())
    volume, warnings = read_volume(tmp_path / "scan.nrrd")
    np.testing.assert_array_equal(volume.array.ravel(order="F"), voxels)
    assert len(warnings) == 1
    assert "LPS is assumed" in warnings[0]


@pytest.mark.parametrize(
    ("code", "image"),
    [
        ("image-colour", sitk.Image([4, 4, 4], sitk.sitkVectorUInt8, 3)),
        ("image-2d", sitk.Image([4, 4], sitk.sitkUInt8)),
        ("image-2d", sitk.Image([4, 4, 1], sitk.sitkUInt8)),
        ("image-4d", sitk.Image([4, 4, 4, 2], sitk.sitkUInt8)),
        ("image-empty", sitk.Image([4, 4, 4], sitk.sitkUInt8)),
    ],
)
def test_itk_files_that_are_no_scan_are_refused(tmp_path, code, image):
    sitk.WriteImage(image, str(tmp_path / "scan.mha"))
    with pytest.raises(InputError) as error:
        read_volume(tmp_path / "scan.mha")
    assert error.value.code == code


@pytest.mark.parametrize("name", ["scan.nrrd", "scan.mha", "scan.nii.gz", "scan.mgz"])
def test_a_file_that_ends_early_is_refused(tmp_path, name):
    if name.endswith(".mgz"):
        nib.save(nib.MGHImage(VOXELS.astype(np.float32), AFFINE), tmp_path / name)
    else:
        sitk.WriteImage(itk_image(), str(tmp_path / name))
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: int(0.7 * len(whole))])
    with pytest.raises(InputError) as error:
        read_volume(tmp_path / name)
    assert error.value.code in {"file-truncated", "not-an-image"}
    assert error.value.advice


def test_freesurfer_files_are_read(tmp_path):
    nib.save(nib.MGHImage(VOXELS.astype(np.int32), AFFINE), tmp_path / "aseg.mgz")
    labels, warnings = read_labels(tmp_path / "aseg.mgz")
    np.testing.assert_array_equal(labels.array, VOXELS)
    np.testing.assert_allclose(labels.affine, AFFINE, atol=1e-5)
    assert warnings == []


def test_lengths_in_metres_are_turned_to_mm(tmp_path):
    image = nib.Nifti1Image(VOXELS, np.diag([0.001, 0.001, 0.002, 1]))
    image.header.set_xyzt_units("meter")
    nib.save(image, tmp_path / "scan.nii")
    volume, warnings = read_volume(tmp_path / "scan.nii")
    np.testing.assert_allclose(volume.voxel_sizes_mm, [1, 1, 2])
    assert "converted to mm" in warnings[0]


def test_a_qform_alone_is_enough(tmp_path):
    image = nib.Nifti1Image(VOXELS, None)
    image.set_qform(AFFINE, code=1)
    nib.save(image, tmp_path / "scan.nii")
    volume, warnings = read_volume(tmp_path / "scan.nii")
    np.testing.assert_allclose(volume.affine, AFFINE, atol=1e-5)
    assert warnings == []


def test_whole_numbers_stored_as_floats_are_labels(known_brain, tmp_path):
    grid = known_brain.grid(voxel_mm=(20.0, 20.0, 20.0))
    labels = np.random.default_rng(0).integers(0, 60, grid.shape)
    write_volume(grid.with_array(labels.astype(np.float32)), tmp_path / "labels.nii.gz")
    read = read_labels(tmp_path / "labels.nii.gz")[0].array
    np.testing.assert_array_equal(read, labels)
    assert read.dtype == np.int32
