"""Nothing in the panel is cut off, however narrow it is, however large its letters, light or dark."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QVBoxLayout, QWidget
from standin.each_slicer import USUAL
from standin.fitting import clipped

MODULE = Path(__file__).parents[2] / "LongitudinalINR" / "LongitudinalINR.py"
WIDTHS_PX = (320, 380, 600)
SCALES = (1.0, 1.5)
HEIGHT_PX = 900


@pytest.fixture(scope="module")
def full_panel(tmp_path_factory):
    """The panel with every section open and every text in its place, scrolled as in Slicer's window."""
    from standin import collected
    from standin.installation import install
    from standin.values import to_qt

    patch = pytest.MonkeyPatch()
    for name in [each for each in sys.modules if each.split(".")[0].startswith("LongitudinalINR")]:
        if not name.startswith("LongitudinalINRLib"):
            patch.delitem(sys.modules, name)  # those of a test before hold on to its Slicer
    running = install(*USUAL)
    module = running.load_module(MODULE)
    from LongitudinalINRModule.dependencies.devices import DeviceProbe

    patch.setattr(DeviceProbe, "start", lambda self: None)
    representation = module.widgetRepresentation()
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(to_qt(representation))
    area.resize(WIDTHS_PX[-1], HEIGHT_PX)
    area.show()
    to_qt(representation).enter()
    panel = representation.self()
    _say_everything(panel)
    font, palette = QApplication.font(), QApplication.palette()
    yield panel, area
    QApplication.setFont(font)
    QApplication.setPalette(palette)
    area.takeWidget()
    patch.undo()
    running.modules.unload_all()
    running.uninstall()
    collected.raise_first()


def _say_everything(panel):
    from LongitudinalINRModule.dependencies.requirements import REQUIREMENTS
    from LongitudinalINRModule.panel import check_control, offer_control, regions_section
    from standin import driving

    driving.process_events(
        2 * offer_control.QUIET_MS / 1000
    )  # what is looked for now would hide the offer again
    ui = panel.ui
    for section in ("inputs", "settings", "runSection", "explore", "regions", "exportSection"):
        getattr(ui, f"{section}Button").collapsed = False
    ui.advancedGroup.collapsed = ui.dicomGroup.collapsed = False
    texts = {
        "foundLabel": "A job of 12 June 2026, 10:32 was interrupted at 43 %: three scans, standard settings.",
        "offerLabel": "Found 3 scans of one person: months 0, 12.1, 24.0; regions: aseg.",
        "scansMessageLabel": "⚠ Scan 3 has no study date.\n⚠ The scanners differ: Prisma, Skyra.",
        "dependenciesLabel": "Not installed yet: " + ", ".join(each.name for each in REQUIREMENTS) + ".",
        "runMessageLabel": "Add the scans: a baseline and at least one follow-up of the same person.",
        "stageLabel": "Fitting, step 120 of 800 – about 2 min left",
        "queueLabel": "Done in 1 min: see Explore.",
        "failureLabel": "⚠ The scans do not overlap.\nFound: 3 %\nCheck both scans together in a viewer.",
        "exploreMessageLabel": "There is no result in this scene yet. Run a job, or open a result folder.",
        "answerLabel": "By month 24, the last scan: Changed beyond their intervals: Left lateral ventricle "
        "+12.3 ± 3.0 %, Right hippocampus −7.2 ± 1.8 %, and 12 others.\n⚠ scan-1 is blurred.",
        "checkLabel": check_control._ASK.format(stage="before"),
        "kindLabel": "⚠ Beyond the last scan: predicted, not measured.",
        "storedLabel": "Follow-ups and deformation are of month 24: they are not interpolated.",
        "probeMessageLabel": "Shown: the course of the point at R 12.3, A -40.1, S 22.8.",
        "regionsMessageLabel": regions_section._HINT.format(
            months=24.0, kind="observed", outline=regions_section._NO_LABELS
        ),
        "exportMessageLabel": "Written: 13 files in the folder that was chosen.",
        "dicomMessageLabel": "The PACS did not take everything. 12 of 36 objects were taken; then: no "
        "answer. The same command again sends only what is missing.",
        "timePointsLabel": "Maps at months 0, 6, 12, 18, 24, 30 and 36; the last two are extrapolated.",
        "lambdaReasonLabel": ui.lambdaReasonLabel.text,
        "excludeMessageLabel": "⚠ It has no segments. Choose another one, or none.",
        "normsMessageLabel": "⚠ Norms need a file, an age and a sex: give the age and the sex too, or none "
        "of them.",
        "deviceMessageLabel": "Devices are looked for once PyTorch is installed.",
    }
    for frame in ("found", "offer", "dependencies", "progress", "failure", "check", "map"):
        getattr(ui, f"{frame}Frame").visible = True
    for name, text in texts.items():
        getattr(ui, name).text = text
        getattr(ui, name).visible = True
    for name in ("resumeFailedButton", "detailsButton"):
        getattr(ui, name).visible = True
    ui.regionsTable.visible = True


def _dark():
    palette = QPalette(QColor(53, 53, 53))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(role, QColor(255, 255, 255))
    return palette


@pytest.mark.parametrize("style", ["light", "dark"])
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("width_px", WIDTHS_PX)
def test_every_text_can_be_read(full_panel, picture_of, width_px, scale, style):
    from standin import driving

    _, area = full_panel
    QApplication.setPalette(QApplication.style().standardPalette() if style == "light" else _dark())
    font = QApplication.font()
    font.setPointSizeF(9.0 * scale)
    QApplication.setFont(font)
    area.resize(width_px, HEIGHT_PX)
    for _ in range(20):  # a layout asks those around it in turn
        driving.process_events()
    picture_of(area.widget(), f"{width_px}_{scale:g}_{style}")

    assert area.widget().width() <= area.viewport().width()
    assert clipped(area.widget()) == []


@pytest.fixture
def picture_of(request):
    """Grab a widget into the folder that PANEL_PICTURES names; nowhere by default."""
    import os

    folder = os.environ.get("PANEL_PICTURES")

    def grab(widget, name):
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            widget.grab().save(str(Path(folder) / f"{name}.png"))

    return grab


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_label_that_is_cut_off_is_found(full_panel, wrapped):
    """What the test above measures fails where the text does not fit."""
    from standin import driving

    holder = QWidget()
    QVBoxLayout(holder)
    label = QLabel("Not installed yet: a package, another package and one more.", holder)
    label.setWordWrap(wrapped)
    holder.layout().addWidget(label)
    holder.resize(300, 200)
    holder.show()
    driving.process_events()
    assert clipped(holder) == []
    label.setFixedSize(150, 12)

    assert len(clipped(holder)) == 1
