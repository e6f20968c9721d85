"""What a `.bidsignore` names, in the patterns of .gitignore: files that are no part of the data set."""

from __future__ import annotations

import re
from pathlib import Path

LARGEST_BYTES = 1_000_000

_WILD = re.compile(r"\*\*/|\*\*|\*|\?|\[!?[^]]+\]")


class Ignored:
    """Tells which files are left aside.

    Parameters
    ----------
    lines : iterable of str
        Patterns; a later one that begins with ``!`` takes files in again.
    """

    def __init__(self, lines: list[str]):
        self._rules = [
            (not line.startswith("!"), _pattern(line.removeprefix("!")))
            for line in map(str.strip, lines)
            if line and not line.startswith("#")
        ]

    @classmethod
    def of(cls, bids_folder: Path) -> Ignored:
        """Read the patterns of a BIDS folder; none where there is no such file, or it cannot be read."""
        try:
            with (bids_folder / ".bidsignore").open("rb") as file:
                text = file.read(LARGEST_BYTES).decode("utf-8", "replace")
        except OSError:
            return cls([])
        return cls(text.splitlines())

    def __call__(self, path: str) -> bool:
        """Tell whether a file, by its path relative to the BIDS folder, is left aside."""
        ignored = False
        for leaves_aside, pattern in self._rules:
            if ignored != leaves_aside and pattern.fullmatch(path):
                ignored = leaves_aside
        return ignored


def _pattern(line: str) -> re.Pattern[str]:
    """Return what matches the paths of a pattern: all that lies in a folder of its name, too."""
    anchored = "/" in line.rstrip("/")
    start = "" if anchored else "(?:.*/)?"
    end = "/.*" if line.endswith("/") else "(?:/.*)?"
    bare = line.strip("/")
    parts, at = [], 0
    for wild in _WILD.finditer(bare):
        parts += [re.escape(bare[at : wild.start()]), _WRITTEN.get(wild[0], wild[0].replace("[!", "[^"))]
        at = wild.end()
    try:
        return re.compile(start + "".join(parts) + re.escape(bare[at:]) + end)
    except re.error:  # a set of characters that is none: nothing is called so
        return re.compile(r"(?!)")


_WRITTEN = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
