"""What a person does before looking: wait until the panel has done what it was told."""

from __future__ import annotations

from standin import driving

LONGEST_SECONDS = 60.0


def settle(panel):
    """Wait until nothing is being copied, read, loaded, worked out or installed."""
    service, shown = panel.logic.service, panel.panel
    busy = (service.preparing, service.arriving, shown._installing, shown.cohort_section.reading)
    driving.wait_until(lambda: not any(each.busy for each in busy), LONGEST_SECONDS)


def press(panel, button):
    """Press a button, and wait until what it begins is done."""
    driving.click(getattr(panel.ui, button))
    settle(panel)
