"""A whole simulated cohort: made person by person, in several processes, and gone on with where it was."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from pydantic import TypeAdapter

from LongitudinalINRLib.cohort.simulated.brains import Brain, builtin_brain, read_brain
from LongitudinalINRLib.cohort.simulated.descriptions import descriptions, segmentation_description
from LongitudinalINRLib.cohort.simulated.layout import SimulatedFolder
from LongitudinalINRLib.cohort.simulated.people import SimulatedPerson, draw_people, person_seed
from LongitudinalINRLib.cohort.simulated.person_files import write_person
from LongitudinalINRLib.cohort.simulated.scans import scan_person
from LongitudinalINRLib.cohort.simulated.settings import CohortSettings, Source, check_settings
from LongitudinalINRLib.cohort.simulated.truth import group_text, person_slopes, slopes_text
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import make_folder, sha256_of, write_text
from LongitudinalINRLib.json_model import read_document
from LongitudinalINRLib.lock import hold
from LongitudinalINRLib.ownership import Manifest

LARGEST_SETTINGS_BYTES = 10_000_000
_SETTINGS = TypeAdapter(CohortSettings)

OnPerson = Callable[[str, int, int], None]
"""Told the participant who was made, how many there are now, and how many there will be."""


def simulate_cohort(
    output: Path,
    settings: CohortSettings,
    *,
    scans: Sequence[tuple[Path, Path]] = (),
    with_segmentations: bool = True,
    processes: int = 1,
    on_person: OnPerson = lambda participant, done, of: None,
) -> SimulatedFolder:
    """Write a BIDS folder of simulated people, and the truth about them.

    People who are there are not made again: after an interruption the same call goes on where it was.

    Parameters
    ----------
    output : Path
        New, empty, or of a cohort with the same settings.
    settings : CohortSettings
        Its sources are those of `scans`, whatever it says.
    scans : sequence of (Path, Path)
        T1-weighted scans and their segmentations that people are likenesses of; none: the built-in average.
    with_segmentations : bool
        Write the true regions of the baselines where `longitudinal-inr bids` looks for a segmentation.
    processes : int
        People who are made at the same time.
    on_person : callable

    Returns
    -------
    SimulatedFolder

    Raises
    ------
    InputError
        Settings or scans cannot be used, or the folder holds something else.
    """
    sources = tuple(Source(t1=sha256_of(t1), labels=sha256_of(labels)) for t1, labels in scans)
    settings = settings.model_copy(update={"sources": sources})
    check_settings(settings)
    folder = SimulatedFolder(output, with_segmentations)
    _check_place(folder, settings)
    people = draw_people(settings)
    make_folder(folder.truth)
    with hold(folder.lock) as alone:
        if not alone:
            raise _busy(folder)
        write_text(folder.settings, settings.model_dump_json(indent=1) + "\n")
        manifest = Manifest(folder.path)
        if not manifest.exists:
            manifest.start()
        _describe(folder, manifest, descriptions(settings, people))
        missing = [person for person in people if not folder.is_done(person.participant)]
        for done, person in enumerate(_made(folder, settings, scans, missing, processes), start=1):
            on_person(person.participant, len(people) - len(missing) + done, len(people))
        slopes = [slope for person in people for slope in person_slopes(folder, person)]
        tables = {
            folder.people_slopes: slopes_text(slopes),
            folder.group_slopes: group_text(settings, slopes),
        }
        _write(manifest, tables)
    return folder


def read_settings(folder: SimulatedFolder) -> CohortSettings:
    """Read what decided a cohort.

    Raises
    ------
    InputError
        The folder does not hold one.
    """
    return read_document(folder.settings, _SETTINGS, LARGEST_SETTINGS_BYTES)


def _check_place(folder: SimulatedFolder, settings: CohortSettings) -> None:
    if not folder.settings.exists():
        foreign = list(islice(folder.foreign(), 3))
        if foreign:
            raise _refused(folder, "a folder that is new or empty", ", ".join(foreign))
    elif read_settings(folder) != settings:
        raise _refused(folder, "the settings of the cohort that is there", "others")


def _refused(folder: SimulatedFolder, expected: str, found: str) -> InputError:
    return InputError(
        "output-not-empty",
        f"The simulated cohort is not written to {folder.path.name}.",
        expected=expected,
        found=found,
        advice="Choose a new folder.",
    )


def _busy(folder: SimulatedFolder) -> InputError:
    return InputError(
        "output-busy",
        f"Another process is simulating a cohort in {folder.path.name}.",
        expected="a folder that nobody else writes to",
        found="a lock that is held",
        advice="Wait until it is done, or choose a new folder.",
    )


def _describe(folder: SimulatedFolder, manifest: Manifest, texts: dict[str, str]) -> None:
    if folder.segmentations is not None:
        name = (folder.segmentations / "dataset_description.json").relative_to(folder.path)
        texts = {**texts, name.as_posix(): segmentation_description()}
    _write(manifest, {folder.path / name: text for name, text in texts.items()})


def _write(manifest: Manifest, texts: dict[Path, str]) -> None:
    """Write files, but for those that somebody else wrote or changed meanwhile."""
    for path, text in texts.items():
        make_folder(path.parent)
        if manifest.state(path) in ("absent", "ours"):
            manifest.write_bytes(path, text.encode())


def _made(
    folder: SimulatedFolder,
    settings: CohortSettings,
    scans: Sequence[tuple[Path, Path]],
    people: Sequence[SimulatedPerson],
    processes: int,
) -> Iterator[SimulatedPerson]:
    """Make people and yield each when it is there."""
    if not people:
        return
    brains = [read_brain(t1, labels, settings.voxel_mm) for t1, labels in scans]
    maker = _Maker(folder, settings, tuple(brains or [builtin_brain(settings.voxel_mm)]))
    if processes == 1:
        for person in people:
            maker.make(person)
            yield person
        return
    with _workers(maker, min(processes, len(people))) as pool:
        waiting = {pool.submit(_make, person): person for person in people}
        for ended in as_completed(waiting):
            ended.result()
            yield waiting[ended]


class _Maker:
    """Makes one person after another from the same brains."""

    def __init__(self, folder: SimulatedFolder, settings: CohortSettings, brains: tuple[Brain, ...]):
        self.folder, self.settings, self.brains = folder, settings, brains

    def make(self, person: SimulatedPerson) -> None:
        """Make a person."""
        other = person.number + len(self.settings.groups)
        stranger = self._brain(other), person_seed(self.settings, other)
        write_person(self.folder, person, scan_person(person, self._brain(person.number), stranger))

    def _brain(self, number: int) -> Brain:
        """Return whose likeness a person is: the same brains in every group."""
        return self.brains[number // len(self.settings.groups) % len(self.brains)]


_maker: list[_Maker] = []
"""Of a worker process: brains are sent once, not with every person."""


def _begin(maker: _Maker) -> None:
    _maker[:] = [maker]


def _make(person: SimulatedPerson) -> None:
    _maker[0].make(person)


@contextmanager
def _workers(maker: _Maker, count: int) -> Iterator[ProcessPoolExecutor]:
    pool = ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), _begin, (maker,))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
