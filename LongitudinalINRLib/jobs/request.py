"""What a front asks of the engine. Importing this needs the standard library alone."""

from __future__ import annotations

import dataclasses
import functools
import json
import sys
import types
import typing
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from LongitudinalINRLib.core.config import FitConfig, with_former_settings_explained
from LongitudinalINRLib.json_text import parse_json, shown
from LongitudinalINRLib.words import MapName, Sex

SCHEMA_VERSION = 1

Align = Literal["rigid", "rigid-scaled", "affine", "none"]
Device = Literal["auto", "cpu", "cuda", "mps"]
Scanner = Literal["auto", "same", "unknown"]
MonthsFrom = Literal["given", "headers"]
Regions = Literal["none", "atlas", "synthseg", "fastsurfer"]


@dataclass(frozen=True)
class ScanEntry:
    """A follow-up scan, or its labels.

    Parameters
    ----------
    path : str
        Where it lies; see `Request.baseline`.
    months : float
        How long after the baseline it was made.
    months_from : str
        Whether a person gave the months, or the dates of the DICOM headers did.
    date : str, optional
        The day in its header, as YYYY-MM-DD, where it is known and kept.
    """

    path: str
    months: float
    months_from: MonthsFrom = "given"
    date: str | None = None


@dataclass(frozen=True)
class NormsEntry:
    """Norms of healthy people, and who is to be compared with them.

    Parameters
    ----------
    path : str
        A file that `norms build` wrote.
    age_years : float
        At the baseline.
    sex : str
        As the people of the norms were recorded.
    """

    path: str
    age_years: float
    sex: Sex


@dataclass(frozen=True)
class Outputs:
    """What a job writes besides the model, `regions.csv` and `trajectories.csv`.

    Parameters
    ----------
    maps_at_months : tuple of float, optional
        Months to write maps at; the baseline and the follow-ups by default.
    maps : tuple of str
        Which maps; `aligned` and `warped` exist at the months of follow-ups only.
    report : bool
        Whether to write `report.html`.
    allow_far : bool
        Whether months may lie farther beyond the last scan than the scans span; see `horizon`.
    """

    maps_at_months: tuple[float, ...] | None = None
    maps: tuple[MapName, ...] = ("jacobian", "rate")
    report: bool = True
    allow_far: bool = False


