"""The picture of a cohort in Slicer, made by pressing what a person presses.

Run ``python -m benchmarks.cohort_picture OUT --person 01`` on the output folder of a cohort; see
`benchmarks.tutorial_pictures` for what it needs.
"""

from __future__ import annotations

import argparse
import os
import stat
import sys
import tempfile
from pathlib import Path

from benchmarks.tutorial_pictures import ROOT, TESTING, Studio

CHANGE_COLUMN = 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cohort", type=Path, help="output folder of a cohort")
    parser.add_argument("--person", required=True, help="who is shown in the views")
    parser.add_argument("--output", type=Path, default=ROOT / "Resources" / "Screenshots")
    options = parser.parse_args()
    sys.path[:0] = map(str, TESTING)
    with tempfile.TemporaryDirectory() as folder:
        offer_python(Path(folder))
        studio = Studio(options.output)
        look_at(studio, options.cohort, options.person)
        studio.close()


def offer_python(folder: Path) -> None:
    """Put a PythonSlicer on the path, as Slicer does: this Python."""
    launcher = folder / "PythonSlicer"
    launcher.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    launcher.chmod(launcher.stat().st_mode | stat.S_IXUSR)
    os.environ["PATH"] = f"{folder}{os.pathsep}{os.environ['PATH']}"


def look_at(studio: Studio, cohort: Path, person: str) -> None:
    """Sort a cohort by change and bring one of its people into Explore."""
    from standin import dialogs, driving

    ui, section = studio.ui, studio.panel.panel.cohort_section
    studio.panel_picture()  # at the size that it is clicked at
    studio.fold("cohort")
    driving.process_events(0.3)
    dialogs.answer(str(cohort.absolute()))
    studio.press("openCohortButton")
    section.sort(CHANGE_COLUMN)
    driving.wait_until(lambda: not section.reading.busy, 600.0)
    table = ui.cohortTable
    rows = range(table.rowCount)
    table.selectRow(next(row for row in rows if table.item(row, 0).text() == person))
    driving.click(ui.showPersonButton)
    driving.wait_until(lambda: studio.panel.panel.explore_section.result is not None, 600.0)
    driving.wait_until(lambda: not studio.panel.logic.service.arriving.busy, 600.0)
    driving.process_events(0.3)
    studio.press("showMapButton")
    studio.fit_views()
    studio.fold("cohort")
    studio.keep("panel-cohort", studio.panel_picture(), *studio.views(), studio.plot())


if __name__ == "__main__":
    main()
