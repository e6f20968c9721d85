"""What is not installed is listed, asked for once, and installed without touching what is Slicer's."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
from types import ModuleType, SimpleNamespace

import pytest
from places import MODULE, REPOSITORY
from settling import press
from standin import dialogs, driving
from standin.each_slicer import EACH_SLICER, PLAYED, slicer_name


@pytest.fixture
def nothing_installed(module, monkeypatch, tmp_path):
    """Let torch and nibabel be missing until pip has ended well."""
    from LongitudinalINRModule.dependencies import requirements

    gone = {"torch", "nibabel"}
    real = requirements.installed_version

    def version_of(name):
        return None if name in gone and not (tmp_path / "pip" / "done").exists() else real(name)

    monkeypatch.setattr(requirements.missing, "__defaults__", (requirements.REQUIREMENTS, version_of))


class FakePip:
    """What pip was told, and whether it was there to the end."""

    def __init__(self, folder):
        self._folder = folder

    @property
    def calls(self):
        """Return the specifiers and the constraints of each call."""
        told = sorted(self._folder.glob("call-*"))
        return [(path.read_text().split(), path.with_name(f"of-{path.name}").read_text()) for path in told]

    @property
    def processes(self):
        """Return the numbers of its processes."""
        return [int(path.name.split("-")[1]) for path in self._folder.glob("call-*")]


_PIP = """#!/bin/sh
shift 3
[ "$1" = --constraint ] || exit 9
cp "$2" "{folder}/of-call-$$"
shift 2
echo "$@" > "{folder}/call-$$"
echo "what pip wrote"
{then} && touch "{folder}/done"
"""


@pytest.fixture
def fake_pip(slicer_python, tmp_path):
    """Let a script stand for pip in Slicer's Python; it ends as a command does."""

    def play(then="true"):
        folder = tmp_path / "pip"
        folder.mkdir()
        slicer_python.write_text(_PIP.format(folder=folder, then=then))
        return FakePip(folder)

    return play


@EACH_SLICER
def test_one_dialog_lists_what_is_missing_with_its_size_and_installs_only_that(
    nothing_installed, panel, running_slicer, fake_pip, picture
):
    pip = fake_pip()
    picture(panel, "missing")
    told = panel.ui.dependenciesLabel.text
    assert told.startswith("Not installed yet: torch, nibabel. ")
    assert "PyTorch extension" in told
    asked = []

    def accept(box):
        asked.append(box.text)
        box.button(running_slicer.qt.QMessageBox.Ok).click()

    dialogs.answer(accept)
    press(panel, "installButton")

    (text,) = asked
    assert "torch: the neural network (200 MB" in text
    assert "nibabel" in text
    assert "pydantic" not in text
    ((specifiers, constraints),) = pip.calls
    assert specifiers == ["torch>=2.4,<3", "nibabel>=5.2,<6"]
    for name in ("numpy", "SimpleITK"):
        assert f"{name}=={importlib.metadata.version(name)}" in constraints
    assert not panel.ui.dependenciesFrame.visible


def test_nothing_is_installed_when_the_person_declines(
    nothing_installed, panel, running_slicer, fill_in, fake_pip
):
    pip = fake_pip()
    fill_in(panel)
    dialogs.answer(running_slicer.qt.QMessageBox.Cancel)
    press(panel, "runButton")

    assert pip.calls == []
    assert panel.logic.service.queue.idle


def test_torch_is_left_to_the_pytorch_extension_where_it_is(
    nothing_installed, panel, running_slicer, monkeypatch, fake_pip
):
    import slicer

    asked, pip = [], fake_pip()

    class Logic:
        def installTorch(self, **keywords):
            asked.append(keywords)
            return ModuleType("torch")

    monkeypatch.setattr(slicer.modules, "pytorchutils", SimpleNamespace(), raising=False)
    monkeypatch.setitem(sys.modules, "PyTorchUtils", SimpleNamespace(PyTorchUtilsLogic=Logic))
    dialogs.answer(running_slicer.qt.QMessageBox.Ok)
    press(panel, "installButton")

    assert asked == [{"askConfirmation": False, "torchVersionRequirement": ">=2.4,<3"}]
    assert [specifiers for specifiers, _ in pip.calls] == [["nibabel>=5.2,<6"]]


def test_a_failed_installation_is_said_with_advice_and_what_pip_wrote_is_shown(
    nothing_installed, panel, running_slicer, fake_pip, capsys
):
    fake_pip("false")
    dialogs.answer(running_slicer.qt.QMessageBox.Ok)
    press(panel, "installButton")

    assert "could not be installed" in panel.ui.failureLabel.text
    assert "network" in panel.ui.failureLabel.text
    assert panel.ui.dependenciesFrame.visible
    assert "what pip wrote" in capsys.readouterr().out


@pytest.mark.parametrize("running_slicer", [PLAYED[0]], indirect=True, ids=slicer_name)
def test_the_window_answers_while_pip_works_and_a_cancelled_pip_ends(
    nothing_installed, panel, running_slicer, fake_pip
):
    ui, pip = panel.ui, fake_pip("sleep 600")
    before = ui.installButton.text
    dialogs.answer(running_slicer.qt.QMessageBox.Ok)
    driving.click(ui.installButton)
    driving.wait_until(lambda: pip.processes, 30)
    assert ui.installButton.text == "Cancel"
    assert dialogs.blocking_calls == []

    press(panel, "installButton")
    (process,) = pip.processes
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    assert ui.installButton.text == before
    assert not ui.failureFrame.visible
    assert ui.dependenciesLabel.text.startswith("Not installed yet: torch, nibabel. ")


