"""What can be exported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Item = Literal["map_now", "all_maps", "sequence", "regions", "picture", "animation", "sheet", "report"]
FORMATS = (".nii.gz", ".nrrd")


@dataclass(frozen=True)
class Choices:
    """What to write.

    Parameters
    ----------
    items : frozenset of str
        Kinds of files.
    map_name : str
        The map that is shown.
    suffix : str
        Format of maps.
    """

    items: frozenset[Item]
    map_name: str
    suffix: str
