"""NRRD and MetaImage files give what ITK gives, and fields that do not matter are passed over."""

from __future__ import annotations

import gzip

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk

from LongitudinalINRLib.imaging.formats.source import sha256_of_source, source_files
from LongitudinalINRLib.imaging.itk import from_itk
from LongitudinalINRLib.imaging.reading import read_labels, read_volume

VOXELS = np.random.default_rng(0).integers(1, 100, (6, 5, 4))
TURN = (0.0, -0.6, 0.8, 1.0, 0.0, 0.0, 0.0, 0.8, 0.6)
SHEAR = (1.0, 0.3, 0.0, 0.0, 0.9539392014169457, 0.0, 0.0, 0.0, 1.0)


def image(kind=np.int16, direction=TURN):
    made = sitk.GetImageFromArray(VOXELS.transpose(2, 1, 0).astype(kind))
    made.SetSpacing((1.5, 2.0, 3.0))
    made.SetDirection(direction)
    made.SetOrigin((-7.0, 8.0, 9.5))
    made.SetMetaData("0008|103e", "T1 = MPRAGE: 1 mm")
    return made


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64])
@pytest.mark.parametrize("ending", [".nrrd", ".nhdr", ".mha", ".mhd"])
@pytest.mark.parametrize("compressed", [True, False])
def test_whole_numbers_of_every_type_come_as_itk_reads_them(tmp_path, kind, ending, compressed):
    path = tmp_path / f"scan{ending}"
    sitk.WriteImage(image(kind), str(path), compressed)
    labels, warnings = read_labels(path, sha256_of_source(path))
    expected = from_itk(sitk.ReadImage(str(path)))
    np.testing.assert_array_equal(labels.array, expected.array)
    np.testing.assert_allclose(labels.affine, expected.affine)
    assert warnings == []
    assert len(source_files(path)) == (1 if ending in (".nrrd", ".mha") else 2)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("ending", [".nrrd", ".mha"])
@pytest.mark.parametrize("direction", [TURN, SHEAR])
def test_directions_are_kept_as_they_are_sheared_ones_too(tmp_path, kind, ending, direction):
    path = tmp_path / f"scan{ending}"
    sitk.WriteImage(image(kind, direction), str(path), True)
    volume, warnings = read_volume(path)
    expected = from_itk(image(kind, direction))
    np.testing.assert_array_equal(volume.array, expected.array)
    np.testing.assert_allclose(volume.affine, expected.affine)
    assert warnings == []


def nrrd(path, *fields, voxels=VOXELS, magic="NRRD0005", ends="\n"):
    """Write a header of some lines and big-endian voxels behind it."""
    lines = [magic, "type: short", "dimension: 3", "sizes: 6 5 4", "endian: big", "encoding: raw", *fields]
    path.write_bytes(ends.join([*lines, "", ""]).encode() + voxels.astype(">i2").tobytes(order="F"))
    return path