@dataclass(frozen=True)
class Request:
    """One person's scans and what to make of them.

    Parameters
    ----------
    baseline : str
        Path of the earliest scan. Every path is absolute or relative to the job folder; files in the job
        folder's `inputs` are copies and are deleted when the job is done. It leads to a file, to a folder
        with one DICOM series, or to one of the series in a folder: `FOLDER#SeriesInstanceUID`.
    follow_ups : tuple of ScanEntry
        Later scans.
    mask, labels : str, optional
        Brain mask and segmentation in the space of the baseline.
    regions : str
        Where regions come from if there are no labels: carried over from an atlas, by a program of this
        computer, or `none`, the whole mask alone.
    follow_up_labels : tuple of ScanEntry
        Segmentations of follow-ups, to measure overlap.
    exclude : str, optional
        Mask or segmentation in the space of the baseline: where scans are not compared, such as in a lesion
        that appears or a cavity after surgery.
    region_names : dict of int to str, optional
        Names of the labels, none if empty; by default FreeSurfer's where the labels are numbered so.
    norms : NormsEntry, optional
        Gives the regions centiles among healthy people.
    config : FitConfig
        How to fit.
    align : str
        How each follow-up is aligned to the baseline before the fit.
    bias_correction : bool
        Whether to correct the scans' intensity drift with N4.
    scanner : str
        Whether all scans are of one scanner, which narrows the intervals; `auto` asks the scans' headers.
    device : str
        Where to compute; `auto` takes CUDA where it is found.
    background : bool
        Run at low priority and leave one processor core free.
    outputs : Outputs
        What to write.
    baseline_date : str, optional
        The day in the baseline's header, as for a follow-up.
    same_person : bool
        Whether scans are one person's even where their DICOM headers name different people.
    notes : tuple of str
        What a front found out about the scans and the account of the fit should tell; they name nobody.
    schema_version : int
        Version of this format.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {
        "extra": "forbid",
        "allow_inf_nan": False,
        "strict": True,
    }

    baseline: str
    follow_ups: tuple[ScanEntry, ...]
    mask: str | None = None
    labels: str | None = None
    regions: Regions = "none"
    follow_up_labels: tuple[ScanEntry, ...] = ()
    exclude: str | None = None
    region_names: dict[int, str] | None = None
    norms: NormsEntry | None = None
    config: FitConfig = field(default_factory=FitConfig)
    align: Align = "rigid"
    bias_correction: bool = False
    scanner: Scanner = "auto"
    device: Device = "auto"
    background: bool = False
    outputs: Outputs = field(default_factory=Outputs)
    baseline_date: str | None = None
    same_person: bool = False
    notes: tuple[str, ...] = ()
    schema_version: int = SCHEMA_VERSION

    @property
    def months(self) -> tuple[float, ...]:
        """Months with a scan, the baseline's 0 first."""
        return (0.0, *sorted(scan.months for scan in self.follow_ups))

    @property
    def regions_from(self) -> str:
        """How the regions are found: ``given`` labels, or what `regions` names."""
        return "given" if self.labels is not None else self.regions

    @property
    def map_months(self) -> tuple[float, ...]:
        """Months that maps and regions are asked for, ascending."""
        asked = self.outputs.maps_at_months
        return self.months if asked is None else tuple(sorted(set(asked)))

    def to_json(self) -> str:
        """Return the request as JSON."""
        return json.dumps(dataclasses.asdict(self), indent=2)

    @classmethod
    def from_json(cls, text: str) -> Request:
        """Read JSON made by `to_json`. Its types are checked; `validation.read_request` does the rest.

        Raises
        ------
        ValueError, TypeError
            It is not the JSON of a request.
        """
        request: Request = _built(cls, without_former_settings(parse_json(text)))
        return request


def without_former_settings(content: Any) -> Any:
    """Return the JSON values of a request, those that an older version wrote as this one would."""
    if not isinstance(content, dict):
        return content
    explained = dict(content)
    if isinstance(content.get("config"), dict):
        explained["config"] = with_former_settings_explained(content["config"])
    if isinstance(content.get("outputs"), dict):  # every front writes it; nobody was asked these then
        explained["outputs"] = {"allow_far": True, **content["outputs"]}
        explained.setdefault("same_person", True)
    return explained


def _built(wanted: Any, value: Any) -> Any:
    """Turn plain JSON values into the dataclasses, tuples and dictionaries of a type hint."""
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (types.UnionType, typing.Union):
        kind = next(kind for kind in arguments if kind is not type(None))
        return None if value is None else _built(kind, value)
    if dataclasses.is_dataclass(wanted):
        kind = typing.cast(Any, wanted)
        hints = _hints(kind)
        return kind(**{name: _built(hints.get(name), item) for name, item in _of(dict, value).items()})
    if origin is tuple:
        return tuple(_built(arguments[0], item) for item in _of(list, value))
    if origin is dict:
        return {arguments[0](key): _built(arguments[1], item) for key, item in _of(dict, value).items()}
    if origin is Literal:
        if value not in arguments:
            raise ValueError(f"expected one of {arguments}, found {shown(value)}")
        return value
    return _of(wanted, value)


@functools.cache
def _hints(kind: Any) -> dict[str, Any]:
    """Return the types of a dataclass's fields: to find them takes longer than all else, for many people."""
    return typing.get_type_hints(kind)


def _of(kind: Any, value: Any) -> Any:
    """Return a value that must be of a plain type; that of an unknown field, which has none, as it is."""
    if kind is float and type(value) is int:
        if abs(value) > sys.float_info.max:
            raise ValueError(f"expected a number, found {shown(value)}, which is too large")
        return float(value)
    if kind is not None and type(value) is not kind:
        raise TypeError(f"expected {kind.__name__}, found {shown(value)}")
    return value
