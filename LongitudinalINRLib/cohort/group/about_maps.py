"""What is said about the maps of groups: before the numbers, and in the methods text."""

from __future__ import annotations

from LongitudinalINRLib.cohort.maps.files import MapsNote

NOT_HARMONISED = (
    "The maps are not harmonised between sites: a difference of scanners is in them a difference of groups."
)


def notes_about_maps(note: MapsNote, harmonised: bool) -> tuple[str, ...]:
    """Return who is not in the maps, which groups were not compared and why, and whether sites differ.

    Parameters
    ----------
    note : MapsNote
        What there is.
    harmonised : bool
        Whether the tables are harmonised between sites, which maps never are.
    """
    notes = []
    if note.left_out:
        reasons = "; ".join(sorted(set(note.left_out.values())))
        notes.append(f"{len(note.left_out)} people are in the tables and not in the maps: {reasons}.")
    if note.untested:
        pairs: dict[str, list[str]] = {}
        for pair, problem in note.untested.items():
            pairs.setdefault(problem, []).append(pair)
        each = "; ".join(f"{', '.join(of)} ({problem})" for problem, of in pairs.items())
        notes.append(f"Not compared voxel by voxel, so that no map shows a difference: {each}.")
    return (*notes, NOT_HARMONISED) if harmonised else tuple(notes)


def methods_of_maps(note: MapsNote, harmonised: bool) -> tuple[str, ...]:
    """Return how the maps were made, for a methods text; the parameters are those of `notes_about_maps`."""
    return (*note.notes, NOT_HARMONISED) if harmonised else note.notes
