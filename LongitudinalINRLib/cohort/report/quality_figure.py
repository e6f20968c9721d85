"""The quality of everybody's scans: a strip of points for each number, which link to the people's pages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from LongitudinalINRLib.cohort.report.content import PersonLine
from LongitudinalINRLib.cohort.report.svg import inline_svg, styled

STRIP_INCHES = (7.6, 0.62)
MOST_NAMED = 6
MOST_LINKED = 1000
"""People with a point of their own that leads to their page; of more the points are one picture."""

PICTURE_DPI = 200


def measures_of(people: Sequence[PersonLine]) -> list[str]:
    """Return the names of the numbers that are known of at least one person, in their order."""
    return list(dict.fromkeys(name for person in people for name in person.quality))


def outliers_of(people: Sequence[PersonLine]) -> list[tuple[PersonLine, str]]:
    """Return who stands apart, and in which number."""
    return [
        (person, measure) for person in people for measure in person.outlying if measure in person.quality
    ]


def quality_figure(people: Sequence[PersonLine]) -> str:
    """Return one strip of points for each number, as SVG in which people link to their pages.

    Of more than `MOST_LINKED` people the points are a picture without links, whose size does not grow.
    """
    measures = measures_of(people)
    linked = len(people) <= MOST_LINKED
    random = np.random.default_rng(0)  # so that points at one place are told apart
    with styled():
        from matplotlib.figure import Figure

        figure = Figure(
            figsize=(STRIP_INCHES[0], STRIP_INCHES[1] * len(measures) + 0.2),
            layout="constrained",
            dpi=PICTURE_DPI,
        )
        for measure, axes in zip(
            measures, figure.subplots(len(measures), 1, squeeze=False).ravel(), strict=True
        ):
            known = [person for person in people if measure in person.quality]
            values = [person.quality[measure] for person in known]
            height = random.uniform(-0.3, 0.3, len(known))
            out = [measure in person.outlying for person in known]
            dots = axes.scatter(
                values, height, s=13, c=["#b8131f" if each else "#00708a" for each in out], alpha=0.75
            )
            if linked:
                dots.set_urls([person.page for person in known])
            else:
                dots.set_rasterized(True)
            named = [place for place, each in enumerate(out) if each][:MOST_NAMED]
            for place in named:
                axes.annotate(
                    known[place].participant,
                    (values[place], height[place]),
                    (4, 3),
                    textcoords="offset points",
                    fontsize=7,
                )
            axes.set_ylim(-1, 1)
            axes.set_yticks([])
            axes.spines["left"].set_visible(False)
            axes.set_ylabel(measure.replace(" (", "\n("), rotation=0, ha="right", va="center")
        return inline_svg(figure, "Quality of the scans and fits, one point a person")
