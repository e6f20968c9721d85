"""From what a person gives to where objects are sent; every mistake in it is told before anything is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from LongitudinalINRLib.dicom_out.sending.credentials import find_credentials
from LongitudinalINRLib.dicom_out.sending.send import Destination
from LongitudinalINRLib.dicom_out.sending.store import StoreDestination, parse_entity
from LongitudinalINRLib.dicom_out.sending.stow import StowDestination
from LongitudinalINRLib.dicom_out.sending.tls import Tls


@dataclass(frozen=True)
class Wanted:
    """Where to send to, as it was given.

    Parameters
    ----------
    store : str, optional
        An application entity, ``TITLE@host:port``.
    stow : str, optional
        The address of a DICOMweb server.
    calling : str
        The title that this program gives itself.
    timeout_seconds : float
        For every answer.
    secured : bool
        Whether the application entity is spoken to by TLS.
    tls : Tls
        Certificates, for both.
    credentials : Path, optional
        A file with those for the web server.
    """

    store: str | None = None
    stow: str | None = None
    calling: str = "LONGINR"
    timeout_seconds: float = 30.0
    secured: bool = False
    tls: Tls = field(default_factory=Tls)
    credentials: Path | None = None


def destinations(wanted: Wanted) -> list[Destination]:
    """Return where to send to.

    Raises
    ------
    InputError
        An address, a title or a file of credentials cannot be used.
    """
    found: list[Destination] = []
    if wanted.store is not None:
        tls = wanted.tls if wanted.secured else None
        address = parse_entity(wanted.store)
        found.append(StoreDestination(*address, wanted.calling, wanted.timeout_seconds, tls))
    if wanted.stow is not None:
        credentials = find_credentials(wanted.credentials)
        found.append(StowDestination(wanted.stow, wanted.timeout_seconds, credentials, wanted.tls))
    return found
