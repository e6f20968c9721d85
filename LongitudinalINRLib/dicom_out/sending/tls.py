"""How a connection is secured: who the server must be, and who we are."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

from LongitudinalINRLib.errors import InputError


@dataclass(frozen=True)
class Tls:
    """Certificates.

    Parameters
    ----------
    authority : Path, optional
        Certificates that the server's is checked against; those of the system by default.
    certificate, key : Path, optional
        Ours, for a server that asks who is there, and its key, taken from the same file if not given.
    """

    authority: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    def context(self) -> ssl.SSLContext:
        """Return the settings of a client that checks the server's certificate and name.

        Raises
        ------
        InputError
            A certificate or key cannot be read.
        """
        try:
            context = ssl.create_default_context(cafile=self.authority)
            if self.certificate is not None:
                context.load_cert_chain(self.certificate, self.key, password=_no_password)
        except (OSError, ValueError) as error:
            raise InputError(
                "tls-files",
                "The certificates for the connection cannot be used.",
                expected="PEM files: --ca, and --cert with its --key, not protected by a password",
                found=getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error),
                advice="Check the files and the rights to read them.",
            ) from error
        return context


def _no_password() -> str:
    raise ValueError("the key is protected by a password")
