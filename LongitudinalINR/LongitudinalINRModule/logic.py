"""Fitting from a script or the panel: scans in, a job out, its result in the scene."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import slicer
from slicer.ScriptedLoadableModule import ScriptedLoadableModuleLogic

from LongitudinalINRLib.core.config import FitConfig, preset
from LongitudinalINRLib.errors import InputError
from LongitudinalINRModule.background.steps import Steps, here
from LongitudinalINRModule.dependencies.requirements import missing
from LongitudinalINRModule.jobs.job import BackgroundJob
from LongitudinalINRModule.jobs.service import JobService
from LongitudinalINRModule.sampledata.loader import SubjectLoader
from LongitudinalINRModule.sampledata.nodes import SampleSubject, sample_subject
from LongitudinalINRModule.scans.scan_rows import ScanRow, check_rows, series
from LongitudinalINRModule.settings.fit_settings import JobSettings
from LongitudinalINRModule.settings.parameters import Parameters


class LongitudinalINRLogic(ScriptedLoadableModuleLogic):
    """What the module does; works without its panel.

    In Slicer's Python console:

    >>> from LongitudinalINR import LongitudinalINRLogic
    >>> from LongitudinalINRLib.core.config import preset
    >>> logic = LongitudinalINRLogic()
    >>> volumes = [getNode(name) for name in ("T1 2020", "T1 2021", "T1 2022")]
    >>> job = logic.run(volumes, months=[0, 12, 24], segmentation=getNode("aseg"), config=preset("preview"))
    >>> job.progressed.connect(lambda event: print(event.stage, f"{event.fraction:.0%}"))
    >>> job.wait()
    >>> result = job.result
    >>> jacobian_at_18_months = logic.show(result, 18.0)

    Attributes
    ----------
    service : JobService
        The jobs of this Slicer.
    """

    def __init__(self, parent: Any = None):
        ScriptedLoadableModuleLogic.__init__(self, parent)
        self.service = JobService()

    def getParameterNode(self) -> Parameters:
        """Return the settings of the panel, kept in the scene."""
        return Parameters(super().getParameterNode())

    def loadSimulatedSubject(self) -> SampleSubject:
        """Bring the simulated subject of Sample Data into the scene, and wait for it: about half a minute.

        Sample Data's own functions for scripts know nothing but downloads.

        Returns
        -------
        SampleSubject
            `volumes`, `months` and `segmentation`, as `run` takes them.

        Raises
        ------
        InputError
            It was cancelled, or could not be simulated.
        """
        return sample_subject(SubjectLoader().load_and_wait())

    def run(
        self,
        volumes: Sequence[slicer.vtkMRMLScalarVolumeNode],
        months: Sequence[float],
        segmentation: Any = None,
        config: FitConfig | None = None,
        *,
        mask: Any = None,
        exclude: Any = None,
        settings: JobSettings | None = None,
    ) -> BackgroundJob:
        """Fit the change between scans of one person, in the background.

        Parameters
        ----------
        volumes : sequence of vtkMRMLScalarVolumeNode
            In any order; not changed.
        months : sequence of float
            When each was made; the earliest is the baseline.
        segmentation : vtkMRMLSegmentationNode or vtkMRMLLabelMapVolumeNode, optional
            Of the baseline; its segments are measured.
        config : FitConfig, optional
            How to fit; the standard preset by default.
        mask : vtkMRMLSegmentationNode or vtkMRMLLabelMapVolumeNode, optional
            Brain mask; estimated by default.
        exclude : vtkMRMLSegmentationNode or vtkMRMLLabelMapVolumeNode, optional
            Where scans are not compared, for example in a lesion.
        settings : JobSettings, optional
            Alignment, scanner, device, months of the maps; takes the place of `config`.

        Returns
        -------
        BackgroundJob
            With `wait()`, `cancel()`, the signals `progressed`, `warned` and `ended`, and `result` once done.

        Raises
        ------
        InputError
            A package is missing, the scans or their months cannot be used, or the line of jobs is full.
        """
        return here(
            self.running(volumes, months, segmentation, config, mask=mask, exclude=exclude, settings=settings)
        )

    def running(
        self,
        volumes: Sequence[slicer.vtkMRMLScalarVolumeNode],
        months: Sequence[float],
        segmentation: Any = None,
        config: FitConfig | None = None,
        *,
        mask: Any = None,
        exclude: Any = None,
        settings: JobSettings | None = None,
    ) -> Steps[BackgroundJob]:
        """Do the same in steps, so that the window can answer between them."""
        _refuse_missing()
        if len(volumes) != len(months):
            raise InputError(
                "months-missing",
                "Each volume needs its months.",
                expected=f"{len(volumes)} months",
                found=str(len(months)),
                advice="Give one number of months for each volume.",
            )
        rows = [ScanRow(volume, str(month)) for volume, month in zip(volumes, months, strict=True)]
        check = check_rows(rows)
        if not check.usable:
            raise InputError("scans-unusable", check.problem, advice="Correct the scans or their months.")
        chosen = settings or JobSettings(config=config or preset("standard"))
        return (yield from self.service.taking_on(series(rows), chosen, segmentation, mask, exclude))

    def show(self, result: Any, months: float) -> Any:
        """Show the map of a result at any month.

        Parameters
        ----------
        result : SceneResult
            `job.result`, or one of `LongitudinalINRModule.result.result.results_in(scene)`.
        months : float
            Since the baseline; beyond the stored months the nearest is shown.

        Returns
        -------
        vtkMRMLScalarVolumeNode
            The map of |J|; the same node at every month.
        """
        from LongitudinalINRModule.result.continuous_time import ContinuousTime

        time = ContinuousTime(result, slicer.modules.sequences.logic())
        time.show(months)
        time.close()
        return result.proxy("jacobian")


def _refuse_missing() -> None:
    wanted = missing()
    if wanted:
        raise InputError(
            "packages-missing",
            "Packages that the fit needs are not installed.",
            expected="the packages that the panel installs",
            found="without " + ", ".join(each.name for each in wanted),
            advice="Press Install in the panel of the module, then run the script again.",
        )
