"""Annual change of every group in every region, with intervals, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from LongitudinalINRLib.cohort.report.answer import mean_of
from LongitudinalINRLib.cohort.report.content import GroupContent
from LongitudinalINRLib.cohort.report.svg import colour_of, inline_svg, styled

LINE_INCHES = 0.24
WIDTH_INCHES = 5.2


def forest_figure(content: GroupContent, regions: Sequence[str]) -> str:
    """Return the mean annual change of the groups in some regions, as SVG for a page.

    Parameters
    ----------
    content : GroupContent
        Holds the means.
    regions : sequence of str
        From top to bottom.
    """
    with styled():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(WIDTH_INCHES, LINE_INCHES * len(regions) + 0.7), layout="constrained")
        axes = figure.subplots()
        axes.axvline(0, color="#aab4ba", linewidth=0.8, zorder=0)
        apart = 0.6 / max(len(content.groups), 1)
        for number, group in enumerate(content.groups):
            shift = (number - (len(content.groups) - 1) / 2) * apart
            colour = colour_of(group, content.groups)
            for place, region in enumerate(regions):
                mean = mean_of(content, region, group)
                if mean is None:
                    continue
                axes.plot([mean.low, mean.high], [place + shift] * 2, color=colour, linewidth=1.4)
                axes.plot([mean.percent_per_year], [place + shift], "o", color=colour, markersize=3.4)
        axes.set_yticks(range(len(regions)), regions)
        axes.set_ylim(len(regions) - 0.4, -0.6)
        axes.set_xlabel("% a year, with its 95 % interval")
        axes.tick_params(axis="y", length=0, labelcolor="#1c2226")
        return inline_svg(figure, "Mean annual change of the groups in every region")
