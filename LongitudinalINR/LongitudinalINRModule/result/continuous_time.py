"""The time slider: any month in the shown maps, and never out of step with Slicer's own browser."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import slicer
import vtk

from LongitudinalINRLib.words import SAME_MONTH
from LongitudinalINRModule.result.ground import hide_unseen, unseen_voxels
from LongitudinalINRModule.result.map_interpolation import CONTINUOUS_MAPS, box_of_change, interpolate_map
from LongitudinalINRModule.result.result import SceneResult


class ContinuousTime:
    """Writes interpolated voxels into the proxies of a result; where a follow-up has no data, no change.

    The browser's selected item is kept at the stored time at or before the shown month, so that everything
    else under the browser (follow-ups, deformation) shows that time. Stored maps are never written to.

    Parameters
    ----------
    result : SceneResult
        What to show.
    sequences_logic : vtkSlicerSequencesLogic
        The logic that updates the proxies of the result's scene.
    on_months : callable, optional
        Takes the month when the browser was moved by somebody else.
    """

    def __init__(
        self,
        result: SceneResult,
        sequences_logic: slicer.vtkSlicerSequencesLogic,
        on_months: Callable[[float], None] | None = None,
    ):
        self._result = result
        self._logic = sequences_logic
        self._on_months = on_months
        self._moving = False
        self._unseen, self._box = unseen_voxels(result), box_of_change(result)
        self._item = result.browser.GetSelectedItemNumber()
        self._months = result.months[max(self._item, 0)]
        self._tag = result.browser.AddObserver(vtk.vtkCommand.ModifiedEvent, self._on_browser)

    @property
    def months(self) -> float:
        """The month that is shown."""
        return self._months

    def show(self, months: float) -> None:
        """Show a month; beyond the stored times the nearest one.

        Raises
        ------
        RuntimeError
            If the result was removed from its scene.
        """
        if self._result.scene is None:
            raise RuntimeError("The result was removed from the scene; nothing can be shown.")
        stored = self._result.months
        self._months = min(max(months, stored[0]), stored[-1])
        self._select(int(np.searchsorted(stored, self._months + SAME_MONTH, side="right")) - 1)
        self._write()

    def close(self) -> None:
        """Stop following the browser; what is shown stays."""
        self._result.browser.RemoveObserver(self._tag)

    def _on_browser(self, *_: object) -> None:
        if self._moving or self._result.scene is None or "jacobian" not in self._result.maps:
            return
        item = self._result.browser.GetSelectedItemNumber()
        if item == self._item or item < 0:
            # Any other change of the browser also resets the proxies to the stored item.
            self._write()
            return
        self._item = item
        self._months = self._result.months[item]
        if self._on_months is not None:
            self._on_months(self._months)

    def _select(self, item: int) -> None:
        self._item = item
        browser = self._result.browser
        self._moving = True
        try:
            if browser.GetSelectedItemNumber() != item:
                browser.SetSelectedItemNumber(item)
            for name in self._shown():
                self._keep_stored_apart(name)
        finally:
            self._moving = False

    def _keep_stored_apart(self, map_name: str) -> None:
        """Make sure that the proxy has voxels of its own: with SaveChanges on it shares those of the item."""
        browser, sequence = self._result.browser, self._result.sequence(map_name)
        if browser.GetSaveChanges(sequence) or browser.GetProxyNode(sequence) is None:
            browser.SetSaveChanges(sequence, False)
            self._logic.UpdateProxyNodesFromSequences(browser)

    def _write(self) -> None:
        for name in self._shown():
            proxy = self._result.proxy(name)
            image = None if proxy is None else proxy.GetImageData()
            if image is None:
                continue  # the logic is making it, and says so again when it is done
            voxels = slicer.util.arrayFromVolume(proxy)
            interpolate_map(self._result, name, self._months, voxels, self._box)
            hide_unseen(voxels, self._unseen, name)
            # The image's event reaches views and display nodes; the whole node's would make them set up anew.
            image.GetPointData().GetScalars().Modified()
            image.Modified()

    def _shown(self) -> list[str]:
        result = self._result
        names = [name for name in CONTINUOUS_MAPS if name in result.maps]
        return [name for name in names if result.browser.GetPlayback(result.sequence(name))]
