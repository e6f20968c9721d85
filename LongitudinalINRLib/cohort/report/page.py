"""The page of the groups as one HTML file that asks nothing of a network."""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from LongitudinalINRLib.analysis import wording
from LongitudinalINRLib.cohort.report.answer import TISSUE, WHOLE, answer_of, chance_text, mean_of
from LongitudinalINRLib.cohort.report.content import Contrast, GroupContent, SampleSize
from LongitudinalINRLib.cohort.report.forest_figure import forest_figure
from LongitudinalINRLib.cohort.report.quality_figure import (
    MOST_LINKED,
    measures_of,
    outliers_of,
    quality_figure,
)
from LongitudinalINRLib.cohort.report.svg import colour_of
from LongitudinalINRLib.cohort.report.trajectory_figure import trajectory_figure
from LongitudinalINRLib.files import Place, writing

SHOWN_FIRST = 8
"""Regions whose courses, and sample sizes that, are not folded away."""

MOST_LISTED = 300
"""People who were not counted, or stand apart, by name: the table of people has all of them."""


def write_group_page(content: GroupContent, path: Path, place: Place = writing) -> None:
    """Draw the figures and write the page, whole or not at all.

    Parameters
    ----------
    content : GroupContent
        Everything that the page shows. Names may hold any text: all of it is escaped.
    path : Path
        Where ``group.html`` goes; pages of people are linked relative to its folder.
    place : callable
        Gives the temporary path that takes the place of ``path`` (see `files.writing`).
    """
    with place(path) as part:
        part.write_bytes(render(content).encode("utf-8"))


def render(content: GroupContent) -> str:
    """Return the page as HTML."""
    environment = _environment()
    regions = ordered_regions(content)
    first, others = regions[:SHOWN_FIRST], regions[SHOWN_FIRST:]
    plotted = [person for person in content.people if person.quality]
    outliers = outliers_of(plotted)
    style = "\n".join(environment.get_template(name).render() for name in ("report.css", "group.css"))
    script = environment.get_template("group.js").render()
    return environment.get_template("group.html").render(
        style=Markup(style),
        script=Markup(script),
        content=content,
        answer=answer_of(content),
        colours={group: colour_of(group, content.groups) for group in content.groups},
        courses=Markup(trajectory_figure(content, first)) if first else None,
        more_courses=Markup(trajectory_figure(content, others)) if others else None,
        forest=Markup(forest_figure(content, regions)) if regions else None,
        table=contrast_table(content, regions),
        pairs=pairs_of(content),
        sized=any(each.effect_size is not None for each in content.contrasts),
        sizes=ordered_sizes(content),
        slower=f"{100 * content.trial.slowing:g}",
        shown_sizes=SHOWN_FIRST,
        quality=Markup(quality_figure(plotted)) if measures_of(plotted) else None,
        outliers=outliers[:MOST_LISTED],
        more_outliers=len(outliers[MOST_LISTED:]),
        left_out=content.left_out[:MOST_LISTED],
        more_left_out=len(content.left_out[MOST_LISTED:]),
        linked=len(plotted) <= MOST_LINKED,
        everybody=content.people if len(content.people) <= MOST_LINKED else (),
    )


def ordered_regions(content: GroupContent) -> list[str]:
    """Return the regions with a mean: brain and tissue, then the clearest difference, the doubtful last."""
    regions = list(dict.fromkeys(mean.region for mean in content.means))
    clearness = dict.fromkeys(regions, 0.0)
    for each in content.contrasts:
        clearness[each.region] = max(clearness.get(each.region, 0.0), each.clearness)
    return sorted(
        regions,
        key=lambda region: (region not in (WHOLE, TISSUE), region in content.doubtful, -clearness[region]),
    )


def pairs_of(content: GroupContent) -> list[tuple[str, str]]:
    """Return the pairs of groups that are compared."""
    return list(dict.fromkeys((each.group, each.reference) for each in content.contrasts))


def ordered_sizes(content: GroupContent) -> list[SampleSize]:
    """Return the sample sizes, the smallest beyond normal ageing first; those of doubtful regions last."""
    unknown = (math.inf, None, None)
    return sorted(
        content.sample_sizes,
        key=lambda size: (
            size.region in content.doubtful,
            (size.beyond_ageing or unknown)[0],
            (size.total or unknown)[0],
        ),
    )


@dataclass(frozen=True)
class TableLine:
    """A region of the table: the mean of each group, and the contrast of each pair."""

    region: str
    means: Sequence[tuple[float, float, float] | None]
    contrasts: Sequence[Contrast | None]


def contrast_table(content: GroupContent, regions: Sequence[str]) -> list[TableLine]:
    """Return the lines of the table of means and contrasts."""
    lines = []
    for region in regions:
        means = [mean_of(content, region, group) for group in content.groups]
        contrasts = [
            next(
                (
                    each
                    for each in content.contrasts
                    if (each.region, each.group, each.reference) == (region, *pair)
                ),
                None,
            )
            for pair in pairs_of(content)
        ]
        numbers = [None if each is None else (each.percent_per_year, each.low, each.high) for each in means]
        lines.append(TableLine(region, numbers, contrasts))
    return lines


def _environment() -> Environment:
    loaders = [
        PackageLoader("LongitudinalINRLib.cohort.report"),
        PackageLoader("LongitudinalINRLib.analysis"),
    ]
    environment = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "signed": wording.signed,
        "chance": chance_text,
        "people": lambda count: wording.grouped(math.ceil(count)),
        "unbroken": wording.unbroken,
        "base64": lambda content: base64.b64encode(content).decode("ascii"),
        "hashed": lambda code: Markup(
            f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode('ascii')}'"
        ),
        "kind": lambda content: "png" if content.startswith(b"\x89PNG") else "jpeg",
    }
    return environment
