"""Where a DICOM series lies in space, and that its voxels are where its headers say."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from scipy.spatial.transform import Rotation

sys.path.insert(0, str(Path(__file__).parents[1]))
from dicom_writer import BIG_ENDIAN, EXPLICIT, IMPLICIT, write_enhanced, write_series

from LongitudinalINRLib.errors import Cancelled, InputError
from LongitudinalINRLib.imaging.dicom import tags
from LongitudinalINRLib.imaging.dicom.series import load_dicom, series_digest
from LongitudinalINRLib.imaging.itk import from_itk, to_itk
from LongitudinalINRLib.imaging.reading import read_volume
from LongitudinalINRLib.imaging.resampling import resample
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.imaging.writing import write_volume

SHAPE = (6, 5, 4)
VOXELS = np.random.default_rng(0).integers(1, 1000, SHAPE).astype(np.uint16)
EDGES_MM = (1.5, 2.0, 3.0)
CORNER_MM = (-7.0, 8.0, 9.0)
RAS_FROM_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


def grid(axes, step_mm=None):
    """Return the affine to LPS mm of slices whose rows, columns and normal run along three axes."""
    lps = np.eye(4)
    lps[:3, :3] = np.array(axes, float).T * EDGES_MM
    lps[:3, 3] = CORNER_MM
    if step_mm is not None:
        lps[:3, 2] = step_mm
    return lps


AXIAL = grid([(1, 0, 0), (0, 1, 0), (0, 0, 1)])
GRIDS = {
    "axial": AXIAL,
    "sagittal": grid([(0, 1, 0), (0, 0, -1), (-1, 0, 0)]),
    "coronal": grid([(1, 0, 0), (0, 0, -1), (0, 1, 0)]),
    "oblique": grid(Rotation.from_rotvec([0.3, -0.2, 0.5]).as_matrix().T),
    "tilted": grid([(1, 0, 0), (0, 1, 0), (0, 0, 1)], step_mm=(0.0, 3.0 * np.tan(0.4), 3.0)),
    "tilted oblique": grid(Rotation.from_rotvec([0.1, 0.4, 0]).as_matrix().T) + np.eye(4, k=2) * 0.7,
}


def assert_is_the_scan(volume, lps, atol=1e-9):
    np.testing.assert_array_equal(volume.array, VOXELS)
    np.testing.assert_allclose(volume.affine, RAS_FROM_LPS @ lps, atol=atol)


@pytest.fixture(params=["classic", "enhanced"])
def write(request):
    """Write the voxels on a grid as one file a slice, or as one file."""
    if request.param == "classic":
        return lambda folder, lps, **options: write_series(folder, VOXELS, lps, **options)
    return lambda folder, lps, **options: write_enhanced(folder / "IM0001.dcm", VOXELS, lps, **options)


@pytest.mark.parametrize("plane", GRIDS)
def test_the_affine_says_where_the_headers_put_each_slice(tmp_path, write, plane):
    write(tmp_path / "dicom", GRIDS[plane])
    volume, warnings = load_dicom(tmp_path / "dicom")
    assert_is_the_scan(volume, GRIDS[plane])
    assert warnings == []


@pytest.mark.parametrize("syntax", [IMPLICIT, EXPLICIT, BIG_ENDIAN])
def test_every_uncompressed_way_of_storing_is_read(tmp_path, write, syntax):
    write(tmp_path / "dicom", GRIDS["oblique"], syntax=syntax)
    assert_is_the_scan(load_dicom(tmp_path / "dicom")[0], GRIDS["oblique"])


@pytest.mark.parametrize("names", [(3, 2, 1, 0), (2, 0, 3, 1)])
def test_slices_are_ordered_by_their_positions_not_by_their_files(tmp_path, names):
    write_series(tmp_path / "dicom", VOXELS, GRIDS["tilted"], names=names)
    assert_is_the_scan(load_dicom(tmp_path / "dicom")[0], GRIDS["tilted"])


def test_frames_are_ordered_by_their_positions_not_by_their_numbers(tmp_path):
    write_enhanced(tmp_path / "dicom" / "IM1.dcm", VOXELS, GRIDS["tilted"], order=(2, 0, 3, 1))
    assert_is_the_scan(load_dicom(tmp_path / "dicom")[0], GRIDS["tilted"])


def test_an_upside_down_stack_keeps_its_places(tmp_path):
    downwards = AXIAL.copy()
    downwards[:3, 2] = (0.0, 0.0, -3.0)
    write_series(tmp_path / "dicom", VOXELS, downwards)
    volume, _ = load_dicom(tmp_path / "dicom")
    upwards = AXIAL.copy()
    upwards[:3, 3] = (downwards @ (0, 0, 3, 1))[:3]
    np.testing.assert_array_equal(volume.array, VOXELS[:, :, ::-1])
    np.testing.assert_allclose(volume.affine, RAS_FROM_LPS @ upwards, atol=1e-9)


@pytest.mark.parametrize("compressor", ["JPEG2000", "JPEG"])
def test_voxels_compressed_without_loss_are_read(tmp_path, compressor):
    voxels = np.random.default_rng(1).integers(1, 1000, (20, 18, 4)).astype(np.uint16)
    write_series(tmp_path / "dicom", voxels, AXIAL)
    for path in (tmp_path / "dicom").iterdir():
        image = sitk.ReadImage(str(path))
        writer = sitk.ImageFileWriter()
        writer.KeepOriginalImageUIDOn()
        writer.UseCompressionOn()
        writer.SetCompressor(compressor)
        writer.SetFileName(str(path))
        writer.Execute(image)
        assert b"1.2.840.10008.1.2.4." in path.read_bytes()
    volume, _ = load_dicom(tmp_path / "dicom")
    np.testing.assert_array_equal(volume.array, voxels)
    np.testing.assert_allclose(volume.affine, RAS_FROM_LPS @ AXIAL, atol=1e-9)


def test_the_stored_rescaling_is_applied(tmp_path):
    def rescale(index, elements):
        elements[tags.INTERCEPT], elements[tags.SLOPE] = ("DS", -3), ("DS", 0.5)

    write_series(tmp_path / "dicom", VOXELS, AXIAL, change=rescale)
    np.testing.assert_allclose(load_dicom(tmp_path / "dicom")[0].array, VOXELS * 0.5 - 3)


def test_what_is_no_image_is_passed_over(tmp_path):
    folder = tmp_path / "dicom"
    write_series(folder, VOXELS, AXIAL)
    (folder / "README.txt").write_text("T1 weighted")
    (folder / ".DS_Store").write_bytes(b"\0" * 200)
    (folder / "._IM0001.dcm").write_bytes(b"\0\5\26\7")
    write_series(folder / "subfolder", VOXELS, GRIDS["coronal"], start=10)
    volume, warnings = load_dicom(folder)
    assert_is_the_scan(volume, AXIAL)
    assert warnings == []


def test_the_digest_is_that_of_the_files_of_the_series(tmp_path):
    folder = tmp_path / "dicom"
    write_series(folder, VOXELS, AXIAL)
    hashes = sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir())
    expected = hashlib.sha256("".join(hashes).encode()).hexdigest()
    assert series_digest(folder) == expected
    (folder / "notes.txt").write_text("not part of the series")
    assert series_digest(folder) == expected
    assert_is_the_scan(load_dicom(folder, sha256=expected)[0], AXIAL)


def test_a_series_that_changed_since_it_was_hashed_is_refused(tmp_path, write):
    folder = tmp_path / "dicom"
    write(folder, AXIAL)
    digest = series_digest(folder)
    path = folder / "IM0001.dcm"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    load_dicom(folder)
    with pytest.raises(InputError) as error:
        load_dicom(folder, sha256=digest)
    assert error.value.code == "input-changed"


def test_a_series_that_changes_while_it_is_read_is_refused(tmp_path, monkeypatch):
    folder = tmp_path / "dicom"
    write_series(folder, VOXELS, AXIAL)
    digest = series_digest(folder)
    execute = sitk.ImageFileReader.Execute

    def change_then_read(reader):
        write_series(folder, VOXELS + np.uint16(1), AXIAL)
        return execute(reader)

    monkeypatch.setattr(sitk.ImageFileReader, "Execute", change_then_read)
    with pytest.raises(InputError) as error:
        load_dicom(folder, sha256=digest)
    assert error.value.code == "input-changed"


@pytest.mark.parametrize("call", [load_dicom, series_digest])
def test_reading_stops_at_any_moment(tmp_path, call):
    write_series(tmp_path / "dicom", VOXELS, AXIAL)
    asked = 0

    def count():
        nonlocal asked
        asked += 1
        return False

    call(tmp_path / "dicom", should_stop=count)
    assert asked > 2 * SHAPE[2]
    for moment in range(asked):
        answers = iter([False] * moment + [True])
        with pytest.raises(Cancelled):
            call(tmp_path / "dicom", should_stop=answers.__next__)


def test_no_file_is_opened_once_the_person_asked_to_stop(tmp_path, monkeypatch):
    write_series(tmp_path / "dicom", VOXELS, AXIAL)
    monkeypatch.setattr("LongitudinalINRLib.imaging.dicom.headers.os.open", None)
    with pytest.raises(Cancelled):
        series_digest(tmp_path / "dicom", should_stop=lambda: True)


def test_a_folder_goes_through_the_usual_reader(tmp_path, write):
    write(tmp_path / "dicom", GRIDS["tilted"])
    volume, warnings = read_volume(tmp_path / "dicom")
    assert_is_the_scan(volume, GRIDS["tilted"])
    assert (volume.array.dtype, warnings) == (np.float32, [])


def test_a_tilted_stack_is_resampled_with_its_shear(tmp_path):
    ramp = np.einsum("cijk,c->ijk", np.indices((14, 12, 10)), (10, 20, 30)).astype(np.uint16)
    write_series(tmp_path / "dicom", ramp, GRIDS["tilted"])
    tilted, _ = load_dicom(tmp_path / "dicom")
    upright = Volume(np.zeros((8, 6, 5)), np.diag([1.0, 1.0, 2.0, 1.0]))
    upright.affine[:3, 3] = (tilted.affine @ (12, 3, 2, 1))[:3]
    points = np.vstack([np.indices(upright.shape).reshape(3, -1), np.ones(240)])
    index = np.linalg.inv(tilted.affine) @ upright.affine @ points
    inside = (index[:3] > 1).all(axis=0) & (index[:3] < np.array([[12], [10], [8]])).all(axis=0)
    values = resample(tilted, upright).array.ravel()
    assert inside.sum() > 100
    np.testing.assert_allclose(values[inside], (10, 20, 30) @ index[:3, inside], atol=1e-2)


def test_the_shear_of_a_tilted_stack_outlives_itk_and_a_file(tmp_path):
    write_series(tmp_path / "dicom", VOXELS, GRIDS["tilted oblique"])
    volume, _ = load_dicom(tmp_path / "dicom")
    np.testing.assert_allclose(from_itk(to_itk(volume)).affine, volume.affine, atol=1e-12)
    write_volume(volume, tmp_path / "scan.nii.gz")
    again, warnings = read_volume(tmp_path / "scan.nii.gz")
    assert_is_the_scan(again, GRIDS["tilted oblique"], atol=1e-6)
    assert warnings == []
