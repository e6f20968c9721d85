"""The commands of `longitudinal-inr`."""

from __future__ import annotations

import typer

from LongitudinalINRLib.cli.ask import info, predict, regions, report
from LongitudinalINRLib.cli.demo import demo
from LongitudinalINRLib.cli.evaluate import evaluate
from LongitudinalINRLib.cli.fit import fit, resume
from LongitudinalINRLib.cli.simulate import simulate

app = typer.Typer(
    help="Continuous maps of local brain volume change from one person's MRI scans. Research use only.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (fit, predict, regions, report, resume, info, simulate, evaluate, demo):
    app.command()(command)


def main() -> None:
    """Run the command line."""
    app(prog_name="longitudinal-inr")
