"""Whose scans these are: the hash of every input. Needs the standard library alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.dicom.place import series_place
from LongitudinalINRLib.imaging.formats.source import sha256_of_source
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.request import Request

Identity = dict[str, str]

BASELINE = "scan-0"


def input_files(request: Request) -> dict[str, str]:
    """Return the path of each input under the name that results, logs and reports call it.

    A name of a file can carry a person's name: the scans are `scan-0` (the baseline), `scan-1` …, in the
    order of their months, then `mask`, `labels`, `exclude`, `norms` and `labels-1` … of
    the follow-ups.
    """
    months = request.months
    files = {BASELINE: request.baseline}
    files |= {f"scan-{months.index(scan.months)}": scan.path for scan in request.follow_ups}
    files |= {f"labels-{months.index(scan.months)}": scan.path for scan in request.follow_up_labels}
    alone = (("mask", request.mask), ("labels", request.labels), ("exclude", request.exclude))
    files |= {name: path for name, path in alone if path}
    if request.norms is not None:
        files["norms"] = request.norms.path
    return dict(sorted(files.items()))


def scan_files(request: Request) -> dict[str, str]:
    """Return the path of each scan, the baseline's first, as `input_files` names them."""
    paths = {name: path for name, path in input_files(request).items() if name.startswith("scan-")}
    return {name: paths[name] for name in sorted(paths, key=lambda name: int(name.removeprefix("scan-")))}


def identify(
    request: Request, folder: JobFolder, should_stop: Callable[[], bool] = lambda: False
) -> Identity:
    """Return the SHA-256 of each input.

    Parameters
    ----------
    request : Request
        Names the inputs.
    folder : JobFolder
        Where their paths are relative to.
    should_stop : callable
        Asked while a folder of DICOM files is looked through.

    Raises
    ------
    InputError
        A file is missing or cannot be read, or one scan is given twice.
    """
    identity = {
        name: digest(folder.resolve(path), should_stop) for name, path in input_files(request).items()
    }
    scans = [name for name in identity if name.startswith("scan-")]
    for index, name in enumerate(scans):
        for other in scans[:index]:
            if identity[name] == identity[other]:
                raise InputError(
                    "scan-twice",
                    "One scan is given twice.",
                    expected="a different scan at each time",
                    found=f"the same file as {other} and {name}",
                    advice="Check the paths and the months.",
                )
    return identity


def digest(path: Path, should_stop: Callable[[], bool] = lambda: False) -> str:
    """Return the SHA-256 that an input is known by: of a file, or of the DICOM series in a folder.

    Raises
    ------
    InputError
        There is no such file, it is of no kind that is read, or the folder does not hold one series.
    Cancelled
        When `should_stop` said so.
    """
    if series_place(path):
        from LongitudinalINRLib.imaging.dicom.series import series_digest  # numpy, only where it is needed

        return series_digest(path, should_stop)
    return sha256_of_source(path)
