"""A person to try everything on, without a scan of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import NamedTuple


class Subject(NamedTuple):
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
    voxel_mm: float = 3.0,
    smoothness_mm: float = 6.0,
    seed: int = 0,
) -> Subject:
    """Simulate a person who is losing brain, from the template that nilearn carries; nothing is downloaded.

    Parameters
    ----------
    folder : path
        Takes the scans and their truth: new, empty, or with an earlier simulation.
    months : sequence of float
        When the scans are made, 0 first.
    voxel_mm : float
        Edge of the voxels, 1 to 8: the larger, the quicker, and the less a fit can see.
    smoothness_mm : float
        Blur of the map of change.
    seed : int
        The same seed gives the same person.

    Raises
    ------
    InputError
        Nilearn is not installed, the folder holds something else, or a setting cannot be used.
    """
    from LongitudinalINRLib.simulate.builtin import builtin_subject
    from LongitudinalINRLib.simulate.ownership import check_place
    from LongitudinalINRLib.simulate.storage import load_truth
    from LongitudinalINRLib.simulate.subject import simulate_subject

    place = Path(folder).absolute()
    check_place(place)
    t1, labels = builtin_subject(voxel_mm)
    simulated = simulate_subject(t1, labels, months, seed=seed, smoothness_mm=smoothness_mm)
    simulated.save(place)
    files = load_truth(place)
    return Subject(
        tuple(files.scan_path(month) for month in files.months), files.months, files.labels_path(0.0)
    )
