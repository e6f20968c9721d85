"""Errors that PythonQt would print and forget: kept here, so that a test can fail on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

_errors: list[BaseException] = []


@contextmanager
def collecting() -> Iterator[None]:
    """Keep an exception instead of passing it on, as PythonQt does in slots and event handlers."""
    try:
        yield
    except Exception as error:
        _errors.append(error)


def keep(error: BaseException) -> None:
    """Keep an error that has no exception on its way, such as a signal that does not exist."""
    _errors.append(error)


def take() -> list[BaseException]:
    """Return the errors kept so far and forget them."""
    taken = _errors.copy()
    _errors.clear()
    return taken


def raise_first() -> None:
    """Raise the first error kept, naming the others."""
    errors = take()
    if len(errors) > 1:
        raise RuntimeError(f"and {len(errors) - 1} more: {errors[1:]}") from errors[0]
    if errors:
        raise errors[0]
