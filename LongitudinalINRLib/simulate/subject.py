"""A simulated subject: scans over time of one anatomy that changes in a known way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.anatomy import Anatomy
from LongitudinalINRLib.simulate.change import Change
from LongitudinalINRLib.simulate.checks import checked_anatomy, checked_months
from LongitudinalINRLib.simulate.lesion import with_lesion
from LongitudinalINRLib.simulate.prescription import region_deformation
from LongitudinalINRLib.simulate.randomness import generator
from LongitudinalINRLib.simulate.scanner import Scanner
from LongitudinalINRLib.simulate.settings import checked_settings, with_settings
from LongitudinalINRLib.simulate.space import Floats
from LongitudinalINRLib.simulate.storage import Truth, save
from LongitudinalINRLib.simulate.visit import visit


@dataclass(frozen=True, eq=False)
class SimulatedSubject:
    """Scans, segmentations and the truth, one entry a month, month 0 first.

    Parameters
    ----------
    months : tuple of float
    scans : tuple of Volume
        float32, each in its own head position.
    labels : tuple of Volume
        Segmentation of each scan; the first is the baseline's.
    truth_jacobian, truth_rate : tuple of Volume
        |J| of phi_t and d|J|/dt per month, float32, on the baseline grid.
    truth_displacement : tuple of Volume
        phi_t(x) - x in RAS mm, shape (I, J, K, 3), float32, on the baseline grid.
    baseline_to_scan : tuple of ndarray
        Rigid matrices from baseline RAS mm to RAS mm in each scan: the misalignment.
    parameters : dict
        Everything that decided the simulation; goes into ``simulation.json``.
    """

    months: tuple[float, ...]
    scans: tuple[Volume, ...]
    labels: tuple[Volume, ...]
    truth_jacobian: tuple[Volume, ...]
    truth_rate: tuple[Volume, ...]
    truth_displacement: tuple[Volume, ...]
    baseline_to_scan: tuple[Floats, ...]
    parameters: dict[str, object] = field(default_factory=dict)

    def save(self, folder: str | Path, on_kept: Callable[[str], None] = lambda _: None) -> None:
        """Write scans, labels, truth and ``simulation.json`` into a folder; `load_truth` reads it back.

        Parameters
        ----------
        folder : str or Path
            New, empty, or holds nothing but what a simulation wrote.
        on_kept : callable
            Takes a sentence about a file that came meanwhile and was kept under another name.
        """
        positions = [matrix.tolist() for matrix in self.baseline_to_scan]
        truth = Truth(Path(folder), self.months, self.parameters, positions)
        save(truth, dict(self._volumes(truth)), on_kept)

    def _volumes(self, truth: Truth) -> Iterator[tuple[Path, Volume]]:
        for number, months in enumerate(self.months):
            yield truth.scan_path(months), self.scans[number]
            yield truth.labels_path(months), self.labels[number]
            yield truth.truth_path("jacobian", months), self.truth_jacobian[number]
            yield truth.truth_path("rate", months), self.truth_rate[number]
            yield truth.truth_path("displacement", months), self.truth_displacement[number]


def simulate_subject(
    t1: Volume,
    labels: Volume,
    months: Sequence[float],
    *,
    change: Change | None = None,
    scanner: Scanner | None = None,
    seed: int = 0,
    on_progress: Callable[[float, str], None] | None = None,
    **settings: Any,
) -> SimulatedSubject:
    """Simulate scans of a subject whose brain changes in a known way.

    Parameters
    ----------
    t1, labels : Volume
        Any T1-weighted scan and its segmentation on the same grid, any axis order and voxel size.
    months : sequence of float
        When the scans are taken; must hold 0.
    change : Change, optional
        What the tissue does.
    scanner : Scanner, optional
        What the scans do.
    seed : int
        Of everything that is random.
    on_progress : callable, optional
        Told the share done and what is being done.
    **settings
        Fields of `Change` and `Scanner` by their names, in place of theirs: ``noise=0.01``.

    Returns
    -------
    SimulatedSubject

    Raises
    ------
    InputError
        If months, settings or anatomy cannot be used.
    """
    change, scanner = with_settings(change or Change(), scanner or Scanner(), settings)
    times = checked_months(months)
    checked_settings(change, scanner)
    tell = on_progress or (lambda fraction, text: None)
    tell(0.0, "building the deformation")
    anatomy = Anatomy.of(*checked_anatomy(t1, labels), denoise=scanner.denoise)
    later = anatomy
    if change.lesion_mm:
        lesion = generator(seed, "lesion")
        later = with_lesion(anatomy, change.lesion_mm, change.lesion_brightness, lesion)
    deformation = region_deformation(anatomy.labels, change, seed)
    visits = []
    for done, moment in enumerate(deformation.at(times)):
        tell(0.3 + 0.7 * done / len(times), f"scanning at month {moment.months:g}")
        visits.append(visit(later if moment.months > 0 else anatomy, moment, scanner, seed))
    tell(1.0, "done")
    parameters = {"seed": seed, **change.described(), **scanner.described()}
    return SimulatedSubject(
        times,
        tuple(v.scan for v in visits),
        tuple(v.labels for v in visits),
        tuple(v.jacobian for v in visits),
        tuple(v.rate for v in visits),
        tuple(v.displacement for v in visits),
        tuple(v.position for v in visits),
        parameters,
    )