@pytest.mark.parametrize(
    "fields",
    [
        (
            "space: left-posterior-superior",
            "space directions: (1,0,0) (.5,2,0) (0,0,3)",
            "space origin: (1,2,3)",
        ),
        ("space: RAS", "space directions: (1,0,0) (.5,2,0) (0,0,3)", "space origin: (1,2,3)"),
        (
            "space: left-anterior-superior",
            "space directions: (0,1,0) (2,0,0) (0,0,3)",
            "space origin: (1,2,3)",
        ),
        ("spacings: 1 2 3",),
        ("spacings: 1 2 3", "axis mins: 5 6 7"),
        ("spacings: 1 2 3", "axis mins: 5 6 7", "centerings: node node cell"),
        ("space dimension: 3", "space directions: (1,0,0) (0,2,0) (0,0,3)", "space origin: (1,2,3)"),
    ],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_every_way_to_say_where_voxels_lie_is_understood_as_by_itk(tmp_path, fields, ends):
    path = nrrd(tmp_path / "scan.nrrd", *fields, "content: a head", "who:=me", "# a comment", ends=ends)
    volume, warnings = read_volume(path)
    expected = from_itk(sitk.ReadImage(str(path)))
    np.testing.assert_array_equal(volume.array, VOXELS)
    np.testing.assert_allclose(volume.affine, expected.affine)
    assert ["LPS is assumed" in warning for warning in warnings] == [True] * ("space: " not in fields[0])


def test_one_frame_beside_three_axes_is_a_scan(tmp_path):
    for ending in (".nrrd", ".mha"):
        sitk.WriteImage(sitk.JoinSeries([image()]), str(tmp_path / f"scan{ending}"))
        volume, _ = read_volume(tmp_path / f"scan{ending}")
        np.testing.assert_array_equal(volume.array, VOXELS)
    four = ("dimension: 4", "sizes: 1 6 5 4", "space directions: none (1,0,0) (0,2,0) (0,0,3)")
    lines = ["NRRD0005", "type: short", *four, "space: LPS", "endian: big", "encoding: raw", "", ""]
    data = VOXELS.astype(">i2").tobytes(order="F")
    (tmp_path / "scan.nrrd").write_bytes("\n".join(lines).encode() + data)
    volume, warnings = read_volume(tmp_path / "scan.nrrd")
    np.testing.assert_array_equal(volume.array, VOXELS)
    assert "no origin" in warnings[0]


def test_the_last_bytes_of_another_file_are_voxels_where_a_header_says_so(tmp_path):
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "scan.raw").write_bytes(b"anything" + VOXELS.astype("<i2").tobytes(order="F"))
    space = "space: LPS\nspace directions: (1,0,0) (0,2,0) (0,0,3)\nspace origin: (0,0,0)"
    fields = f"type: short\ndimension: 3\nsizes: 6 5 4\nendian: little\nencoding: raw\n{space}"
    for skip in ("-1", "8"):
        text = f"NRRD0005\n{fields}\nbyteskip: {skip}\ndatafile: below/scan.raw\n"
        (tmp_path / "scan.nhdr").write_text(text)
        np.testing.assert_array_equal(read_volume(tmp_path / "scan.nhdr")[0].array, VOXELS)
    assert source_files(tmp_path / "scan.nhdr") == [tmp_path / "scan.nhdr", tmp_path / "below" / "scan.raw"]


def test_a_metaimage_without_directions_or_origin_is_taken_with_a_warning(tmp_path):
    fields = "NDims = 3\nDimSize = 6 5 4\nElementType = MET_SHORT\nElementByteOrderMSB = True\n"
    data = VOXELS.astype(">i2").tobytes(order="F")
    text = f"{fields}ElementSize = 1 2 3\nElementDataFile = LOCAL\n"
    (tmp_path / "scan.mha").write_bytes(text.encode() + data)
    volume, warnings = read_volume(tmp_path / "scan.mha")
    np.testing.assert_array_equal(volume.array, VOXELS)
    np.testing.assert_allclose(volume.affine, np.diag([-1.0, -2.0, 3.0, 1.0]))
    assert "no TransformMatrix and no Offset" in warnings[0]


def nifti(kind=nib.Nifti1Image, **fields):
    made = kind(VOXELS.astype(np.int16), np.diag([2.0, 2, 2, 1]))
    whole = made.to_bytes()
    header = made.header_class(whole[: made.header_class.sizeof_hdr], check=False)
    for name, value in fields.items():
        header[name] = value
    return header.binaryblock + whole[len(header.binaryblock) :]


NAN = float("nan")
HARMLESS = {
    "a slope that is not set": {"scl_slope": NAN, "scl_inter": NAN},
    "a slope of zero": {"scl_slope": 0, "scl_inter": 7},
    "an offset that is not set": {"vox_offset": 0},
    "bits that are not set": {"bitpix": 0},
    "an intent of no meaning": {"intent_code": 30000, "intent_p1": NAN},
    "ranges for display": {"cal_min": NAN, "cal_max": float("-inf")},
    "slices and times": {"slice_code": 99, "toffset": NAN, "dim_info": 255},
    "sizes of axes that are not there": {"dim": (3, 6, 5, 4, -1, 0, -7, 9)},
    "text": {"descrip": b"\xff\x00\x1b[2J", "aux_file": b"../x"},
}


@pytest.mark.parametrize("case", HARMLESS)
def test_fields_that_do_not_matter_are_passed_over(tmp_path, case):
    (tmp_path / "scan.nii").write_bytes(nifti(**HARMLESS[case]))
    volume, warnings = read_volume(tmp_path / "scan.nii")
    np.testing.assert_array_equal(volume.array, VOXELS)
    assert warnings == []