@EACH_SLICER
def test_slicers_own_installer_is_used_where_there_is_one(
    nothing_installed, panel, running_slicer, fake_pip, monkeypatch
):
    ui, pip = panel.ui, fake_pip("sleep 1")
    has_own = running_slicer.session.version.slicer != "5.10"
    dialogs.answer(running_slicer.qt.QMessageBox.Ok)
    driving.click(ui.installButton)
    driving.wait_until(lambda: pip.processes, 30)
    assert ui.installButton.enabled is not has_own  # it cannot be told to stop
    if has_own:
        from slicer import packaging

        assert packaging.isPipInstallInProgress()

    driving.wait_until(lambda: not ui.dependenciesFrame.visible, 30)
    ((specifiers, constraints),) = pip.calls
    assert specifiers == ["torch>=2.4,<3", "nibabel>=5.2,<6"]
    assert "numpy==" in constraints


def test_run_goes_on_once_what_it_needs_is_installed(
    nothing_installed, panel_with_fakes, fake_runners, running_slicer, fill_in, fake_pip
):
    pip = fake_pip()
    fill_in(panel_with_fakes)
    dialogs.answer(running_slicer.qt.QMessageBox.Ok)
    press(panel_with_fakes, "runButton")

    assert len(pip.calls) == 1
    assert len(fake_runners) == 1


def test_an_old_version_counts_as_missing_and_a_newer_one_is_kept(module):
    from LongitudinalINRModule.dependencies.requirements import REQUIREMENTS, missing

    versions = {each.name: "99" for each in REQUIREMENTS} | {"torch": "2.3.1+cu121"}
    assert [each.name for each in missing(version_of=versions.get)] == ["torch"]
    assert missing(version_of=(versions | {"torch": "2.4.0+cpu"}).get) == []


BLOCKER = """
import sys
sys.path[:0] = [{testing!r}]
from standin import driving
from standin.installation import install
from pathlib import Path
import numpy, scipy
blocked = {{"torch", "nibabel", "isal", "pydantic", "safetensors", "psutil", "reportlab", "jinja2", "PIL"}}
blocked |= {{"SimpleITK", "nilearn"}}
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in blocked:
            raise ModuleNotFoundError(name + " is blocked", name=name)
running = install("5.12", 5)
for name in [each for each in sys.modules if each.split(".")[0] in blocked]:
    del sys.modules[name]
sys.meta_path.insert(0, Blocker())
import importlib.metadata
real = importlib.metadata.version
def version(name):
    if name in blocked:
        raise importlib.metadata.PackageNotFoundError(name)
    return real(name)
importlib.metadata.version = version
panel = running.open_module(Path({module!r}))
driving.click(panel.ui.addScanButton)
print("FRAME", panel.ui.dependenciesFrame.visible)
print("TOUCHED", sorted(each for each in sys.modules if each.split(".")[0] in blocked))
from standin import collected
print("ERRORS", collected.take())
running.uninstall()
"""


def test_the_panel_opens_with_nothing_but_slicers_own_python(module):
    code = BLOCKER.format(testing=str(REPOSITORY / "Testing"), module=str(MODULE))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr[-3000:]
    assert "FRAME True" in done.stdout
    assert "TOUCHED []" in done.stdout
    assert "ERRORS []" in done.stdout


def test_the_module_file_is_imported_quickly_and_without_torch(module):
    code = (
        f"import sys; sys.path[:0] = [{str(REPOSITORY / 'Testing')!r}]\n"
        "from standin.installation import install\nrunning = install('5.12', 5)\n"
        "import time, pathlib\nimport numpy, vtk\nstart = time.process_time()\n"
        f"running.load_module(pathlib.Path({str(MODULE)!r}))\n"
        "print('SECONDS', time.process_time() - start, 'torch' in sys.modules)\nrunning.uninstall()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    _, seconds, torch = next(line for line in done.stdout.splitlines() if line.startswith("SECONDS")).split()

    assert float(seconds) < 0.3
    assert torch == "False"


@pytest.mark.parametrize(
    ("system", "has_extension", "told"),
    [
        ("Linux", False, "with CUDA (up to 3 GB)"),
        ("Windows", False, "without CUDA (200 MB)"),
        ("Darwin", False, "without CUDA (200 MB)"),
        ("Windows", True, "for this computer's graphics card."),
    ],
)
def test_what_installing_will_do_on_this_computer_is_told(module, monkeypatch, system, has_extension, told):
    import slicer
    from LongitudinalINRModule.dependencies import installation, requirements

    monkeypatch.setattr(installation.platform, "system", lambda: system)
    if has_extension:
        monkeypatch.setattr(slicer.modules, "pytorchutils", SimpleNamespace(), raising=False)
    assert told in installation.outlook([requirements.TORCH])
    assert installation.outlook([requirements.REQUIREMENTS[1]]) == ""
