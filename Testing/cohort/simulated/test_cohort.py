"""A simulated cohort is valid BIDS, can be gone on with, and knows the truth about everybody."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from LongitudinalINRLib.cohort.simulated.cohort import simulate_cohort
from LongitudinalINRLib.cohort.simulated.descriptions import descriptions
from LongitudinalINRLib.cohort.simulated.groups import Group
from LongitudinalINRLib.cohort.simulated.layout import SimulatedFolder
from LongitudinalINRLib.cohort.simulated.people import BLUNDERS, draw_people
from LongitudinalINRLib.cohort.simulated.settings import CohortSettings
from LongitudinalINRLib.cohort.tsv import read_tsv
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.reading import read_labels, read_volume

SETTINGS = CohortSettings(people=7, voxel_mm=8.0, blunders=7, seed=3, months=(0.0, 24.0))


@pytest.fixture(scope="module")
def cohort(brain_files, tmp_path_factory: pytest.TempPathFactory) -> SimulatedFolder:
    """Seven people of coarse voxels, one with each blunder."""
    return simulate_cohort(tmp_path_factory.mktemp("cohort") / "bids", SETTINGS, scans=brain_files)


def test_groups_are_described_in_the_order_in_which_they_were_asked_for():
    groups = (
        Group(name="MCI", loss_percent_per_year=1.7),
        Group(name="zero", loss_percent_per_year=0.0),
        Group(name="AD", loss_percent_per_year=2.2),
    )
    settings = CohortSettings(people=3, groups=groups)

    about = json.loads(descriptions(settings, draw_people(settings))["participants.json"])

    assert list(about["group"]["Levels"]) == ["MCI", "zero", "AD"]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def scan_with(cohort: SimulatedFolder, blunder: str) -> Path:
    row = next(row for row in read_tsv(cohort.blunders) if row["blunder"] == blunder)
    anat = cohort.path / row["participant_id"] / row["session_id"] / "anat"
    return sorted(anat.glob("*_T1w.nii.gz"))[-1]


def test_the_official_validator_objects_to_nothing_but_the_empty_file(cohort):
    validator = Path(sys.executable).with_name("bids-validator-deno")
    if not validator.exists():
        pytest.skip("bids-validator-deno is not installed")
    command = [str(validator), str(cohort.path), "--format", "json"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    issues = json.loads(told.stdout)["issues"]["issues"]
    errors = {(issue["code"], issue["location"]) for issue in issues if issue["severity"] == "error"}
    empty = "/" + scan_with(cohort, "empty").relative_to(cohort.path).as_posix()
    assert errors == {("EMPTY_FILE", empty), ("NIFTI_HEADER_UNREADABLE", empty)}


def test_each_blunder_is_listed_and_is_there(cohort):
    assert {row["blunder"] for row in read_tsv(cohort.blunders)} == set(BLUNDERS)
    assert scan_with(cohort, "empty").stat().st_size == 0
    assert scan_with(cohort, "two-runs").name.endswith("_run-2_T1w.nii.gz")
    with pytest.raises(InputError):
        read_volume(scan_with(cohort, "truncated"))
    late = scan_with(cohort, "wrong-date").parents[2]
    years = [row["acq_time"][:4] for row in read_tsv(late / f"{late.name}_sessions.tsv")]
    assert int(years[1]) - int(years[0]) in (11, 12, 13)


def test_a_flipped_scan_shows_the_baseline_in_a_mirror(cohort):
    flipped, _ = read_volume(scan_with(cohort, "flipped"))
    person = scan_with(cohort, "flipped").parents[2]
    baseline, _ = read_volume(next(person.glob("ses-M000/anat/*.nii.gz")))
    mirrored = np.flip(baseline.array, int(np.abs(baseline.affine[0, :3]).argmax()))
    likeness = [np.corrcoef(flipped.array.ravel(), a.ravel())[0, 1] for a in (mirrored, baseline.array)]
    assert likeness[0] > likeness[1] + 0.01


def test_people_differ_in_more_than_noise(cohort):
    volumes = [
        float(row["baseline_ml"])
        for number in range(1, 8)
        for row in read_tsv(cohort.volumes_of(f"{number:03d}"))
        if row["session_id"] == "ses-M000" and row["label"] == "3"
    ]
    assert len(volumes) == 7
    assert 0.02 < np.std(volumes) / np.mean(volumes) < 0.4


def test_the_true_regions_lie_on_the_baseline(cohort):
    assert cohort.segmentations is not None
    for path in cohort.segmentations.glob("sub-*/ses-*/anat/*_dseg.nii.gz"):
        name = path.name.replace("_desc-synthseg_dseg", "_T1w")
        session = path.parent.relative_to(cohort.segmentations)
        labels, _ = read_labels(path)
        scan, _ = read_volume(cohort.path / session / name)
        assert labels.same_grid(scan)
        assert {4, 17, 43, 53} <= set(np.unique(labels.array))


def test_the_means_of_groups_are_those_of_their_people(cohort):
    slopes = read_tsv(cohort.people_slopes)
    assert {row["participant_id"] for row in slopes} == {f"sub-{n:03d}" for n in range(1, 8)}
    for group in read_tsv(cohort.group_slopes):
        same = [s for s in slopes if (s["group"], s["label"]) == (group["group"], group["label"])]
        assert int(group["people"]) == len(same)
        mean = np.mean([float(slope["percent_per_year"]) for slope in same])
        assert mean == pytest.approx(float(group["drawn_percent_per_year"]), rel=1e-4, abs=1e-5)


def test_going_on_makes_who_is_missing_and_touches_nobody_else(brain_files, tmp_path):
    settings = CohortSettings(people=2, voxel_mm=8.0, months=(0.0, 12.0))
    folder = simulate_cohort(tmp_path / "bids", settings, scans=brain_files)
    before = contents(folder.path)
    made: list[str] = []
    first = next(folder.scans_of("001").rglob("*_T1w.nii.gz")).stat().st_mtime_ns
    folder.scans_of("002").rename(tmp_path / "gone")
    part = folder.path / ".writing-sub-002"  # what a killed run leaves
    part.mkdir()
    (part / "half.nii.gz").write_bytes(b"half")
    simulate_cohort(
        folder.path, settings, scans=brain_files, on_person=lambda participant, *_: made.append(participant)
    )
    assert made == ["002"]
    assert contents(folder.path) == before
    assert next(folder.scans_of("001").rglob("*_T1w.nii.gz")).stat().st_mtime_ns == first


def test_a_folder_with_something_else_is_refused(cohort, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="is not written"):
        simulate_cohort(tmp_path, SETTINGS)
    assert contents(tmp_path) == {"notes.txt": b"mine"}
    with pytest.raises(InputError, match="is not written"):
        simulate_cohort(cohort.path, SETTINGS)  # likenesses of another brain


def test_a_table_that_somebody_changed_is_left_alone(cohort, brain_files):
    table = cohort.path / "participants.tsv"
    before = table.read_bytes()
    table.write_text("participant_id\nsub-001\n")
    simulate_cohort(cohort.path, SETTINGS, scans=brain_files)
    assert table.read_text() == "participant_id\nsub-001\n"
    table.write_bytes(before)


@pytest.mark.parametrize(
    "changes",
    [
        {"people": 0},
        {"voxel_mm": 0.5},
        {"months": (12.0, 24.0)},
        {"sites": 4},
        {"blunders": 8},
        {"groups": ()},
    ],
)
def test_settings_without_a_meaning_are_refused(changes, tmp_path):
    with pytest.raises(InputError):
        simulate_cohort(tmp_path / "bids", SETTINGS.model_copy(update=changes))
    assert not (tmp_path / "bids").exists()


def test_every_group_is_made_of_the_same_brains(brain_files, tmp_path, monkeypatch):
    """Else a difference between brains would pass for one between groups."""
    used: list[tuple[str, str, str]] = []
    module = "LongitudinalINRLib.cohort.simulated.cohort"
    monkeypatch.setattr(f"{module}.read_brain", lambda t1, labels, voxel_mm: t1.name)
    monkeypatch.setattr(f"{module}.scan_person", lambda person, brain, stranger: (person, brain, stranger))
    monkeypatch.setattr(
        f"{module}.write_person",
        lambda folder, person, made: used.append((person.group.name, made[1], made[2][0])),
    )
    monkeypatch.setattr(f"{module}.person_slopes", lambda folder, person: [])
    brains = [brain_files[0], brain_files[0][::-1]]
    simulate_cohort(tmp_path / "bids", CohortSettings(people=12), scans=brains)
    for group in ("control", "MCI", "AD"):
        assert len({brain for name, brain, _ in used if name == group}) == 2
    assert all(brain != stranger for _, brain, stranger in used)
