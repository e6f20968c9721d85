"""What a finished fit says first."""

from LongitudinalINRLib.cli.summary import answer


def row(label, months, kind, change, interval="0.24"):
    per_year = f"{change / months * 12:.3f}" if months else ""
    return {
        "label": str(label),
        "months": f"{months:g}",
        "kind": kind,
        "volume_change_percent": str(change),
        "interval_points": interval,
        "mean_percent_per_year": per_year,
    }


def test_tissue_comes_before_the_whole_mask_at_the_last_scan_and_says_which_is_which():
    rows = [
        row(label, months, kind, change * months / 24)
        for months, kind in ((0, "observed"), (12, "observed"), (24, "observed"), (36, "extrapolated"))
        for label, change in ((0, -1.3), (-1, -1.57), (4, 16.4))
    ]
    assert answer(rows) == [
        "Brain tissue, month 24: -1.6 ± 0.2 % (-0.79 % a year)",
        "Whole mask, ventricles included, month 24: -1.3 ± 0.2 % (-0.65 % a year)",
    ]


def test_without_tissue_or_interval_the_whole_mask_is_said_alone():
    assert answer([row(0, 24, "observed", -1.3, "")]) == [
        "Whole mask, ventricles included, month 24: -1.3 % (-0.65 % a year)"
    ]
