"""The Slicers that are played.

Tests run in the usual one; those marked `EACH_SLICER`, one at least for each part of the panel, in all.
"""

from __future__ import annotations

import pytest

USUAL = ("5.12", 5)
PLAYED = (("5.10", 5), USUAL, ("5.12", 6))


def slicer_name(version: tuple[str, int]) -> str:
    """Return how a test's name says which Slicer it ran in."""
    return "Slicer-{}-Qt-{}".format(*version)


EACH_SLICER = pytest.mark.parametrize("running_slicer", PLAYED, indirect=True, ids=slicer_name)
