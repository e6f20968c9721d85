"""A simulated subject in a folder, and its truth read back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.files import json_text, make_folder
from LongitudinalINRLib.imaging.formats import nifti
from LongitudinalINRLib.imaging.reading import read_displacement
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.imaging.writing import write_volume
from LongitudinalINRLib.ownership import Manifest
from LongitudinalINRLib.simulate.description import read_description
from LongitudinalINRLib.simulate.ownership import DESCRIPTION, TRUTH, refuse_foreign
from LongitudinalINRLib.words import month_label


@dataclass(frozen=True, eq=False)
class Truth:
    """The truth of a simulated subject in a folder; volumes are read when asked for.

    Parameters
    ----------
    folder : Path
    months : tuple of float
        Month 0 first.
    parameters : dict
        What decided the simulation.
    positions : list
        Matrix from baseline RAS mm to RAS mm in the scan, for each month.
    """

    folder: Path
    months: tuple[float, ...]
    parameters: dict[str, object]
    positions: list[list[list[float]]]

    def scan_path(self, months: float) -> Path:
        """Return the file of the scan at a month."""
        return self.folder / f"t{month_label(months)}mo.nii.gz"

    def labels_path(self, months: float) -> Path:
        """Return the file of the segmentation of that scan."""
        return self.folder / f"labels_{month_label(months)}mo.nii.gz"

    def jacobian(self, months: float) -> Volume:
        """Read |J| of phi_t on the baseline grid."""
        return self._read("jacobian", months)

    def rate(self, months: float) -> Volume:
        """Read d|J|/dt per month on the baseline grid."""
        return self._read("rate", months)

    def displacement(self, months: float) -> Volume:
        """Read phi_t(x) - x in RAS mm on the baseline grid, shape (I, J, K, 3)."""
        return read_displacement(self.truth_path("displacement", months))

    def baseline_to_scan(self, months: float) -> NDArray[np.float64]:
        """Return the rigid matrix from baseline RAS mm to RAS mm in the scan of a month."""
        return np.array(self.positions[self.months.index(months)], dtype=np.float64)

    def truth_path(self, quantity: str, months: float) -> Path:
        """Return the file of ``jacobian``, ``rate`` or ``displacement`` at a month."""
        return self.folder / TRUTH / f"{quantity}_{month_label(months)}mo.nii.gz"

    def _read(self, quantity: str, months: float) -> Volume:
        volume, _ = nifti.load(self.truth_path(quantity, months))
        return volume


def save(truth: Truth, volumes: Mapping[Path, Volume], on_kept: Callable[[str], None]) -> None:
    """Write a subject into its folder, in place of an earlier one.

    The manifest of the folder says which files are ours. ``simulation.json`` goes first and comes last, so
    that no truth is read of which a part is missing.

    Parameters
    ----------
    truth : Truth
        What ``simulation.json`` tells.
    volumes : mapping of Path to Volume
        Scans, segmentations and truth, by the paths that `Truth` gives them.
    on_kept : callable
        Takes a sentence about a file that came meanwhile and was kept under another name.

    Raises
    ------
    InputError
        The folder holds files that a simulation did not write (see `ownership.refuse_foreign`).
    """
    folder = truth.folder
    refuse_foreign(folder)
    make_folder(folder / TRUTH)
    manifest = Manifest(folder, on_kept=on_kept)
    if not manifest.exists:
        manifest.start()
    manifest.remove([folder / DESCRIPTION])
    manifest.remove({folder / name for name in manifest.names()} - set(volumes))
    for path, volume in volumes.items():
        write_volume(volume, path, manifest.writing)
    description = {
        "months": list(truth.months),
        "parameters": truth.parameters,
        "baseline_to_scan": truth.positions,
    }
    manifest.write_bytes(folder / DESCRIPTION, json_text(description).encode())


def load_truth(folder: str | Path) -> Truth:
    """Open the truth of a simulated subject.

    Parameters
    ----------
    folder : str or Path
        Written by ``SimulatedSubject.save``.

    Returns
    -------
    Truth

    Raises
    ------
    InputError
        If the folder does not hold a simulated subject.
    """
    folder = Path(folder)
    description = read_description(folder / DESCRIPTION)
    positions = [[list(row) for row in matrix] for matrix in description.baseline_to_scan]
    return Truth(folder, description.months, dict(description.parameters), positions)
