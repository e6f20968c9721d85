"""Colours of regions, kept by label; results of earlier versions kept them by name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from LongitudinalINRLib.errors import InputError
from LongitudinalINRModule.mrml.colour import Colour
from LongitudinalINRModule.result.regions import Region


def colours_to_json(colours: Mapping[int, Colour]) -> list[dict[str, Any]]:
    """Return colours by label as what JSON can hold."""
    return [{"label": int(label), "colour": list(colour)} for label, colour in colours.items()]


def colours_from_json(stored: Any, regions: Sequence[Region]) -> dict[int, Colour]:
    """Read colours by label.

    Parameters
    ----------
    stored : Any
        A list as `colours_to_json` makes it, or, of an earlier version, colours by name, which every region
        of that name gets. Nothing where it is None.
    regions : sequence of Region
        Have the names.

    Raises
    ------
    InputError
        It is neither.
    """
    if stored is None:
        return {}
    try:
        if isinstance(stored, dict):
            named = {name: _colour(value) for name, value in stored.items()}
            return {region.label: named[region.name] for region in regions if region.name in named}
        return {_label(entry["label"]): _colour(entry["colour"]) for entry in stored}
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            "colours-damaged",
            "The colours of the regions cannot be read.",
            expected="red, green and blue from 0 to 1 for each label",
            found=ascii(error)[:200],
            advice="Open the job's own folder again; without its panel.json other colours are chosen.",
        ) from error


def colours_from_attribute(text: str | None, regions: Sequence[Region]) -> dict[int, Colour]:
    """Read colours that a node of the scene carries.

    Raises
    ------
    InputError
        The attribute is damaged.
    """
    try:
        stored = json.loads(text) if text else None
    except (ValueError, RecursionError):
        stored = text  # which is none of what can be read
    return colours_from_json(stored, regions)


def _label(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(f"the label {value!r}")
    return value


def _colour(value: Any) -> Colour:
    if not isinstance(value, list) or len(value) != 3:
        raise TypeError(f"the colour {value!r}")
    if not all(type(part) in (int, float) and 0 <= part <= 1 for part in value):
        raise ValueError(f"the colour {value!r}")
    return (float(value[0]), float(value[1]), float(value[2]))
