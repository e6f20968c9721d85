"""The commands of `longitudinal-inr`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from LongitudinalINRLib import __version__
from LongitudinalINRLib.cli.ask import info, predict, regions, report
from LongitudinalINRLib.cli.bids import LISTS, bids, with_options_repeated
from LongitudinalINRLib.cli.demo import demo
from LongitudinalINRLib.cli.dicom import dicom
from LongitudinalINRLib.cli.evaluate import evaluate
from LongitudinalINRLib.cli.fit import fit, resume
from LongitudinalINRLib.cli.norms import build, compare
from LongitudinalINRLib.cli.outcome import ended, tell
from LongitudinalINRLib.cli.series import scans
from LongitudinalINRLib.cli.simulate import simulate
from LongitudinalINRLib.cli.streams import put, say
from LongitudinalINRLib.jobs.events import Failed
from LongitudinalINRLib.jobs.failures import BAD_INPUT, CANCELLED

_INTERRUPTED = 130  # what typer makes of a Ctrl-C while it reads the arguments
_UsageError: Any = typer.BadParameter.__base__


class Command(TyperCommand):
    """A command that refuses arguments which are of no use to any of its options."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments, unless one is empty: as a path, it would mean the folder one is in."""
        for text in args:
            name, equals, value = text.partition("=")
            if "\0" in text or not text.strip() or (name.startswith("--") and equals and not value.strip()):
                raise typer.BadParameter(f"an empty argument, or one with a null character: {text!r}", ctx)
        return super().parse_args(ctx, args)


class BidsCommand(Command):
    """A command whose lists are given as BIDS Apps take them: `--participant-label 01 02`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments, each label behind the option as if that were repeated."""
        return super().parse_args(ctx, with_options_repeated(args, LISTS))


def _say_version(asked: bool) -> None:
    if asked:
        put(f"longitudinal-inr {__version__}\n")
        raise typer.Exit


app = typer.Typer(
    help="Continuous maps of local brain volume change from one person's MRI scans. Research use only.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def common(
    version: Annotated[
        bool,
        typer.Option("--version", help="Say which version this is.", callback=_say_version, is_eager=True),
    ] = False,
) -> None:
    """Take what is given before a command."""


for command in (fit, scans, predict, regions, report, resume, info, dicom, simulate, evaluate, demo):
    app.command(cls=Command)(command)
app.command(cls=BidsCommand)(bids)

of_norms = typer.Typer(help="Reference values of one's own.", no_args_is_help=True, rich_markup_mode=None)
of_norms.command(cls=Command)(build)
of_norms.command(cls=Command)(compare)
app.add_typer(of_norms, name="norms")


def run(arguments: Sequence[str]) -> int:
    """Carry a command out and return its exit code; every failure is told."""
    as_json = "--json" in arguments
    try:
        code = app(list(arguments), prog_name="longitudinal-inr", standalone_mode=False)
    except _UsageError as error:
        return _misused(error, as_json)
    except typer.Abort:
        return CANCELLED
    except BrokenPipeError:  # of whoever reads the help
        return 0
    except (Exception, KeyboardInterrupt) as error:
        return ended(error, as_json)
    return CANCELLED if code == _INTERRUPTED else code or 0


def _misused(error: Any, as_json: bool) -> int:
    """Tell how a command is used, and return the exit code."""
    if type(error).__name__ == "NoArgsIsHelpError":
        say(error.format_message() + os.linesep)
        return BAD_INPUT
    usage = error.ctx.get_usage() if error.ctx else ""
    name = error.ctx.command_path if error.ctx else "longitudinal-inr"
    tell(
        Failed(
            "usage",
            error.format_message(),
            expected=" ".join(usage.removeprefix("Usage:").split()),
            advice=f"See what there is to give: {name} --help",
        ),
        as_json,
    )
    return BAD_INPUT
