"""How a fit came about: `fit.json`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, TypeAdapter, model_validator

from LongitudinalINRLib.core.config import Weights
from LongitudinalINRLib.jobs.documents.alignment import ScanAlignment, ScanName
from LongitudinalINRLib.jobs.documents.settings import Settings, with_older_settings
from LongitudinalINRLib.jobs.request import MonthsFrom
from LongitudinalINRLib.json_model import Document, LaterMonths, Months, Seconds, Sha256, read_document

LARGEST_ACCOUNT_BYTES = 16_000_000
LONGEST_REASON = 20_000

Day = Annotated[str, StringConstraints(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Share = Annotated[float, Field(ge=0, le=1)]
Unexplained = Annotated[float, Field(ge=0)]


class FreeDocument(Document):
    """A part that a later version may say more in; what is not known is left out."""

    model_config = ConfigDict(extra="ignore")


class AccountedScan(FreeDocument):
    """A scan that was fitted; older versions did not say where its months are from, nor its date."""

    name: ScanName
    months: Months
    months_from: MonthsFrom = "given"
    date: Day | None = None
    sha256: Sha256


class ScanQualityDocument(FreeDocument):
    """See `analysis.quality.ScanQuality`."""

    months: LaterMonths
    unexplained_share: Unexplained
    implausible_share: Share
    best_month: Months
    share_at_best_month: Unexplained


class AppearanceDocument(FreeDocument):
    """See `analysis.appearance.Appearance`."""

    months: LaterMonths
    detail_ratio: Unexplained
    grain_ratio: Unexplained
    curved_share: Unexplained


class PaceDocument(FreeDocument):
    """See `analysis.pace.Pace`."""

    from_months: Months
    to_months: LaterMonths
    change: Unexplained


class QualityDocument(FreeDocument):
    """See `analysis.quality.SeriesQuality`; older files do not say how the scans look."""

    scans: tuple[ScanQualityDocument, ...]
    course: tuple[float, ...]
    seen_course: tuple[float, ...] = ()
    fastest: PaceDocument | None = None
    appearance: tuple[AppearanceDocument, ...] = ()


class HeadersDocument(FreeDocument):
    """What the headers said at the fit: `imaging.scanner.ScannerFinding`, `imaging.person.PersonFinding`."""

    same: bool
    reason: Annotated[str, StringConstraints(max_length=LONGEST_REASON)]


def _losses(row: dict[str, float]) -> dict[str, float]:
    if not {"step", "similarity", "total"} <= row.keys():
        raise ValueError("the step with its similarity and its total")
    return row


def _with_fit(seconds: dict[str, float]) -> dict[str, float]:
    if "fit" not in seconds:
        raise ValueError("the seconds of the fit")
    return seconds


Losses = Annotated[dict[str, float], AfterValidator(_losses)]
StageSeconds = Annotated[dict[str, Seconds], AfterValidator(_with_fit)]


class Account(FreeDocument):
    """The content of `fit.json`.

    Parameters
    ----------
    key : str
        What decided the fit (`Job.fit_key`).
    loss_weights : Weights, optional
        What the means of the loss were multiplied by; versions before 0.1 did not say.
    quality : QualityDocument, optional
        How well the scans go together; versions before 0.1 did not say.
    scanner, person : HeadersDocument, optional
        Whether the scans' headers name one scanner, and one person; older versions did not look.
    excluded_ml : float
        Volume of the brain in which the scans were not compared.
    """

    key: Sha256
    versions: dict[str, str]
    scans: Annotated[tuple[AccountedScan, ...], Field(min_length=2)]
    mask: Literal["given", "labels", "estimated"]
    excluded_ml: Unexplained = 0.0
    bias_correction: bool
    config: Settings
    loss_weights: Weights | None = None
    device: str
    seconds: StageSeconds
    alignments: tuple[ScanAlignment, ...]
    quality: QualityDocument | None = None
    scanner: HeadersDocument | None = None
    person: HeadersDocument | None = None
    warnings: tuple[str, ...] = ()
    history: Annotated[tuple[Losses, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _check_scans(self) -> Account:
        months = [scan.months for scan in self.scans]
        if months[0] != 0 or months != sorted(set(months)):
            raise ValueError("scans ascending in time, the first at month 0")
        if [scan.name for scan in self.scans] != [f"scan-{index}" for index in range(len(months))]:
            raise ValueError("scans called scan-0, scan-1 and so on")
        if [(entry.name, entry.months) for entry in self.alignments] != [
            (scan.name, scan.months) for scan in self.scans[1:]
        ]:
            raise ValueError("one alignment for each follow-up, in their order")
        return self


_ACCOUNT = TypeAdapter(Account)


def read_account(path: Path) -> Account:
    """Read `fit.json`.

    Raises
    ------
    InputError
        See `json_model.read_document`.
    """
    return read_document(path, _ACCOUNT, LARGEST_ACCOUNT_BYTES, with_older_settings)
