"""`simulate`: a subject whose change is known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from LongitudinalINRLib.cli.options import AsJson, month_list
from LongitudinalINRLib.cli.outcome import outcome, print_json


def simulate(
    t1: Annotated[Path, typer.Option("--t1", help="A T1-weighted scan.")],
    labels: Annotated[Path, typer.Option(help="Its segmentation, with FreeSurfer's label numbers.")],
    months: Annotated[str, typer.Option(help="Months of the scans, 0 among them.", metavar="0,12,24,36")],
    output: Annotated[Path, typer.Option(help="Folder for scans, segmentations and truth.", metavar="DIR")],
    noise: Annotated[
        float, typer.Option(help="Standard deviation of the noise, as a share of the brightest.")
    ] = 0.02,
    seed: Annotated[int, typer.Option(help="The same seed gives the same subject.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Simulate follow-up scans with known truth from any scan and its segmentation."""
    with outcome(as_json):
        times = month_list(months, "--months")
        from LongitudinalINRLib.imaging.reading import read_labels, read_volume
        from LongitudinalINRLib.simulate.subject import simulate_subject

        subject = simulate_subject(read_volume(t1)[0], read_labels(labels)[0], times, noise=noise, seed=seed)
        subject.save(output)
        if as_json:
            print_json({"output": str(output), "months": list(subject.months)})
        else:
            console = Console(highlight=False, soft_wrap=True)
            console.print(f"{len(subject.months)} scans with their truth: {output}", markup=False)
