"""C-STORE to an application entity, with TLS where asked for."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydicom import dcmread
from pynetdicom import AE
from pynetdicom.association import Association

from LongitudinalINRLib.dicom_out.output import Stored
from LongitudinalINRLib.dicom_out.sending.send import Lost, Refused
from LongitudinalINRLib.dicom_out.sending.tls import Tls
from LongitudinalINRLib.errors import InputError

_SUCCESS, _WARNINGS = 0x0000, (0xB000, 0xB006, 0xB007)
_REASONS = {0xA700: "out of resources", 0xA900: "not of its class", 0xC000: "not understood"}


@dataclass(frozen=True)
class StoreDestination:
    """An application entity that objects are stored in.

    Parameters
    ----------
    title, host : str
        Its AE title and its address.
    port : int
        Where it listens.
    calling : str
        The title that this program gives itself.
    timeout_seconds : float
        For every answer.
    tls : Tls or None
        How the connection is secured.
    """

    title: str
    host: str
    port: int
    calling: str
    timeout_seconds: float
    tls: Tls | None = None
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"{self.title}@{self.host}:{self.port}")

    @contextmanager
    def connected(self, items: list[Stored]) -> Iterator[_Store]:
        """Open an association for the kinds of these objects."""
        entity = AE(ae_title=self.calling)
        entity.acse_timeout = entity.dimse_timeout = self.timeout_seconds
        entity.network_timeout = entity.connection_timeout = self.timeout_seconds
        for sop_class, syntax in sorted({(item.sop_class, item.transfer_syntax) for item in items}):
            entity.add_requested_context(sop_class, syntax)
        secured: tuple[ssl.SSLContext, str] | None = None
        if self.tls is not None:
            secured = (self.tls.context(), self.host)
        association = entity.associate(self.host, self.port, ae_title=self.title, tls_args=secured)
        if not association.is_established:
            raise Lost(_why_none(association))
        try:
            yield _Store(association)
        finally:
            if association.is_established:
                association.release()


class _Store:
    """An association that objects are sent over."""

    def __init__(self, association: Association):
        self._association = association

    def send(self, path: Path, item: Stored) -> None:
        """Send one object."""
        if not self._association.is_established:
            raise Lost("the association was ended")
        try:
            status = self._association.send_c_store(dcmread(path))
        except ValueError as error:  # no context for its kind was accepted
            raise Refused("its kind is not accepted") from error
        except RuntimeError as error:
            raise Lost("the association was ended") from error
        code = status.get("Status") if status else None
        if code is None:
            raise Lost("no answer, or the association was aborted")
        if code != _SUCCESS and code not in _WARNINGS:
            reason = status.get("ErrorComment") or _REASONS.get(code & 0xFF00, "")
            raise Refused(f"status 0x{code:04X}" + (f", {reason}" if reason else ""))


def parse_entity(text: str) -> tuple[str, str, int]:
    """Read ``TITLE@host:port``.

    Raises
    ------
    InputError
        It is something else.
    """
    title, at, address = text.partition("@")
    host, colon, port = address.rpartition(":")
    usable = 0 < len(title.strip()) <= 16 and title.isascii() and title.isprintable() and "\\" not in title
    if not (at and colon and host and usable and port.isdecimal() and 0 < int(port) < 65536):
        raise InputError(
            "option-format",
            "--send cannot be read.",
            expected="AE title, host and port, for example ORTHANC@pacs.example.org:4242",
            found=text,
            advice="Put an @ after the title, which has 16 characters at most, and a colon before the port.",
        )
    return title.strip(), host.strip("[]"), int(port)


def _why_none(association: Association) -> str:
    if association.is_rejected:
        return "it refused the association (are both AE titles known to it?)"
    if association.is_aborted:
        return "it could not be reached, or ended the connection"
    return "no association could be made"
