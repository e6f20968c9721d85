"""What kind of picture a DICOM series is, as far as its header says. Needs the standard library alone."""

from __future__ import annotations

import re

from LongitudinalINRLib.imaging.dicom import tags
from LongitudinalINRLib.imaging.dicom.elements import Elements

T1_3D = "3D T1-weighted"
UNKNOWN = "of unknown contrast"
LARGEST_3D_GAP_MM = 2.0

_SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
_MADE_FROM_OTHERS = ("MPR", "PROJECTION IMAGE", "MIP", "MINIP", "REFORMATTED", "RESAMPLED", "SUBTRACTION")
_T1 = re.compile(r"\bs?t1|\bmp ?2?rage|\bme ?mp ?rage|spgr|\bbravo\b|\btfl ?3d|\bt1w")
_OTHERS = {
    "diffusion": r"\bdwi|\bdti|\badc\b|diff|trace|\btensor",
    "functional or perfusion": r"\bbold|fmri|\basl\b|perf|\bep2d|\bepi\b|resting",
    "susceptibility": r"\bswi|\bswan|\bqsm\b|\bhemo|t2 ?star|\bt2\*",
    "angiography": r"\btof\b|angio|\bmra\b|\bmrv\b|\bpca\b|venc|flow",
    "FLAIR": r"flair|dark ?fluid|\btirm",
    "T2-weighted": r"\bt2|\bspace t2|\bcube t2|\bciss\b|\bfiesta|\bstir\b",
    "PD-weighted": r"\bpd\b|proton",
    "field map": r"field ?map|\bb0 ?map|\bb1|\bgre field",
    "spectroscopy": r"\bmrs\b|\bsvs\b|spectro",
}
_MAPS = re.compile(r"\bmap\b|\bt1 images\b|\bmip\b|subtract|\binv ?[12]\b")
_LOCALISER = re.compile(r"local|scout|survey|pilot|3 ?plane|plan scan")
_CONTRASTS = {
    "T1": "T1-weighted",
    "T2": "T2-weighted",
    "T2_STAR": "susceptibility",
    "PROTON_DENSITY": "PD-weighted",
    "FLUID_ATTENUATED": "FLAIR",
    "DIFFUSION": "diffusion",
    "PERFUSION": "functional or perfusion",
}
"""Acquisition Contrast of enhanced files (DICOM PS3.3, section C.8.13.3.1)."""

_LONGEST_T1_ECHO_MS = 10.0
_T1_INVERSION_MS = (400.0, 1500.0)
_SMALLEST_T1_FLIP_DEGREES = 8.0
"""Of a gradient echo without preparation; smaller angles weigh proton density."""


def kind_of(elements: Elements, gap_mm: float | None) -> str:
    """Return what kind of series the header of one of its images tells of.

    Parameters
    ----------
    elements : Elements
        Of one image.
    gap_mm : float, optional
        Between slices; None where they are no volume.

    Returns
    -------
    str
        What begins with `T1_3D` may be a scan that this program is for; anything else is named for people.
    """
    types = elements.text(tags.IMAGE_TYPE).upper().split("\\")
    texts = [_plain(elements.words(tag)) for tag in (tags.SERIES_DESCRIPTION, tags.PROTOCOL_NAME)]
    modality = elements.text(tags.MODALITY)
    if "LOCALIZER" in types or _LOCALISER.search(texts[0]):
        return "localiser"
    if elements.text(tags.SOP_CLASS).startswith(_SECONDARY_CAPTURE):
        return "picture of a screen"
    if modality not in ("", "MR"):
        return modality
    if "DERIVED" in types or any(kind in types for kind in _MADE_FROM_OTHERS) or _MAPS.search(texts[0]):
        return "derived"
    contrast = _contrast(elements, texts)
    if contrast != "T1-weighted":
        return contrast
    volume = "3D" if _is_3d(elements, gap_mm) else "2D"
    agent = elements.text(tags.CONTRAST_AGENT).upper() not in ("", "NO", "NONE")
    return f"{volume} {contrast}" + (", after contrast agent" if agent else "")


def _contrast(elements: Elements, texts: list[str]) -> str:
    """Return the contrast by the description, else the protocol, the sequence, its settings."""
    stated = _CONTRASTS.get(elements.text(tags.ACQUISITION_CONTRAST).upper())
    for text in [*texts, _plain(elements.words(tags.SEQUENCE_NAME))]:
        if _T1.search(text):
            return "T1-weighted"
        for name, words in _OTHERS.items():
            if re.search(words, text):
                return name
    if stated:
        return stated
    return "T1-weighted" if _has_t1_settings(elements) else UNKNOWN


def _has_t1_settings(elements: Elements) -> bool:
    """Tell a gradient echo that is short enough, and inverted or tilted enough, to weigh T1."""
    echo_ms = elements.decimals(tags.ECHO_TIME)
    if "GR" not in elements.text(tags.SCANNING_SEQUENCE).upper().split("\\") or not echo_ms:
        return False
    inversion_ms, degrees = elements.decimals(tags.INVERSION_TIME), elements.decimals(tags.FLIP_ANGLE)
    shortest, longest = _T1_INVERSION_MS
    inverted = bool(inversion_ms) and shortest <= inversion_ms[0] <= longest
    tilted = bool(degrees) and degrees[0] >= _SMALLEST_T1_FLIP_DEGREES
    return echo_ms[0] <= _LONGEST_T1_ECHO_MS and (inverted or tilted)


def _is_3d(elements: Elements, gap_mm: float | None) -> bool:
    stated = elements.text(tags.ACQUISITION_TYPE).upper()
    return stated == "3D" or (stated != "2D" and gap_mm is not None and gap_mm <= LARGEST_3D_GAP_MM)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9+*]+", " ", text.lower()).strip()
