"""Which T1-weighted scan of each session is taken, by rules that a person can foresee (docs/cohorts.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from LongitudinalINRLib.cohort.bids.index import Scan, Session

PARTS_OF_SCANS = ("chunk", "echo", "inv", "part")
"""Entities of images that are not a whole T1-weighted scan alone: an echo, an inversion, a phase image."""

DERIVED = ("desc", "hemi", "label", "mod", "res", "space")
"""Entities of images that were made from scans, or that do not belong to scans."""


@dataclass(frozen=True)
class Wanted:
    """What is asked of the scans; None where the rules decide.

    Parameters
    ----------
    acquisition, reconstruction : str, optional
        Labels of ``acq-`` and ``rec-``.
    run : int, optional
        Number of ``run-``.
    """

    acquisition: str | None = None
    run: int | None = None
    reconstruction: str | None = None

    def allows(self, scan: Scan) -> bool:
        """Tell whether a scan is one of those asked for."""
        asked = (("acq", self.acquisition), ("rec", self.reconstruction))
        labels_fit = all(label is None or scan.entities.get(key) == label for key, label in asked)
        return labels_fit and (self.run is None or run_of(scan) == self.run)

    @property
    def text(self) -> str:
        """What is asked, as it stands in the name of a file; empty where nothing is."""
        asked = (("acq", self.acquisition), ("rec", self.reconstruction), ("run", self.run))
        return "_".join(f"{key}-{value}" for key, value in asked if value is not None)


@dataclass(frozen=True)
class Chosen:
    """The scan of a session, and those that were passed over for it."""

    session: str | None
    scan: Scan
    passed_over: tuple[Scan, ...]


def choose(sessions: Sequence[Session], wanted: Wanted) -> list[Chosen]:
    """Take one scan of each session of a person; sessions without a scan that can be taken are left out.

    Parameters
    ----------
    sessions : sequence of Session
        Of one person.
    wanted : Wanted
        What is asked for.
    """
    usable = [tuple(scan for scan in session.scans if _is_whole(scan, wanted)) for session in sessions]
    shared = Counter(acq for scans in usable for acq in {scan.entities.get("acq", "") for scan in scans})

    def place(scan: Scan) -> tuple[object, ...]:
        of = scan.entities.get
        return (
            "ce" in scan.entities,
            "rec" in scan.entities,
            -shared[of("acq", "")],
            of("acq", ""),
            -run_of(scan),  # a scan is repeated where the one before was not good
            of("rec", ""),
            of("ce", ""),
            not scan.path.endswith(".gz"),
            scan.path,
        )

    chosen = []
    for session, scans in zip(sessions, usable, strict=True):
        if scans:
            best = min(scans, key=place)
            others = tuple(scan for scan in session.scans if scan is not best)
            chosen.append(Chosen(session.label, best, others))
    return chosen


def differences(chosen: Iterable[Chosen]) -> list[str]:
    """Return which kinds of scans a person's are, where they are of several: change may be the scanner's."""
    keys = ("ce", "rec", "acq")
    kinds = {tuple(item.scan.entities.get(key) for key in keys) for item in chosen}
    if len(kinds) < 2:
        return []
    named = (
        "_".join(f"{key}-{value}" for key, value in zip(keys, kind, strict=True) if value) or "no entity"
        for kind in kinds
    )
    return [
        f"The scans of this person are of several kinds ({', '.join(sorted(named))}). "
        "Compare scans of one kind."
    ]


def run_of(scan: Scan) -> int:
    """Return the number of the run; 0 where the name has none, or none that is a number."""
    text = scan.entities.get("run", "0")
    return int(text) if text.isascii() and text.isdigit() else 0


def _is_whole(scan: Scan, wanted: Wanted) -> bool:
    is_magnitude = scan.entities.get("part") == "mag"
    parts = [key for key in PARTS_OF_SCANS if key in scan.entities and not (key == "part" and is_magnitude)]
    return not parts and not any(key in scan.entities for key in DERIVED) and wanted.allows(scan)
