"""A finished fit, for Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from LongitudinalINRLib.analysis.region_row import RegionRow, read_regions
from LongitudinalINRLib.api.card import card_html, sentences
from LongitudinalINRLib.api.norms import Norms
from LongitudinalINRLib.api.tables import table_of
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.horizon import refuse_far, warning_of_far
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.integrity import refuse_damaged
from LongitudinalINRLib.jobs.request import Request
from LongitudinalINRLib.jobs.sharing import wait_politely
from LongitudinalINRLib.words import MapName

if TYPE_CHECKING:
    import nibabel as nib
    import pandas as pd

    from LongitudinalINRLib.jobs.documents.account import Account
    from LongitudinalINRLib.jobs.results import Result as OpenedResult

_FARTHER = "Ask for earlier months; if it is wanted all the same, give allow_far=True."


class Result:
    """What a fit left in its folder; `open_result` and `fit` return one.

    The model is read once a map or a measurement asks for it, and PyTorch with it; tables and the card need
    neither. In a notebook, a result shows what changed beyond its error and a picture of the map.

    Parameters
    ----------
    folder : JobFolder
        Of a finished fit.
    """

    def __init__(self, folder: JobFolder):
        self._folder = folder
        wait_politely()  # before torch is imported, which otherwise keeps cores busy while it waits

    @property
    def folder(self) -> Path:
        """Where everything is."""
        return self._folder.path

    @property
    def report(self) -> Path | None:
        """The report to open in a browser, if it was asked for."""
        return self._folder.report if self._folder.report.exists() else None

    @property
    def months(self) -> tuple[float, ...]:
        """Months with a scan, the baseline's 0 first."""
        return self.request.months

    @cached_property
    def request(self) -> Request:
        """What was asked."""
        from LongitudinalINRLib.jobs.validation import read_request_file

        return read_request_file(self._folder.request)

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What to know before the numbers are used."""
        return tuple(self._account.warnings)

    @property
    def findings(self) -> list[str]:
        """What changed beyond its error up to the last scan, and what may as well not have, in sentences."""
        return sentences(self._rows)

    def map(self, name: MapName, months: float, *, allow_far: bool = False) -> nib.Nifti1Image:
        """Return a map on the baseline's grid.

        Parameters
        ----------
        name : str
            ``jacobian`` (|J|, 1 where nothing changed and outside the mask), ``log-jacobian``, ``rate`` (per
            month), ``interval`` (90 % half-width of log|J|), ``displacement`` (RAS mm), ``aligned``,
            ``warped`` (at the months of follow-ups) or ``predicted``.
        months : float
            Since the baseline; after the last scan it is extrapolated.
        allow_far : bool
            Whether it may lie farther beyond the last scan than the scans span.

        Returns
        -------
        nibabel.Nifti1Image
            float32.

        Raises
        ------
        InputError
            The month or the map cannot be had.
        """
        from LongitudinalINRLib.imaging.writing import as_nifti
        from LongitudinalINRLib.jobs.prediction import predict

        self._check_months([months], allow_far)
        return as_nifti(predict(self._opened, float(months), [name])[name])

    def jacobian(self, months: float, *, allow_far: bool = False) -> nib.Nifti1Image:
        """Return |J| at a month: 1 is no change, 0.98 is 2 % smaller. See `map`."""
        return self.map("jacobian", months, allow_far=allow_far)

    def rate(self, months: float, *, allow_far: bool = False) -> nib.Nifti1Image:
        """Return the rate of |J| per month at a month. See `map`."""
        return self.map("rate", months, allow_far=allow_far)

    def regions(
        self,
        *,
        labels: str | PathLike[str] | None = None,
        months: Sequence[float] | None = None,
        norms: Norms | None = None,
        allow_far: bool = False,
    ) -> pd.DataFrame:
        """Return the change of each region, a row for each region and month; the columns of ``regions.csv``.

        Parameters
        ----------
        labels : path, optional
            Another segmentation on the baseline's grid; the fit's own where there is none.
        months : sequence of float, optional
            Months to measure at; those of the fit's maps where there are none.
        norms : Norms, optional
            Gives the rows of the last scan their centiles among healthy people.
        allow_far : bool
            Whether months may lie farther beyond the last scan than the scans span.

        Raises
        ------
        InputError
            Labels, months or norms cannot be used.
        """
        rows = self._rows if labels is None and months is None else self._measured(labels, months, allow_far)
        if norms is not None:
            from LongitudinalINRLib.jobs.beside_norms import rows_beside_norms

            rows, warnings = rows_beside_norms(rows, norms.entry(), self.request)
            _tell(warnings)
        return table_of([asdict(row) for row in rows])

    def trajectories(self) -> pd.DataFrame:
        """Return the course of each region over time; the columns of ``trajectories.csv``."""
        refuse_damaged(self._folder, [self._folder.trajectories])
        return table_of(self._folder.trajectories)

    def show(self, months: float | None = None, *, allow_far: bool = False) -> Any:
        """Show a map of change over the brain; blue has shrunk, red has grown.

        What lies within its 90 % interval is not drawn. The month, and whether it is observed, interpolated
        or extrapolated, stands above.

        Parameters
        ----------
        months : float, optional
            Since the baseline; the last scan's where there is none.
        allow_far : bool
            Whether it may lie farther beyond the last scan than the scans span.

        Returns
        -------
        ipywidgets.VBox or PIL.Image.Image
            An interactive view where ipyniivue is installed, else a picture of three slices.

        Raises
        ------
        InputError
            The month cannot be had.
        """
        from LongitudinalINRLib.api.pictures import view

        shown = self.months[-1] if months is None else float(months)
        self._check_months([shown], allow_far)
        return view(self._opened, shown)

    def __repr__(self) -> str:
        return f"<Result of {len(self.months)} scans in {self.folder}>"

    def _repr_html_(self) -> str:
        from LongitudinalINRLib.api.pictures import picture_uri

        picture = picture_uri(self._opened)
        days = zip(self.months, (scan.date for scan in self._account.scans), strict=True)
        dates = {months: date.fromisoformat(day) for months, day in days if day is not None}
        return card_html(self._rows, self.months, dates, self.warnings, picture, self.folder.name)

    @cached_property
    def _account(self) -> Account:
        from LongitudinalINRLib.jobs.documents.account import read_account

        return read_account(self._folder.fit)

    @cached_property
    def _rows(self) -> list[RegionRow]:
        refuse_damaged(self._folder, [self._folder.regions])
        return read_regions(self._folder.regions)

    @cached_property
    def _opened(self) -> OpenedResult:
        from LongitudinalINRLib.jobs.device import take_usable_cores
        from LongitudinalINRLib.jobs.results import open_result

        take_usable_cores()
        return open_result(self._folder.path, warn=lambda text: _tell([text]))

    def _check_months(self, months: Sequence[float], allow_far: bool) -> None:
        """Refuse months that nothing can be said about, and warn of those far beyond the last scan."""
        from LongitudinalINRLib.jobs.checks import check_asked_month

        for month in months:
            check_asked_month(month)
        if not allow_far:
            refuse_far(months, self.months[-1], _FARTHER)
        far = warning_of_far(months, self.months[-1])
        _tell([far] if far else [])

    def _measured(
        self, labels: str | PathLike[str] | None, months: Sequence[float] | None, allow_far: bool
    ) -> list[RegionRow]:
        from LongitudinalINRLib.jobs.measuring import measure_regions

        self._check_months(months or (), allow_far)
        asked = None if months is None else [float(month) for month in months]
        path = None if labels is None else Path(labels)
        names = self.request.region_names if labels is None else None
        analysis = measure_regions(self._opened, path, asked, names)
        _tell(analysis.warnings)
        return analysis.rows


def open_result(folder: str | PathLike[str]) -> Result:
    """Open the result of a finished fit, whichever front made it.

    Parameters
    ----------
    folder : path
        The output folder.

    Raises
    ------
    InputError
        It holds no finished fit, or a damaged one.
    """
    job = JobFolder(folder)
    if job.state != "finished":
        raise InputError(
            "no-result",
            f"{job.path.name} holds no finished fit.",
            expected="the output folder of a finished fit",
            found="no job" if job.state == "empty" else f"a fit that is {job.state}",
            advice="Give the folder that was the output of a fit; the same call of fit goes on with it.",
        )
    refuse_damaged(job, [job.request, job.fit, job.regions, job.results])
    return Result(job)


def _tell(warnings: Sequence[str]) -> None:
    import warnings as python_warnings

    for text in warnings:
        python_warnings.warn(text, stacklevel=3)
