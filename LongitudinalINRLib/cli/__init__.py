"""The command line, `longitudinal-inr`: arguments to requests, events to the screen."""

from __future__ import annotations

import sys

from LongitudinalINRLib.cli.logs import write_log
from LongitudinalINRLib.cli.streams import failure_text, say
from LongitudinalINRLib.jobs.failures import DEFECT, explain
from LongitudinalINRLib.jobs.leaving import leave
from LongitudinalINRLib.jobs.output import open_standard_streams
from LongitudinalINRLib.jobs.sharing import wait_politely
from LongitudinalINRLib.plain_text import one_line

__all__ = ["main"]


def main() -> None:
    """Run the command line; whatever goes wrong, also before a command has begun, is told in words."""
    try:
        open_standard_streams()
        wait_politely()
        from LongitudinalINRLib.cli.app import run  # here, since it may fail: memory, a missing package

        code = run(sys.argv[1:])
    except (Exception, KeyboardInterrupt) as error:
        event, code = explain(error)
        say(failure_text(event))
        if code == DEFECT and (log := write_log(error)):
            say(f"  Details are in {one_line(str(log))}\n")
    leave(code)
