"""The maps of groups, from everybody's fit: `build_maps`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.cohort.extra import require
from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.maps.change import MONTHS_BEYOND
from LongitudinalINRLib.cohort.maps.choice import Member, chosen, months_of
from LongitudinalINRLib.cohort.maps.collect import Tell, collect
from LongitudinalINRLib.cohort.maps.compare import compare
from LongitudinalINRLib.cohort.maps.files import MODULATION, Kind, MapFile, MapFolder, MapsNote
from LongitudinalINRLib.cohort.maps.means import LEAST_SHARE, Mean, mean_of
from LongitudinalINRLib.cohort.maps.options import MapOptions
from LongitudinalINRLib.cohort.maps.person import LEAST_COVERED_SHARE
from LongitudinalINRLib.cohort.maps.space import SPACE, TemplateSpace, template_space
from LongitudinalINRLib.cohort.maps.store import ChangeStore
from LongitudinalINRLib.errors import InputError

USUAL = MapOptions()
_SHARE_OF_COLLECTING = 0.6


def build_maps(
    cohort: CohortFolder,
    people: Any,
    options: MapOptions = USUAL,
    tell: Tell = lambda share, text: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> MapsNote:
    """Make the maps of groups in ``OUT/group/maps``; killed, the same call goes on where it was.

    Parameters
    ----------
    cohort : CohortFolder
        With people who were fitted and carried to the template.
    people : DataFrame
        ``participant_id`` and ``group``, and ``age_years`` and ``sex`` (F, M) where they are known.
    options : MapOptions
        Months, comparisons, permutations.
    tell : callable
        Takes the share that is done, and what is being done.
    should_stop : callable
        Asked at every chunk of points.

    Returns
    -------
    MapsNote
        The maps, who is not in them and why, and sentences for a methods text.

    Raises
    ------
    InputError
        Nobody can be in the maps, or a package is missing.
    Cancelled
        When `should_stop` said so.
    """
    require(("nilearn", "zarr", "pandas"))
    members, left_out = chosen(cohort, people)
    _refuse_empty(members, left_out)
    space = template_space(options.voxel_mm)
    months = months_of(options, members)
    stored = months if len(members) <= options.most_with_months else ()
    folder = MapFolder(cohort.group / "maps", {member.group for member in members})
    about = {"space": SPACE, "voxel_mm": options.voxel_mm}
    folder.begin()
    store = ChangeStore(folder.path, len(space.voxels), stored, about)
    members, failed = collect(
        cohort,
        members,
        store,
        space,
        options.jobs,
        lambda share, text: tell(_SHARE_OF_COLLECTING * share, text),
        should_stop,
    )
    _refuse_empty(members, [*left_out, *failed])
    tell(_SHARE_OF_COLLECTING, "averaging groups")
    everybody = mean_of(store, [member.participant for member in members], None)
    analysed = everybody.count >= LEAST_SHARE * len(members)
    folder.write(MapFile(path="", kind="mask"), space, analysed, "1", LeastShareOfPeople=LEAST_SHARE)
    _write_means(folder, space, store, members, months)
    compared = compare(folder, space, store, members, analysed, everybody, options, tell)
    tell(1.0, "done")
    groups = Counter(member.group for member in members)
    return folder.finish(
        MapsNote(
            space=SPACE,
            voxel_mm=options.voxel_mm,
            months=months,
            months_of_models=stored,
            groups={group: groups[group] for group in sorted(groups)},
            left_out=dict([*left_out, *failed]),
            free=compared.free,
            untested=compared.untested,
            notes=_notes(options, compared.methods, bool(stored)),
            files=(),
        )
    )


def _write_means(
    folder: MapFolder,
    space: TemplateSpace,
    store: ChangeStore,
    members: Sequence[Member],
    months: Sequence[float],
) -> None:
    groups = sorted({member.group for member in members})
    for group in groups:
        people = [member.participant for member in members if member.group == group]
        for month in (None, *months):
            mean = mean_of(store, people, month)
            kind: Kind = "yearly" if month is None else "change"
            units = "percent per year" if month is None else "percent"
            of = {"People": len(people), "Mean": "100 (exp(mean log|J|) - 1)", "From": _source(store, month)}
            folder.write(
                MapFile(path="", kind=kind, group=group, months=month), space, _shown(mean), units, **of
            )
            if month is not None:
                about = MapFile(path="", kind="count", group=group, months=month)
                folder.write(about, space, mean.count, "people")


def _shown(mean: Mean) -> NDArray[np.float32]:
    return np.where(mean.count > 0, mean.percent, np.float32(0.0))


def _source(store: ChangeStore, month: float | None) -> str:
    if month is None or month in store.months:
        return "each person's model" + ("" if month else ", at the last scan")
    return "the yearly change at the last scans, as if it were even"


def _notes(options: MapOptions, about_tests: Sequence[str], with_months: bool) -> tuple[str, ...]:
    return (
        f"Each baseline was registered to the ICBM 2009a nonlinear symmetric template ({SPACE}) on voxels of "
        f"{options.voxel_mm:g} mm. {MODULATION}",
        f"People with data in less than {100 * LEAST_COVERED_SHARE:g} % of the template's brain, or whose "
        "brain does not overlap with it or look like it, are left out. Voxels at which "
        f"{100 * LEAST_SHARE:g} % of people have data are analysed; who has none there counts with "
        "the mean of everybody.",
        *about_tests,
        "The mean maps show the geometric mean of |J|, "
        + (
            f"each person up to {MONTHS_BEYOND:g} month beyond the last scan."
            if with_months
            else "from the yearly change at the last scans."
        ),
    )


def _refuse_empty(members: Sequence[Member], left_out: Sequence[tuple[str, str]]) -> None:
    if members:
        return
    reasons = Counter(reason for _, reason in left_out).most_common(3)
    raise InputError(
        "nobody-in-maps",
        "Nobody can be in the maps of the groups.",
        expected="people with a group, a finished fit, and a registration to the template",
        found=", ".join(f"{reason} ({count})" for reason, count in reasons) or "nobody at all",
        advice="Give groups in participants.tsv, and run the participant level with its template step.",
    )
