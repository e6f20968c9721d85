"""What `model.json` says of the weights beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, model_validator

from LongitudinalINRLib.jobs.documents.settings import Settings, with_older_settings
from LongitudinalINRLib.json_model import Document, LaterMonths, checked, read_document
from LongitudinalINRLib.words import MONTHS_PER_YEAR

LARGEST_DESCRIPTION_BYTES = 1_000_000

CentreMm = Annotated[float, Field(ge=-1e6, le=1e6)]
HalfExtentMm = Annotated[float, Field(ge=0.1, le=1e5)]


class DomainDocument(Document):
    """See `core.domain.Domain`."""

    centre_mm: tuple[CentreMm, CentreMm, CentreMm]
    half_extent_mm: HalfExtentMm


class TimeAxisDocument(Document):
    """See `core.time_axis.TimeAxis`."""

    follow_up_months: Annotated[tuple[LaterMonths, ...], Field(min_length=1)]
    unit_months: LaterMonths
    horizon_months: LaterMonths | None = None
    """Of an older version, whose fit depended on the months asked for."""

    @model_validator(mode="after")
    def _check_order(self) -> TimeAxisDocument:
        months = self.follow_up_months
        if list(months) != sorted(set(months)):
            raise ValueError("follow_up_months ascending, each once")
        return self


class ModelDescription(Document):
    """All of a fitted model but its weights."""

    config: Settings
    domain: DomainDocument
    time_axis: TimeAxisDocument
    version: str = ""

    @model_validator(mode="after")
    def _check_unit(self) -> ModelDescription:
        axis = self.time_axis
        in_years = self.config.time_unit == "years"
        unit = MONTHS_PER_YEAR if in_years else axis.follow_up_months[-1]
        if axis.unit_months != unit:
            raise ValueError(f"time_axis.unit_months {unit:g}, as the settings say")
        return self

    @property
    def metadata(self) -> dict[str, Any]:
        """What `FittedModel.from_parts` takes."""
        return self.model_dump(
            include={"config", "domain", "time_axis"}, exclude={"time_axis": {"horizon_months"}}
        )


_DESCRIPTION = TypeAdapter(ModelDescription)


def read_model_description(source: Path | str) -> ModelDescription:
    """Read `model.json`, or the same as text.

    Parameters
    ----------
    source : Path or str
        The file, or what it would hold.

    Raises
    ------
    InputError
        See `json_model.read_document`.
    """
    if isinstance(source, str):
        return checked("model.json", source, _DESCRIPTION, with_older_settings)
    return read_document(source, _DESCRIPTION, LARGEST_DESCRIPTION_BYTES, with_older_settings)
