"""The maps that a result was kept without, made from its model: ``python -m … RESULT FOLDER``.

Runs in a child process, since it needs PyTorch and takes a while. The last line that it prints is an event of
`jobs.events` where it fails.
"""

from __future__ import annotations

import sys
from pathlib import Path

from LongitudinalINRLib.words import MAPS_OF_SCANS, MapName, map_file_name

MAPS: tuple[MapName, ...] = ("jacobian", "rate")


def make_maps(path: Path, folder: Path) -> None:
    """Write the maps of a result at the months of its scans.

    Parameters
    ----------
    path : Path
        The job's folder; it is left as it is.
    folder : Path
        Gets the maps by the names they have in a job's folder: |J| and its rate, intervals where they are
        known, and follow-ups where their scans are still there.
    """
    from LongitudinalINRLib.errors import InputError
    from LongitudinalINRLib.imaging.writing import write_volume
    from LongitudinalINRLib.jobs.prediction import predict
    from LongitudinalINRLib.jobs.results import open_result

    result = open_result(path)
    names: tuple[MapName, ...] = (*MAPS, "interval") if result.residual is not None else MAPS
    months = result.request.months
    for month in months:
        for name, volume in predict(result, month, names).items():
            write_volume(volume, folder / map_file_name(name, month))
    try:
        for month in months[1:]:
            for name, volume in predict(result, month, MAPS_OF_SCANS).items():
                write_volume(volume, folder / map_file_name(name, month))
    except InputError:
        return  # a scan is gone, or is another one now: the map is shown without the checks


def main(path: str, folder: str) -> int:
    """Make maps, and return the exit code of the command line."""
    from LongitudinalINRLib.jobs import events
    from LongitudinalINRLib.jobs.failures import DONE, details, explain

    try:
        make_maps(Path(path), Path(folder))
    except (Exception, KeyboardInterrupt) as error:
        event, code = explain(error)
        print(details(error), events.to_line(event), sep="\n", flush=True)
        return code
    return DONE


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
