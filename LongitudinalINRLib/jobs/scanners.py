"""Whether a job's scans are of one scanner: as the request says, else as their headers do."""

from __future__ import annotations

from LongitudinalINRLib.analysis.error_model import (
    MEASURED_SCALE,
    SAME_SCANNER,
    UNKNOWN_SCANNER,
    ScannerError,
)
from LongitudinalINRLib.imaging.scanner import ScannerFinding, same_scanner, scanner_of
from LongitudinalINRLib.jobs.documents.account import Account
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.identity import scan_files
from LongitudinalINRLib.jobs.request import Request

_SAID = "the request says so"
_NOT_LOOKED = ScannerFinding(False, "the version that made this fit did not look")


def found_in_headers(request: Request, folder: JobFolder) -> ScannerFinding:
    """Ask the headers of a job's scans."""
    paths = scan_files(request)
    return same_scanner({name: scanner_of(folder.resolve(path)) for name, path in paths.items()})


def decided(request: Request, account: Account) -> ScannerFinding:
    """Return what is taken to be known: what the request says goes before what the headers said."""
    if request.scanner != "auto":
        return ScannerFinding(request.scanner == "same", _SAID)
    in_headers = account.scanner
    return ScannerFinding(in_headers.same, in_headers.reason) if in_headers else _NOT_LOOKED


def scanner_error(finding: ScannerFinding, account: Account) -> ScannerError:
    """Return what the scanners add to the errors of a fit."""
    if finding.same:
        return SAME_SCANNER
    measured = all(alignment.scale is not None for alignment in account.alignments)
    return MEASURED_SCALE if measured else UNKNOWN_SCANNER
