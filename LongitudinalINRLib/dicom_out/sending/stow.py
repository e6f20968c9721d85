"""STOW-RS: objects to a DICOMweb server over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from dicomweb_client import DICOMwebClient
from pydicom import dcmread
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth

from LongitudinalINRLib.dicom_out.output import Stored
from LongitudinalINRLib.dicom_out.sending.credentials import Credentials
from LongitudinalINRLib.dicom_out.sending.send import Lost, Refused
from LongitudinalINRLib.dicom_out.sending.tls import Tls
from LongitudinalINRLib.errors import InputError

_OF_THE_REQUEST = (400, 409, 413, 415, 422)
"""Answers that are about one object; any other failure would meet the next one too."""


@dataclass(frozen=True)
class StowDestination:
    """A DICOMweb server.

    Parameters
    ----------
    url : str
        Of its services, for example ``https://pacs.example.org/dicom-web``.
    timeout_seconds : float
        For every answer.
    credentials : Credentials, optional
        Who we are.
    tls : Tls
        How the connection is secured, for ``https``.

    Raises
    ------
    InputError
        The URL is none, holds a password, or a password would go over the network in the open.
    """

    url: str
    timeout_seconds: float
    credentials: Credentials | None = None
    tls: Tls = field(default_factory=Tls)
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.url.rstrip("/"))
        _check_url(self.url, self.credentials is not None)

    @contextmanager
    def connected(self, items: list[Stored]) -> Iterator[_Stow]:
        """Open a session."""
        with requests.Session() as session:
            adapter = _Adapter(self.timeout_seconds, self.tls)
            session.mount("https://", adapter)
            session.mount("http://", adapter)
            if self.credentials is not None and self.credentials.token:
                session.headers["Authorization"] = f"Bearer {self.credentials.token}"
            elif self.credentials is not None:
                session.auth = HTTPBasicAuth(
                    self.credentials.user.encode("utf-8"), self.credentials.password.encode("utf-8")
                )
            client = DICOMwebClient(self.name, session=session)
            client.set_http_retry_params(retry=False)  # the log says what is missing: the next run sends it
            yield _Stow(client)


class _Adapter(HTTPAdapter):  # type: ignore[misc]
    """Waits only so long, and knows the certificates."""

    def __init__(self, timeout_seconds: float, tls: Tls):
        self._timeout_seconds, self._context = timeout_seconds, tls.context()
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **settings: Any) -> None:
        super().init_poolmanager(*arguments, ssl_context=self._context, **settings)

    def send(self, request: requests.PreparedRequest, **settings: Any) -> requests.Response:
        settings["timeout"] = self._timeout_seconds
        return super().send(request, **settings)


class _Stow:
    """A session that objects are sent over."""

    def __init__(self, client: DICOMwebClient):
        self._client = client

    def send(self, path: Path, item: Stored) -> None:
        """Send one object."""
        try:
            answer = self._client.store_instances([dcmread(path)])
        except requests.HTTPError as error:
            code = error.response.status_code if error.response is not None else 0
            if code in _OF_THE_REQUEST:
                raise Refused(f"HTTP {code}") from error
            raise Lost(_of_http(code)) from error
        except requests.exceptions.SSLError as error:
            raise Lost("its certificate was not accepted, or it did not accept ours") from error
        except requests.RequestException as error:
            timed_out = isinstance(error, requests.Timeout)
            raise Lost("no answer in time" if timed_out else "it could not be reached") from error
        failed = answer.get("FailedSOPSequence")
        if failed:
            raise Refused(f"failure 0x{failed[0].get('FailureReason', 0):04X}")


def _of_http(code: int) -> str:
    known = {
        401: " (who is asking? see docs/dicom.md for credentials)",
        403: " (not allowed)",
        404: " (no such service)",
    }
    return f"HTTP {code}{known.get(code, '')}"


def _check_url(url: str, with_credentials: bool) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment:
        raise _refused(
            "an address such as https://pacs.example.org/dicom-web", "something else", "Correct --stow."
        )
    if parts.username is not None or parts.password is not None:
        raise _refused(
            "an address without user and password, which others could read",
            "credentials on the command line",
            "Put them into the environment or a file: see docs/dicom.md.",
        )
    if with_credentials and parts.scheme == "http" and not _is_here(str(parts.hostname)):
        raise _refused(
            "https where credentials are sent",
            "http to another machine, where everybody on the way can read them",
            "Use the https address of the server.",
        )


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _refused(expected: str, found: str, advice: str) -> InputError:
    return InputError(
        "option-format", "--stow cannot be used.", expected=expected, found=found, advice=advice
    )
