import numpy as np

from LongitudinalINRLib.analysis.figures.courses import (
    BAND_OPACITY,
    HEIGHT,
    SHADE,
    WIDTH,
    intervals_of,
    panel_marks,
    panels_of,
    ticks,
)
from LongitudinalINRLib.analysis.regions import analyse_regions


def test_left_and_right_share_a_panel_and_the_whole_mask_comes_first(growth, hippocampi, a_mask):
    points = analyse_regions(growth(), hippocampi, [24], a_mask).trajectories
    panels = panels_of(points, [0, 17, 53, 85])
    assert [(panel.title, len(panel.courses)) for panel in panels] == [
        ("Whole mask", 1),
        ("Hippocampus", 2),
        ("Optic chiasm", 1),
    ]


def scales(marks):
    """Read the axes of a panel: from places on it to months and percent."""
    texts = [(m.text.replace("−", "-"), m) for m in marks if m.kind == "text"][1:]
    across = [(float(text), m.points[0][0]) for text, m in texts if m.anchor == "middle"]
    up = [(float(text), m.points[0][1] - 2.6) for text, m in texts if m.anchor == "end"]
    return (np.polyfit(*np.array(each).T[::-1], 1) for each in (across, up))


def test_observed_interpolated_and_extrapolated_parts_are_drawn_apart(growth, a_mask):
    points = analyse_regions(growth(percent_per_year=6.0), None, [24, 36], a_mask).trajectories
    marks = panel_marks(panels_of(points, [0])[0], {})
    to_months, to_percent = scales(marks)
    lines = {m.dashed: np.array(m.points) for m in marks if m.kind == "line" and len(m.points) > 3}
    np.testing.assert_allclose(np.polyval(to_months, lines[False][:, 0]), np.arange(25), atol=0.01)
    np.testing.assert_allclose(np.polyval(to_months, lines[True][:, 0]), np.arange(24, 37), atol=0.01)
    dots = np.array([m.points[0] for m in marks if m.kind == "dot"])
    np.testing.assert_allclose(np.polyval(to_months, dots[:, 0]), [0, 12, 24], atol=0.01)
    np.testing.assert_allclose(np.polyval(to_percent, dots[:, 1]), [0, 6, 12], atol=0.02)
    (shade,) = (np.array(m.points) for m in marks if m.colour == SHADE)
    np.testing.assert_allclose(
        np.polyval(to_months, [shade[:, 0].min(), shade[:, 0].max()]), [24, 36], atol=0.01
    )


def test_the_band_is_the_interval_of_the_table_and_straight_between_its_months(growth, a_mask):
    analysis = analyse_regions(growth(percent_per_year=6.0), None, [0, 24], a_mask, residual=0.05)
    (row,) = (row for row in analysis.rows if row.months == 24)
    marks = panel_marks(panels_of(analysis.trajectories, [0])[0], intervals_of(analysis.rows))
    (band,) = (np.array(m.points) for m in marks if m.opacity == BAND_OPACITY)
    upper, lower = np.array_split(np.polyval(list(scales(marks))[1], band[:, 1]), 2)
    np.testing.assert_allclose(
        (upper - lower[::-1]) / 2, row.interval_points * np.linspace(0, 1, 25), atol=0.05
    )


def test_nothing_is_drawn_outside_the_panel(growth, a_mask):
    analysis = analyse_regions(growth(percent_per_year=-40.0), None, [24, 60], a_mask, residual=0.05)
    for mark in panel_marks(panels_of(analysis.trajectories, [0])[0], intervals_of(analysis.rows)):
        x, y = np.array(mark.points).T
        assert x.min() >= 0
        assert x.max() <= WIDTH
        assert y.min() >= 0
        assert y.max() <= HEIGHT


def test_no_change_is_drawn_flat(growth, a_mask):
    points = analyse_regions(growth(percent_per_year=0.0), None, [24], a_mask).trajectories
    marks = panel_marks(panels_of(points, [0])[0], {})
    percents = [float(m.text.replace("−", "-")) for m in marks if m.anchor == "end"]
    assert percents == [-1, 0, 1]


def test_ticks_are_round_and_few():
    assert ticks(-11.4, 0.7) == [-10, -5, 0]
    assert ticks(0.0, 31.0) == [0, 10, 20, 30]
    assert len(ticks(-0.013, 0.29)) <= 5


def test_numbers_of_another_table_are_not_taken_for_sides(growth, hippocampi, a_mask):
    names = {17: "label 17", 53: "label 53"}
    points = analyse_regions(growth(), hippocampi, [24], a_mask, names=names).trajectories
    panels = panels_of(points, [17, 53])
    assert sorted((panel.title, len(panel.courses)) for panel in panels) == [("label 17", 1), ("label 53", 1)]
