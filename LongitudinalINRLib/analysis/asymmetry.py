"""Left against right volumes of the structures that come in pairs."""

from __future__ import annotations

from collections.abc import Mapping

from LongitudinalINRLib.analysis.atlas import region_of, right_partner


def asymmetry_percent(volumes_ml: Mapping[int, float], names: Mapping[int, str]) -> dict[int, float]:
    """Return 100 (left - right) / mean of both, for every label whose partner has a volume too.

    Numbers alone tell no sides: only labels with FreeSurfer's names are partners.

    Parameters
    ----------
    volumes_ml : mapping of int to float
        Volume of each label at one month.
    names : mapping of int to str
        What each label is called.

    Returns
    -------
    dict of int to float
        The same index under the left and the right label; positive when the left side is larger.
    """
    index = {}
    for left, volume_ml in volumes_ml.items():
        right = right_partner(left)
        if right is None or right not in volumes_ml:
            continue
        if any(names[side] != region_of(side).name for side in (left, right)):
            continue
        if volume_ml + volumes_ml[right] <= 0:
            continue
        index[left] = index[right] = 200.0 * (volume_ml - volumes_ml[right]) / (volume_ml + volumes_ml[right])
    return index
