"""Where regions came from that nobody gave: `labels.json`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter

from LongitudinalINRLib.json_model import Document, Seconds, Sha256, read_document

LARGEST_NOTE_BYTES = 1_000_000

Source = Literal["atlas", "synthseg", "fastsurfer"]


class OutlinesNote(Document):
    """The content of `labels.json`.

    Parameters
    ----------
    key : str
        What decided the regions (`stages.outlines`).
    source : str
        The way that was asked for.
    engine : str
        What made them.
    approximate : bool
        Whether they were carried over rather than drawn on this scan.
    used : bool
        Whether `labels.nii.gz` holds them; they did not fit otherwise, and there is none.
    mask_dice : float, optional
        Overlap of the atlas's brain, carried over, with the mask.
    likeness : float, optional
        Correlation of both brains after the registration.
    sources : tuple of str
        What the regions are made of, and under which licence.
    summary : str
        What a person must know about them, in a sentence.
    seconds : float
        How long it took.
    """

    model_config = ConfigDict(extra="ignore")

    key: Sha256
    source: Source
    engine: str
    approximate: bool
    used: bool
    mask_dice: Annotated[float, Field(ge=0, le=1)] | None = None
    likeness: Annotated[float, Field(ge=-1, le=1)] | None = None
    sources: tuple[str, ...] = ()
    summary: str
    seconds: Seconds


_NOTE = TypeAdapter(OutlinesNote)


def read_outlines(path: Path) -> OutlinesNote:
    """Read `labels.json`.

    Raises
    ------
    InputError
        See `json_model.read_document`.
    """
    return read_document(path, _NOTE, LARGEST_NOTE_BYTES)
