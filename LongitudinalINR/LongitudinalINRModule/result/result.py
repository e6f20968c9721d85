"""A result in the scene: everything is found again from its browser node, also after a bundle was loaded."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.words import LONGEST_MONTHS, SAME_MONTH, TimeKind, time_kind
from LongitudinalINRModule.mrml.sequences import months_of

if TYPE_CHECKING:
    import slicer

MAP_ATTRIBUTE = "LongitudinalINR.Map"
OBSERVED_ATTRIBUTE = "LongitudinalINR.ObservedMonths"
BASELINE_ROLE = "LongitudinalINR.Baseline"
REGIONS_ROLE = "LongitudinalINR.Regions"
TRAJECTORIES_ROLE = "LongitudinalINR.Trajectories"
DOCUMENTS_ROLE = "LongitudinalINR.Documents"
LABELS_ROLE = "LongitudinalINR.Labels"
VALID_ROLE = "LongitudinalINR.Valid"


class SceneResult:
    """What one fit left in a scene.

    Parameters
    ----------
    browser : vtkMRMLSequenceBrowserNode
        The browser node that :func:`LongitudinalINRModule.jobs.loading.load_maps` made.
    """

    def __init__(self, browser: slicer.vtkMRMLSequenceBrowserNode):
        self.browser = browser

    @property
    def scene(self) -> slicer.vtkMRMLScene:
        """The scene of the result; None once the browser was removed."""
        return self.browser.GetScene()

    @property
    def baseline(self) -> slicer.vtkMRMLScalarVolumeNode | None:
        """The scan that every map lies on, or None where it was removed."""
        return self.browser.GetNodeReference(BASELINE_ROLE)

    def require_baseline(self) -> slicer.vtkMRMLScalarVolumeNode:
        """Return the scan that every map lies on.

        Raises
        ------
        InputError
            If it was removed from the scene.
        """
        if self.baseline is None:
            raise InputError(
                "baseline-gone",
                "The baseline scan of the result is no longer in the scene.",
                expected="the scan that the maps were made on",
                found="none",
                advice="Load the baseline scan and the result again.",
            )
        return self.baseline

    @property
    def observed_months(self) -> tuple[float, ...]:
        """Months with a scan, the baseline's 0 first.

        Raises
        ------
        InputError
            The scene tells them in a damaged way.
        """
        text = self.browser.GetAttribute(OBSERVED_ATTRIBUTE) or ""
        try:
            months = [float(month) for month in text.split()]
        except ValueError as error:
            raise damaged("months of scans that are no numbers") from error
        if not months or months[0] != 0 or not all(0 <= month <= LONGEST_MONTHS for month in months):
            raise damaged("months of scans that cannot be")
        if any(later - earlier < SAME_MONTH for earlier, later in pairwise(months)):
            raise damaged("months of scans that do not ascend")
        return tuple(months)

    @property
    def months(self) -> tuple[float, ...]:
        """Months of the stored |J| maps, ascending; the slider goes from the first to the last."""
        return months_of(self.sequence("jacobian"))

    @property
    def maps(self) -> tuple[str, ...]:
        """Names of the maps in the scene."""
        return tuple(
            sequence.GetAttribute(MAP_ATTRIBUTE) or "" for sequence in self._referenced(MAP_ATTRIBUTE)
        )

    @property
    def tables(self) -> list[slicer.vtkMRMLTableNode]:
        """Table nodes of the regions; empty where there are none."""
        return [*self._referenced(REGIONS_ROLE), *self._referenced(TRAJECTORIES_ROLE)]

    def table(self, role: str) -> slicer.vtkMRMLTableNode:
        """Return the table node of the regions, or of the regions over time.

        Raises
        ------
        KeyError
            If the result has no regions.
        """
        node = self.browser.GetNodeReference(role)
        if node is None:
            raise KeyError("The result has no regions: it was made without a segmentation.")
        return node

    @property
    def documents(self) -> list[slicer.vtkMRMLTextNode]:
        """Text nodes with what the job wrote for people to read."""
        return self._referenced(DOCUMENTS_ROLE)

    @property
    def labels(self) -> slicer.vtkMRMLLabelMapVolumeNode | None:
        """The label map of the regions on the grid of the maps, or None where it did not come along."""
        return self.browser.GetNodeReference(LABELS_ROLE)

    def require_labels(self) -> slicer.vtkMRMLLabelMapVolumeNode:
        """Return the label map of the regions.

        Raises
        ------
        KeyError
            If it did not come along, or was removed from the scene.
        """
        if self.labels is None:
            raise KeyError("The result has no label map of its regions in the scene.")
        return self.labels

    @property
    def valid(self) -> slicer.vtkMRMLLabelMapVolumeNode | None:
        """Where every follow-up has data, 0 elsewhere, on the grid of the maps; None where it is not told."""
        return self.browser.GetNodeReference(VALID_ROLE)

    def sequence(self, map_name: str) -> slicer.vtkMRMLSequenceNode:
        """Return the sequence of a map.

        Raises
        ------
        KeyError
            If the result has no such map in the scene.
        """
        for sequence in self._referenced(MAP_ATTRIBUTE):
            if sequence.GetAttribute(MAP_ATTRIBUTE) == map_name:
                return sequence
        raise KeyError(f"The result {self.browser.GetName()} has no {map_name} maps in the scene.")

    def proxy(self, map_name: str) -> slicer.vtkMRMLNode | None:
        """Return the node that shows a map at the browser's time, or None while the map is not shown."""
        return self.browser.GetProxyNode(self.sequence(map_name))

    def kind(self, months: float) -> TimeKind:
        """Tell how a month is known: from a scan, between scans, or beyond the last."""
        return time_kind(months, self.observed_months)

    def _referenced(self, role: str) -> list[slicer.vtkMRMLNode]:
        count = self.browser.GetNumberOfNodeReferences(role)
        nodes = [self.browser.GetNthNodeReference(role, index) for index in range(count)]
        return [node for node in nodes if node is not None]


def results_in(scene: slicer.vtkMRMLScene) -> list[SceneResult]:
    """Return the results of a scene, in the order they were added."""
    count = scene.GetNumberOfNodesByClass("vtkMRMLSequenceBrowserNode")
    browsers = [scene.GetNthNodeByClass(index, "vtkMRMLSequenceBrowserNode") for index in range(count)]
    return [SceneResult(browser) for browser in browsers if browser.GetAttribute(OBSERVED_ATTRIBUTE)]


def damaged(found: str) -> InputError:
    """Return the error that tells of a result in a scene that is not as this program makes it."""
    return InputError(
        "bundle-damaged",
        "The result in the scene is damaged and cannot be used.",
        expected="a result as this program puts it into a scene",
        found=found,
        advice="Open the result folder of the job instead, or run the job again.",
    )