WARNED = {
    "a unit that does not exist": ({"xyzt_units": 5}, "mm are assumed"),
    "voxel sizes beside the sform": ({"pixdim": (1, 1, 1, 1, 1, 1, 1, 1), "qform_code": 0}, "sform is used"),
    "a qform that is none": ({"quatern_b": 9, "qform_code": 1}, "sform is used"),
}


@pytest.mark.parametrize("case", WARNED)
def test_what_is_doubtful_in_a_header_is_told(tmp_path, case):
    fields, words = WARNED[case]
    (tmp_path / "scan.nii").write_bytes(nifti(**fields))
    volume, warnings = read_volume(tmp_path / "scan.nii")
    np.testing.assert_array_equal(volume.voxel_sizes_mm, [2, 2, 2])
    assert len(warnings) == 1
    assert words in warnings[0]


def test_lengths_in_micrometres_are_turned_to_mm_in_either_form(tmp_path):
    affine = np.diag([800.0, 900, 1000, 1])
    made = nib.Nifti1Image(VOXELS.astype(np.int16), affine)
    made.header.set_xyzt_units("micron")
    for sform, qform in ((1, 0), (0, 1), (1, 1)):
        made.set_sform(affine, code=sform)
        made.set_qform(affine, code=qform)
        nib.save(made, tmp_path / "scan.nii.gz")
        volume, warnings = read_volume(tmp_path / "scan.nii.gz")
        np.testing.assert_allclose(volume.affine, np.diag([0.8, 0.9, 1.0, 1.0]), rtol=1e-6)
        assert "converted to mm" in warnings[0]


@pytest.mark.parametrize("kind", [nib.Nifti1Image, nib.Nifti2Image])
@pytest.mark.parametrize("order", ["<", ">"])
def test_both_versions_and_byte_orders_of_nifti_are_read(tmp_path, kind, order):
    header = kind.header_class(endianness=order)
    header.set_data_dtype(np.float32)
    made = kind(VOXELS.astype(np.float32), np.diag([2.0, 2, 2, 1]), header)
    for name in ("scan.nii", "scan.nii.gz"):
        nib.save(made, tmp_path / name)
        volume, _ = read_volume(tmp_path / name, sha256_of_source(tmp_path / name))
        np.testing.assert_array_equal(volume.array, VOXELS)
        assert volume.array.dtype == np.dtype(np.float32)
        np.testing.assert_array_equal(volume.affine, np.diag([2.0, 2, 2, 1]))


def test_a_gzip_file_of_several_members_and_zeros_at_its_end_is_read_whole(tmp_path):
    whole = nifti()
    members = b"".join(gzip.compress(whole[start : start + 97]) for start in range(0, len(whole), 97))
    (tmp_path / "scan.nii.gz").write_bytes(members + gzip.compress(b"") + bytes(512))
    np.testing.assert_array_equal(read_volume(tmp_path / "scan.nii.gz")[0].array, VOXELS)


def test_freesurfers_parameters_and_tags_after_the_voxels_are_passed_over(tmp_path):
    made = nib.MGHImage(VOXELS.astype(np.float32), np.diag([2.0, 2, 2, 1]))
    for name, value in {"tr": 2300, "flip_angle": 0.157, "te": 2.98, "ti": 900, "fov": 256}.items():
        made.header[name] = value
    nib.save(made, tmp_path / "scan.mgh")
    command = b"mri_convert a b"
    tag = (3).to_bytes(4, "big") + len(command).to_bytes(8, "big") + command
    whole = (tmp_path / "scan.mgh").read_bytes()
    for end in (b"", tag, 20 * tag):
        (tmp_path / "scan.mgh").write_bytes(whole + end)
        volume, warnings = read_volume(tmp_path / "scan.mgh")
        np.testing.assert_array_equal(volume.array, VOXELS)
        assert warnings == []


def test_a_few_zeros_after_the_last_voxel_are_padding(tmp_path):
    (tmp_path / "scan.nii").write_bytes(nifti() + bytes(100))
    np.testing.assert_array_equal(read_volume(tmp_path / "scan.nii")[0].array, VOXELS)


def test_a_compressed_file_is_read_whatever_its_name_says(tmp_path):
    (tmp_path / "scan.nii").write_bytes(gzip.compress(nifti()))
    (tmp_path / "scan.nii.gz").write_bytes(nifti())
    for name in ("scan.nii", "scan.nii.gz"):
        np.testing.assert_array_equal(read_volume(tmp_path / name)[0].array, VOXELS)
