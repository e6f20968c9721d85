"""Continuous maps of local brain volume change from one person's MRI scans.

>>> import LongitudinalINRLib as li
>>> result = li.fit(["t00.nii.gz", "t12.nii.gz"], months=[0, 12])  # doctest: +SKIP
>>> result.jacobian(18), result.regions(), result.show()  # doctest: +SKIP

The import itself needs the standard library alone: a name brings its part along when it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from LongitudinalINRLib.api.fitting import fit
    from LongitudinalINRLib.api.norms import Norms
    from LongitudinalINRLib.api.result import Result, open_result
    from LongitudinalINRLib.api.subject import Subject, simulated_subject
    from LongitudinalINRLib.errors import InputError, LongitudinalError

__version__ = "0.1.0"

__all__ = [
    "InputError",
    "LongitudinalError",
    "Norms",
    "Result",
    "Subject",
    "fit",
    "open_result",
    "simulated_subject",
]

_PLACES = {
    "InputError": "errors",
    "LongitudinalError": "errors",
    "Norms": "api.norms",
    "Result": "api.result",
    "Subject": "api.subject",
    "fit": "api.fitting",
    "open_result": "api.result",
    "simulated_subject": "api.subject",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_PLACES])
