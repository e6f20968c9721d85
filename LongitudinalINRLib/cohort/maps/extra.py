"""Whether the packages that the maps of groups need are there."""

from __future__ import annotations

import importlib.util

from LongitudinalINRLib.errors import InputError

PACKAGES = ("nilearn", "zarr", "pandas")


def require_extra() -> None:
    """Refuse to begin without the packages of the extra `cohort`.

    Raises
    ------
    InputError
        One is missing.
    """
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        raise InputError(
            "cohort-extra-missing",
            "The packages that make the maps of groups are not installed.",
            expected=", ".join(PACKAGES),
            found="no " + ", no ".join(missing),
            advice='Install them: pip install "longitudinal-inr[cohort]"',
        )
