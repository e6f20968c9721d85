"""One simulated person as files of a BIDS folder: each folder of them appears whole."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from LongitudinalINRLib import __version__
from LongitudinalINRLib.cohort.folder import PREFIX
from LongitudinalINRLib.cohort.simulated.layout import SimulatedFolder
from LongitudinalINRLib.cohort.simulated.people import Blunder, PlannedVisit, SimulatedPerson
from LongitudinalINRLib.cohort.simulated.scans import Scans
from LongitudinalINRLib.cohort.tsv import table_text
from LongitudinalINRLib.files import PART, make_folder, sync_folder, write_json, write_text
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.imaging.writing import write_volume

VOLUME_COLUMNS = ("session_id", "months", "label", "baseline_ml", "log_ratio")
_WRONG_BY = timedelta(days=3653)
_BETWEEN_RUNS = timedelta(minutes=10)


def write_person(folder: SimulatedFolder, person: SimulatedPerson, made: Scans) -> None:
    """Write a person: truth and segmentation first, the scans last, each folder whole or not at all."""
    _appear(folder.truth_of(person.participant), lambda part: _fill_truth(part, person, made))
    if folder.segmentations is not None:
        _appear(
            folder.segmentation_of(person.participant), lambda part: _fill_segmentation(part, person, made)
        )
    _appear(folder.scans_of(person.participant), lambda part: _fill_scans(part, person, made))


def _appear(folder: Path, fill: Callable[[Path], None]) -> None:
    """Fill a folder under another name and give it its own; one that is there is left as it is."""
    if folder.exists():
        return
    part = folder.with_name(f"{PART}{folder.name}")
    if part.exists():  # of a killed run
        shutil.rmtree(part)
    make_folder(part)
    fill(part)
    part.rename(folder)
    sync_folder(folder.parent)


def _fill_truth(folder: Path, person: SimulatedPerson, made: Scans) -> None:
    truth = made.truth
    rows = [
        (f"ses-{visit.session}", visit.months, int(label), float(volume), float(ratio))
        for visit, ratios in zip(person.visits, truth.log_ratios, strict=True)
        for label, volume, ratio in zip(truth.labels, truth.baseline_ml, ratios, strict=True)
    ]
    write_text(folder / f"{PREFIX}{person.participant}_volumes.tsv", table_text(VOLUME_COLUMNS, rows))


def _fill_segmentation(folder: Path, person: SimulatedPerson, made: Scans) -> None:
    session = person.visits[0].session
    anat = folder / f"ses-{session}" / "anat"
    make_folder(anat)
    stem = anat / f"{_stem(person, session)}_desc-synthseg_dseg"
    write_volume(made.labels, stem.with_suffix(".nii.gz"))
    description = {"Description": "The true regions, with FreeSurfer's label numbers.", "Manual": False}
    write_json(stem.with_suffix(".json"), description)


def _fill_scans(folder: Path, person: SimulatedPerson, made: Scans) -> None:
    acquired: dict[str, str] = {}
    for visit in person.visits:
        wrong = person.blunder if visit is person.visits[-1] else None
        runs = [(run, image) for of, run, image in made.images if of is visit]
        session = folder / f"ses-{visit.session}"
        make_folder(session / "anat")
        rows = []
        for run, image in runs:
            stem = _stem(person, visit.session) + (f"_run-{run}" if run else "") + "_T1w"
            _write_scan(image, session / "anat" / f"{stem}.nii.gz", wrong)
            write_json(session / "anat" / f"{stem}.json", _sidecar(visit))
            moment = visit.acquired + _BETWEEN_RUNS * ((run or 1) - 1)
            rows.append((f"anat/{stem}.nii.gz", _acquired(moment, wrong)))
        table = table_text(("filename", "acq_time"), rows)
        write_text(session / f"{_stem(person, visit.session)}_scans.tsv", table)
        acquired[f"ses-{visit.session}"] = rows[0][1]
    table = table_text(("session_id", "acq_time"), list(acquired.items()))
    write_text(folder / f"{PREFIX}{person.participant}_sessions.tsv", table)


def _write_scan(image: Volume, path: Path, wrong: Blunder | None) -> None:
    write_volume(image, path)
    if wrong == "truncated":
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
    elif wrong == "empty":
        path.write_bytes(b"")


def _acquired(moment: datetime, wrong: Blunder | None) -> str:
    return (moment + _WRONG_BY if wrong == "wrong-date" else moment).isoformat()


def _sidecar(visit: PlannedVisit) -> dict[str, object]:
    site = visit.site
    return {
        "Modality": "MR",
        "MagneticFieldStrength": 3,
        "Manufacturer": "LongitudinalINR",
        "ManufacturersModelName": site.model,
        "DeviceSerialNumber": site.serial,
        "InstitutionName": site.name,
        "SoftwareVersions": __version__,
        "SkullStripped": True,
    }


def _stem(person: SimulatedPerson, session: str) -> str:
    return f"{PREFIX}{person.participant}_ses-{session}"
