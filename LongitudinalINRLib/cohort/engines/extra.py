"""Whether the packages that spread work over machines are there. Needs the standard library alone."""

from __future__ import annotations

import importlib.util

from LongitudinalINRLib.errors import InputError

DASK = ("distributed",)
SLURM = ("distributed", "dask_jobqueue")


def require_packages(packages: tuple[str, ...]) -> None:
    """Refuse to begin without packages of the extra `cohort`.

    Raises
    ------
    InputError
        One is missing.
    """
    missing = [name.replace("_", "-") for name in packages if importlib.util.find_spec(name) is None]
    if missing:
        raise InputError(
            "cohort-extra-missing",
            "The packages that this engine needs are not installed.",
            expected=", ".join(name.replace("_", "-") for name in packages),
            found="no " + ", no ".join(missing),
            advice=f"Install what is missing: pip install {' '.join(missing)}. Or take --engine local.",
        )
