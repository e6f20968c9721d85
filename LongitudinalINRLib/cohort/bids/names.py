"""The names of BIDS: labels of people and sessions, and the entities in the name of a file."""

from __future__ import annotations

import re

SUFFIXES = ("_T1w.nii.gz", "_T1w.nii")
"""A T1-weighted scan's file ends in one of these."""

_LABEL = re.compile(r"[0-9A-Za-z+]+")


def label_of(name: str, prefix: str) -> str | None:
    """Return the label in the name of a folder, or None where it cannot be one.

    Examples
    --------
    >>> label_of("sub-01", "sub-"), label_of("sub-01_old", "sub-")
    ('01', None)
    """
    label = name.removeprefix(prefix)
    return label if name.startswith(prefix) and _LABEL.fullmatch(label) else None


def without_suffix(name: str) -> str | None:
    """Return the name of a T1-weighted scan without its suffix and ending; None for other files."""
    return next((name.removesuffix(suffix) for suffix in SUFFIXES if name.endswith(suffix)), None)


def entities_of(stem: str) -> dict[str, str] | None:
    """Return the entities of a file by their keys, or None where the name is not made of entities.

    Examples
    --------
    >>> entities_of("sub-01_ses-M00_run-2")
    {'sub': '01', 'ses': 'M00', 'run': '2'}
    """
    entities: dict[str, str] = {}
    for part in stem.split("_"):
        key, dash, value = part.partition("-")
        if not (key and dash and value) or key in entities:
            return None
        entities[key] = value
    return entities


def stem_of(participant: str, session: str | None) -> str:
    """Return how the names of a session's files begin.

    Examples
    --------
    >>> stem_of("01", "M00"), stem_of("01", None)
    ('sub-01_ses-M00', 'sub-01')
    """
    return f"sub-{participant}" if session is None else f"sub-{participant}_ses-{session}"


def folder_of(participant: str, session: str | None) -> str:
    """Return the folder of a session, relative to the BIDS folder."""
    return f"sub-{participant}" if session is None else f"sub-{participant}/ses-{session}"
