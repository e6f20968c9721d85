"""A person to try everything on, without a scan of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

SHOWN_MM = ((-40.0, 40.0), (-50.0, 30.0), (-28.0, 26.0))
"""Left to right, back to front, bottom to top, in the template's space."""


@dataclass(frozen=True)
class Subject:
    """Files of a simulated person.

    Parameters
    ----------
    scans : tuple of Path
        The baseline first.
    months : tuple of float
        When each was made.
    labels : Path
        Segmentation of the baseline.
    """

    scans: tuple[Path, ...]
    months: tuple[float, ...]
    labels: Path


def simulated_subject(
    folder: str | PathLike[str],
    months: Sequence[float] = (0.0, 12.0, 24.0),
    *,
    seed: int = 0,
) -> Subject:
    """Simulate a person who is losing brain, from the template that nilearn carries; nothing is downloaded.

    The scans show the middle of a brain in voxels of 1 mm: ventricles, hippocampi, deep nuclei.

    Parameters
    ----------
    folder : path
        Takes the scans and their truth: new, empty, or with an earlier simulation.
    months : sequence of float
        When the scans are made, 0 first.
    seed : int
        The same seed gives the same person.

    Raises
    ------
    InputError
        Nilearn is not installed, the folder holds something else, or a setting cannot be used.
    """
    from LongitudinalINRLib.simulate.crisp import crisp_subject
    from LongitudinalINRLib.simulate.ownership import check_place
    from LongitudinalINRLib.simulate.storage import load_truth
    from LongitudinalINRLib.simulate.subject import simulate_subject

    place = Path(folder).absolute()
    check_place(place)
    simulate_subject(*crisp_subject(SHOWN_MM), months, seed=seed).save(place)
    files = load_truth(place)
    return Subject(
        tuple(files.scan_path(month) for month in files.months), files.months, files.labels_path(0.0)
    )
