"""The files of a finished job that a scene can show."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.request import Request
from LongitudinalINRLib.words import MAPS_OF_SCANS, MapName, map_file_name
from LongitudinalINRModule.stored_documents import read_request, shown


@dataclass(frozen=True)
class ResultFiles:
    """What a result folder holds, told by its request: no time is read from the name of a file.

    Parameters
    ----------
    folder : JobFolder
        Names everything that is not a map.
    request : Request
        What was asked for.
    maps_folder : Path, optional
        Where the maps lie, if not in the job's folder.
    """

    folder: JobFolder
    request: Request
    maps_folder: Path | None = None

    @classmethod
    def of(cls, path: str | Path) -> ResultFiles:
        """Read the request of a job folder.

        Raises
        ------
        InputError
            If the folder is not that of a job.
        """
        folder = JobFolder(path)
        try:
            return cls(folder, read_request(folder.request))
        except InputError as error:
            raise InputError(
                "not-a-result",
                f"The folder {shown(folder.path.name)} is not a result of LongitudinalINR.",
                expected=f"a folder with {folder.request.name}",
                found=error.found,
                advice="Choose the output folder of a finished job.",
            ) from error

    @property
    def observed_months(self) -> tuple[float, ...]:
        """Months with a scan, the baseline's 0 first."""
        return self.request.months

    @property
    def maps(self) -> tuple[MapName, ...]:
        """Names of the maps that were asked for."""
        return self.request.outputs.maps

    def months(self, map_name: str) -> tuple[float, ...]:
        """Return the months that a map was asked for at; those made from follow-ups exist at scans only."""
        months = self.request.map_months
        if map_name not in MAPS_OF_SCANS:
            return months
        return tuple(month for month in months if month in self.observed_months[1:])

    def path(self, map_name: str, months: float) -> Path:
        """Return where a map lies."""
        return (self.maps_folder or self.folder.maps) / map_file_name(map_name, months)
