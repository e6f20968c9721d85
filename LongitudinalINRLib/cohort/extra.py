"""Whether the packages of the extra `cohort` are there. Needs the standard library alone."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence

from LongitudinalINRLib.errors import InputError


def require(packages: Sequence[str]) -> None:
    """Refuse to begin without packages of the extra `cohort`.

    Parameters
    ----------
    packages : sequence of str
        Names by which they are imported.

    Raises
    ------
    InputError
        One is missing.
    """
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        raise InputError(
            "cohort-extra-missing",
            "The packages for cohorts are not installed.",
            expected=", ".join(packages),
            found="no " + ", no ".join(missing),
            advice='Install the extra: pip install "longitudinal-inr[cohort]"',
        )
