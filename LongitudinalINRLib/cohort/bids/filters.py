"""Which people and sessions are meant, by labels with or without their prefix."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.json_text import shown

MOST_NEAR = 5


def chosen_labels(asked: Sequence[str], known: Iterable[str], prefix: str, option: str) -> set[str]:
    """Return the labels that were asked for; all that are known if none were.

    Parameters
    ----------
    asked : sequence of str
        As they were typed.
    known : iterable of str
        Labels without the prefix.
    prefix : str
        ``sub-`` or ``ses-``.
    option : str
        What they were typed behind, for the message.

    Raises
    ------
    InputError
        One is not known; it names those that are written nearly so.
    """
    everybody = set(known)
    labels = {text.removeprefix(prefix) for text in asked}
    for label in sorted(labels - everybody):
        near = [f"{prefix}{name}" for name in near_labels(label, everybody)]
        raise InputError(
            "unknown-label",
            f"There is no {prefix}{label} in the BIDS folder.",
            expected=f"{option} with labels that are there"
            + (f", such as {', '.join(near)}" if near else ""),
            found=shown(label),
            advice="Correct the label; it may be given with or without its prefix.",
        )
    return labels or everybody


def near_labels(label: str, known: Collection[str]) -> list[str]:
    """Return the known labels that are written most nearly like one; zeros in front do not matter."""
    same = [name for name in known if name.lstrip("0").lower() == label.lstrip("0").lower()]
    near = get_close_matches(label, known, MOST_NEAR, 0.5)
    return list(dict.fromkeys([*sorted(same), *near]))[:MOST_NEAR]
