"""Where segmentations of the scans lie: what FreeSurfer, FastSurfer and SynthSeg left beside a data set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from LongitudinalINRLib.cohort.bids.names import folder_of, stem_of, without_suffix
from LongitudinalINRLib.errors import InputError

Program = Literal["FreeSurfer", "FastSurfer", "SynthSeg"]

USUAL = (
    "freesurfer*",
    "fastsurfer*",
    "synthseg*",
    "sourcedata/freesurfer",
    "fmriprep*/sourcedata/freesurfer",
    "smriprep*/sourcedata/freesurfer",
)
"""Folders below ``derivatives`` of the BIDS folder that are looked at without being asked."""

OF_SUBJECTS: tuple[tuple[str, Program], ...] = (
    ("aparc.DKTatlas+aseg.deep.mgz", "FastSurfer"),
    ("aparc+aseg.mgz", "FreeSurfer"),
    ("aseg.mgz", "FreeSurfer"),
)
"""Files in ``mri`` of a subject, the first that is there; only FastSurfer writes the first of them."""

OF_TEMPLATES = "base-tps"
"""A file that FreeSurfer writes for the template of a person's scans, which is in the space of none."""

OF_SCANS = ("_T1w_synthseg", "_synthseg", "_desc-synthseg_dseg", "_dseg")
"""What follows the entities of the scan in the name of a SynthSeg segmentation; the last in a folder of that
name alone, for elsewhere it is also that of tissue classes."""

ENDINGS = (".nii.gz", ".nii", ".mgz")


@dataclass(frozen=True)
class Segmentation:
    """A file with FreeSurfer's label numbers.

    Parameters
    ----------
    path : Path
        The file.
    program : str
        Whose it is.
    transform : Path, optional
        Of the longitudinal stream, whose segmentations lie in the space of the person's template: the
        file with the way from the scan to it.
    """

    path: Path
    program: Program
    transform: Path | None = None


def folders_of_derivatives(bids_folder: Path, given: Sequence[Path]) -> list[Path]:
    """Return the folders to look for segmentations in: those that were given, or the usual ones.

    Raises
    ------
    InputError
        One that was given is not there.
    """
    for folder in given:
        if not folder.is_dir():
            raise InputError(
                "no-derivatives",
                f"{folder.name} is not a folder.",
                expected="--derivatives with a folder that FreeSurfer, FastSurfer or SynthSeg wrote to",
                found="nothing at this path" if not folder.exists() else "a file",
                advice="Correct --derivatives, or leave it out.",
            )
    if given:
        return [folder.absolute() for folder in given]
    beside = bids_folder / "derivatives"
    return [folder for pattern in USUAL for folder in sorted(beside.glob(pattern)) if folder.is_dir()]


def segmentations(
    folders: Sequence[Path], participant: str, session: str | None, scan: str
) -> Iterator[Segmentation]:
    """Yield the segmentations of a scan, the one to be preferred first.

    Parameters
    ----------
    folders : sequence of Path
        See `folders_of_derivatives`.
    participant, session : str
        Labels; the session is None where there are none.
    scan : str
        Path of the scan, relative to the BIDS folder.
    """
    for folder in folders:
        for subject in dict.fromkeys(
            (stem_of(participant, session), folder_of(participant, session), stem_of(participant, None))
        ):
            yield from _of_subject(folder / subject)
        yield from _of_scan(folder, participant, session, scan)
        yield from _of_longitudinal(folder, participant, session)


def _of_subject(subject: Path, transform: Path | None = None) -> Iterator[Segmentation]:
    if (mri := subject / "mri").is_dir() and not (subject / OF_TEMPLATES).exists():
        for name, program in OF_SUBJECTS:
            if (mri / name).is_file():
                yield Segmentation(mri / name, program, transform)


def _of_longitudinal(folder: Path, participant: str, session: str | None) -> Iterator[Segmentation]:
    visit, base = stem_of(participant, session), stem_of(participant, None)
    for template in (base, f"{base}_base", f"{base}_template"):
        transform = folder / template / "mri" / "transforms" / f"{visit}_to_{template}.lta"
        if transform.is_file():
            yield from _of_subject(folder / f"{visit}.long.{template}", transform)


def _of_scan(folder: Path, participant: str, session: str | None, scan: str) -> Iterator[Segmentation]:
    stem = without_suffix(Path(scan).name)
    place = folder_of(participant, session)
    for inside in (f"{place}/anat", place, folder_of(participant, None), "."):
        for name in OF_SCANS if "synthseg" in folder.name.lower() else OF_SCANS[:-1]:
            for ending in ENDINGS:
                path = folder / inside / f"{stem}{name}{ending}"
                if path.is_file():
                    yield Segmentation(path, "SynthSeg")
