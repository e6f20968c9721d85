"""Whether the packages that write DICOM are there. Needs the standard library alone."""

from __future__ import annotations

import importlib.util

from LongitudinalINRLib.errors import InputError

PACKAGES = ("pydicom", "highdicom", "pynetdicom", "dicomweb-client")


def missing_packages() -> list[str]:
    """Return which of the packages of the extra `dicom` are not installed."""
    return [name for name in PACKAGES if importlib.util.find_spec(name.replace("-", "_")) is None]


def require_extra() -> None:
    """Refuse to begin without the packages of the extra `dicom`.

    Raises
    ------
    InputError
        One is missing.
    """
    missing = missing_packages()
    if missing:
        raise InputError(
            "dicom-extra-missing",
            "The packages that write DICOM are not installed.",
            expected=", ".join(PACKAGES),
            found="no " + ", no ".join(missing),
            advice=f"Install what is missing: pip install {' '.join(missing)}",
        )
