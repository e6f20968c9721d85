"""Where an export goes when nobody chose a folder."""

from __future__ import annotations

import os
from datetime import datetime
from itertools import count
from pathlib import Path


def new_folder(documents: Path, now: datetime) -> Path:
    """Return a folder among a person's documents that does not exist yet; it is not made.

    Parameters
    ----------
    documents : Path
        For example ``/home/me/Documents``.
    now : datetime
        Names the folder; no patient does.
    """
    name = f"Longitudinal INR {now:%Y-%m-%d %H.%M.%S}"
    names = (name if number == 1 else f"{name} ({number})" for number in count(1))
    return next(documents / each for each in names if not os.path.lexists(documents / each))
