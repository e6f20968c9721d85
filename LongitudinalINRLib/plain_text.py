"""Text from outside, made harmless where it is shown or logged. Needs the standard library alone.

The name of a file, a warning of a library or what a JSON file holds can carry control characters: they would
colour or rewrite a terminal, turn the direction of reading, or forge a line of a log.
"""

from __future__ import annotations

import unicodedata

_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode's categories of control, format (bidirectional among them), surrogates and line breaks."""

_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
"""Format characters without which some scripts are misspelt; they reorder and hide nothing."""


def one_line(text: str) -> str:
    r"""Return text as one line, with what controls a terminal or the direction of reading written out.

    Examples
    --------
    >>> one_line("t0\x1b[31m.nii"), one_line("a\nb"), one_line("Émile – 12 mo")
    ('t0\\x1b[31m.nii', 'a\\nb', 'Émile – 12 mo')
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_written(character) for character in text)


def lines(text: str) -> str:
    """Return text as `one_line` does, but with its lines kept."""
    return "\n".join(one_line(line.rstrip("\r").expandtabs(4)) for line in text.split("\n"))


def _written(character: str) -> str:
    if unicodedata.category(character) in _UNSEEN and character not in _JOINERS:
        return character.encode("unicode_escape").decode("ascii")
    return character
