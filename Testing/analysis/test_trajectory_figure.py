import numpy as np

from LongitudinalINRLib.analysis.figures.trajectories import draw_trajectories, panels_of
from LongitudinalINRLib.analysis.regions import analyse_regions


def test_left_and_right_share_a_panel_and_the_whole_mask_comes_first(growth, hippocampi, a_mask):
    points = analyse_regions(growth(), hippocampi, [24], a_mask).trajectories
    panels = panels_of(points, [0, 17, 53, 85])
    assert [(panel.title, len(panel.courses)) for panel in panels] == [
        ("Whole mask", 1),
        ("Hippocampus", 2),
        ("Optic chiasm", 1),
    ]


def test_observed_interpolated_and_extrapolated_parts_are_drawn_apart(growth, a_mask):
    points = analyse_regions(growth(percent_per_year=6.0), None, [24, 36], a_mask).trajectories
    (axes,) = (axes for axes in draw_trajectories(panels_of(points, [0])).axes if axes.get_title(loc="left"))
    lines = {
        (line.get_linestyle(), line.get_marker()): line for line in axes.lines if len(line.get_xdata()) > 2
    }
    np.testing.assert_allclose(lines["-", "None"].get_xdata(), np.arange(25))
    np.testing.assert_allclose(lines["--", "None"].get_xdata(), np.arange(24, 37))
    np.testing.assert_allclose(lines["None", "o"].get_xdata(), [0, 12, 24])
    np.testing.assert_allclose(lines["None", "o"].get_ydata(), [0, 6, 12], atol=1e-4)


def test_no_change_is_drawn_flat(growth, a_mask):
    points = analyse_regions(growth(percent_per_year=0.0), None, [24], a_mask).trajectories
    axes = draw_trajectories(panels_of(points, [0])).axes[0]
    assert np.ptp(axes.get_ylim()) >= 2


def test_numbers_of_another_table_are_not_taken_for_sides(growth, hippocampi, a_mask):
    names = {17: "label 17", 53: "label 53"}
    points = analyse_regions(growth(), hippocampi, [24], a_mask, names=names).trajectories
    panels = panels_of(points, [17, 53])
    assert sorted((panel.title, len(panel.courses)) for panel in panels) == [("label 17", 1), ("label 53", 1)]
