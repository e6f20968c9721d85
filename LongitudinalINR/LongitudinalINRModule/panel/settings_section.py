"""How to fit, where to compute, and which months to produce."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import slicer

from LongitudinalINRModule.dependencies import devices
from LongitudinalINRModule.jobs.service import JOBS_SETTING
from LongitudinalINRModule.panel.connections import Connections
from LongitudinalINRModule.panel.norms_control import NormsControl
from LongitudinalINRModule.panel.weight_control import WeightControl
from LongitudinalINRModule.settings.choices import Identity
from LongitudinalINRModule.settings.duration import seconds_on_processor
from LongitudinalINRModule.settings.fit_settings import apply_preset, job_settings
from LongitudinalINRModule.settings.time_points import describe_months, is_very_far

if TYPE_CHECKING:
    from LongitudinalINRModule.settings.parameters import Parameters

WEIGHTS = ("lambda", "alpha", "beta", "gamma")
LAMBDA_REASON = "λ does nothing while the baseline is held exactly."
_LEAST_MAPS = 2


class SettingsSection:
    """The settings of the panel, bound to the parameter node.

    Parameters
    ----------
    ui : namespace
        The widgets by name.
    """

    def __init__(self, ui: Any):
        self._ui = ui
        self._parameters: Parameters | None = None
        self._tag: int | None = None
        self._found: dict[str, Any] | None = None
        self._scan_months: list[float] = []
        self._connections = Connections()
        self._weights = {
            name: WeightControl(
                getattr(ui, f"{name}Slider"),
                getattr(ui, f"{name}Edit"),
                partial(self._set, name),
            )
            for name in WEIGHTS
        }
        self._norms = NormsControl(ui)
        self._probe = devices.DeviceProbe(self._devices_found)
        ui.jobsPathEdit.currentPath = slicer.util.settingsValue(
            JOBS_SETTING, "", settings=slicer.app.userSettings()
        )
        self._connections.connect(ui.presetComboBox.activated, self._preset_chosen)
        self._connections.connect_path(ui.jobsPathEdit, self._jobs_folder_chosen)

    def show(self, parameters: Parameters | None) -> None:
        """Bind the widgets to a parameter node; None unbinds them."""
        if self._parameters is not None and self._tag is not None:
            self._parameters.disconnectGui(self._tag)
            self._tag = None
        self._parameters = parameters
        self._norms.show(parameters)
        if parameters is not None:
            self._tag = parameters.connectParametersToGui(self._bound())
            self.refresh()

    def look_for_devices(self) -> None:
        """Find out, in the background and once, what there is to compute on."""
        if self._found is None:
            self._probe.start()

    def forget_devices(self) -> None:
        """Ask again: PyTorch was installed meanwhile."""
        self._found = None

    def show_scan_months(self, months: list[float]) -> None:
        """Say what the settings mean for scans at these months; empty while they are not known."""
        self._scan_months = months
        self._tell()

    def problem(self, scan_months: list[float]) -> str:
        """Return why the settings cannot be used with scans at these months; empty if they can."""
        return self._months_problem(scan_months) or self._norms.problem()

    def refresh(self) -> None:
        """Show what is stored where no binding does it."""
        parameters = self._parameters
        if parameters is None:
            return
        for name, control in self._weights.items():
            control.show(getattr(parameters, f"{name}Weight"))
        self._norms.refresh()
        hard = parameters.identity is Identity.hard
        self._weights["lambda"].enable(not hard)
        self._ui.lambdaReasonLabel.text = LAMBDA_REASON
        self._ui.lambdaReasonLabel.visible = hard
        self._tell()

    def close(self) -> None:
        """Let the widgets go."""
        self.show(None)
        self._probe.close()
        self._norms.close()
        self._connections.close()
        for control in self._weights.values():
            control.close()

    def _bound(self) -> dict[str, Any]:
        ui = self._ui
        return {
            "segmentation": ui.segmentationSelector,
            "atlas": ui.atlasCheckBox,
            "mask": ui.maskSelector,
            "exclude": ui.excludeSelector,
            "scanner": ui.scannerComboBox,
            "sex": ui.sexComboBox,
            "preset": ui.presetComboBox,
            "similarity": ui.similarityComboBox,
            "align": ui.alignComboBox,
            "biasCorrection": ui.biasCheckBox,
            "identity": ui.identityComboBox,
            "timeEncoding": ui.timeEncodingComboBox,
            "steps": ui.stepsSpinBox,
            "seed": ui.seedSpinBox,
            "device": ui.deviceComboBox,
            "stepMonths": ui.stepSpinBox,
            "extrapolateMonths": ui.extrapolateSpinBox,
            "allowFar": ui.allowFarCheckBox,
            "displacement": ui.displacementCheckBox,
        }

    def _set(self, name: str, weight: float) -> None:
        setattr(self._parameters, f"{name}Weight", weight)

    def _preset_chosen(self, *_: object) -> None:
        if self._parameters is not None:
            apply_preset(self._parameters, self._parameters.preset)

    def _jobs_folder_chosen(self, *_: object) -> None:
        slicer.app.userSettings().setValue(JOBS_SETTING, self._ui.jobsPathEdit.currentPath)

    def _devices_found(self, found: dict[str, Any]) -> None:
        self._found = found
        self._tell()

    def _tell(self) -> None:
        if self._parameters is None:
            return
        self._ui.allowFarCheckBox.visible = self._goes_far(self._scan_months)
        self._ui.timePointsLabel.text = self._months_text()
        self._ui.timePointsLabel.visible = bool(self._scan_months)
        text = "Looking for devices…" if self._found is None else self._device_text(self._found)
        self._ui.deviceMessageLabel.text = text

    def _goes_far(self, scan_months: list[float]) -> bool:
        if len(scan_months) < _LEAST_MAPS:
            return False
        months = job_settings(self._parameters).map_months(scan_months)
        return is_very_far(months[-1], max(scan_months))

    def _months_problem(self, scan_months: list[float]) -> str:
        if self._parameters is None or self._parameters.allowFar or not self._goes_far(scan_months):
            return ""
        settings = job_settings(self._parameters)
        return (
            f"Extrapolate goes {settings.extrapolate_months:.4g} months beyond the last scan, more than the "
            f"scans span ({max(scan_months):.4g}): lower it, or tick the box below it."
        )

    def _months_text(self) -> str:
        if len(self._scan_months) < _LEAST_MAPS:
            return ""
        months = job_settings(self._parameters).map_months(self._scan_months)
        self._ui.timePointsLabel.toolTip = ", ".join(f"{month:.4g}" for month in months)
        return describe_months(months, max(self._scan_months))

    def _device_text(self, found: dict[str, Any]) -> str:
        settings = job_settings(self._parameters)
        seconds = None
        if len(self._scan_months) >= _LEAST_MAPS and found:
            maps = len(settings.map_months(self._scan_months))
            follow_ups = len(self._scan_months) - 1
            seconds = seconds_on_processor(settings.config, follow_ups, maps, int(found["cores"]))
        return devices.describe(found, settings.device, seconds)
