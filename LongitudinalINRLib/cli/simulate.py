"""`simulate`: a subject whose change is known."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from LongitudinalINRLib.cli.options import AsJson, month_list
from LongitudinalINRLib.cli.outcome import outcome, print_json, print_line, print_warning
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.plain_text import one_line

LARGEST_SEED = 2**63 - 1


def simulate(
    t1: Annotated[Path, typer.Option("--t1", help="A T1-weighted scan.")],
    labels: Annotated[Path, typer.Option(help="Its segmentation, with FreeSurfer's label numbers.")],
    months: Annotated[str, typer.Option(help="Months of the scans, 0 among them.", metavar="0,12,24,36")],
    output: Annotated[
        Path, typer.Option(help="New or empty folder, or that of an earlier simulation.", metavar="DIR")
    ],
    noise: Annotated[
        float, typer.Option(help="Standard deviation of the noise, as a share of the brightest.")
    ] = 0.02,
    seed: Annotated[int, typer.Option(help="The same seed gives the same subject.")] = 0,
    smoothness_mm: Annotated[
        float, typer.Option(help="Blur of the borders between regions in the map of change.", metavar="MM")
    ] = 3.0,
    as_json: AsJson = False,
) -> None:
    """Simulate follow-up scans with known truth from any scan and its segmentation."""
    with outcome(as_json):
        times = month_list(months, "--months")
        _check("--seed", seed, 0, LARGEST_SEED)
        settings = {"noise": noise, "smoothness_mm": smoothness_mm}
        from LongitudinalINRLib.imaging.reading import read_labels, read_volume
        from LongitudinalINRLib.simulate.change import Change
        from LongitudinalINRLib.simulate.ownership import check_place
        from LongitudinalINRLib.simulate.scanner import Scanner
        from LongitudinalINRLib.simulate.settings import RANGES, with_settings
        from LongitudinalINRLib.simulate.subject import simulate_subject

        for name, value in settings.items():
            _check(f"--{name.replace('_', '-')}", value, *RANGES[name])
        _refuse_own_input(output, {"--t1": t1, "--labels": labels})
        check_place(output)
        change, scanner = with_settings(Change(), Scanner(), settings)
        subject = simulate_subject(
            read_volume(t1)[0], read_labels(labels)[0], times, change=change, scanner=scanner, seed=seed
        )
        subject.save(output, print_warning)
        if as_json:
            print_json({"output": str(output), "months": list(subject.months)})
        else:
            print_line(f"{len(subject.months)} scans with their truth: {one_line(str(output))}")


def _check(option: str, value: float, lowest: float, largest: float) -> None:
    if not (math.isfinite(value) and lowest <= value <= largest):
        raise InputError(
            "option-range",
            f"The value of {option} cannot be used.",
            expected=f"a number from {lowest:g} to {largest:g}",
            found=f"{value}",
            advice="Leave the option out to use the default.",
        )


def _refuse_own_input(output: Path, inputs: Mapping[str, Path]) -> None:
    """Refuse to read from the folder that is written to: what is read there would be replaced."""
    for option, path in inputs.items():
        real = Path(os.path.realpath(path))
        if any(_same(folder, output) for folder in (real, *real.parents)):
            raise InputError(
                "output-protected",
                f"A simulated subject is not written to {output.name}: {option} is in it.",
                expected="an output folder beside the scan and its segmentation",
                found=f"{path.name} in the output folder",
                advice="Choose a new folder.",
            )


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them is not there
        return False
