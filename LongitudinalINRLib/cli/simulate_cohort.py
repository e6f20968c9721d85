"""`simulate-cohort`: a BIDS folder of people whose change is known."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from LongitudinalINRLib.cli.options import AsJson, month_list
from LongitudinalINRLib.cli.outcome import outcome, print_json, print_line
from LongitudinalINRLib.cli.simulate import LARGEST_SEED
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.plain_text import one_line

if TYPE_CHECKING:
    from LongitudinalINRLib.cohort.simulated.groups import Group

_PUBLISHED = "control:0.8,MCI:1.7,AD:2.2"


def simulate_cohort(
    output: Annotated[
        Path,
        typer.Argument(metavar="OUT", help="New or empty folder, or one to go on with.", show_default=False),
    ],
    people: Annotated[int, typer.Option(help="How many people.", metavar="N")] = 12,
    t1: Annotated[
        list[Path] | None,
        typer.Option(
            "--t1",
            metavar="FILE",
            help="A scan that people are likenesses of; once for each. None: an average brain.",
        ),
    ] = None,
    labels: Annotated[
        list[Path] | None,
        typer.Option("--labels", metavar="FILE", help="The segmentation of each scan, in the same order."),
    ] = None,
    groups: Annotated[
        str,
        typer.Option(
            help="Groups and the loss of their hippocampi, percent a year.", metavar="NAME:LOSS,..."
        ),
    ] = _PUBLISHED,
    months: Annotated[
        str, typer.Option(help="Months of the visits, 0 among them.", metavar="0,12,24")
    ] = "0,12,24",
    seed: Annotated[int, typer.Option(help="The same seed gives the same cohort.")] = 0,
    voxel_mm: Annotated[float, typer.Option(help="Edge of the voxels.", metavar="MM")] = 2.0,
    missing: Annotated[
        float, typer.Option(help="Share of follow-ups that do not take place.", metavar="SHARE")
    ] = 0.1,
    sites: Annotated[int, typer.Option(help="Scanners of the study, 1 to 3.", metavar="N")] = 2,
    scanner_changes: Annotated[
        float, typer.Option(help="Share of people who change scanner.", metavar="SHARE")
    ] = 0.1,
    blunders: Annotated[
        int,
        typer.Option(help="People with something wrong: swapped, dated wrongly, cut off ...", metavar="N"),
    ] = 0,
    segmentations: Annotated[
        bool,
        typer.Option(
            "--segmentations/--no-segmentations", help="Write the true regions where `bids` looks for them."
        ),
    ] = True,
    n_jobs: Annotated[
        int, typer.Option("--n-jobs", help="People made at the same time; 0: one a core.", metavar="N")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Simulate a BIDS folder of people in groups, with the truth about their change."""
    with outcome(as_json):
        from LongitudinalINRLib.cohort.simulated.cohort import simulate_cohort as simulate
        from LongitudinalINRLib.cohort.simulated.settings import CohortSettings
        from LongitudinalINRLib.simulate.settings import check_range

        check_range("--seed", seed, 0, LARGEST_SEED)
        check_range("--n-jobs", n_jobs, 0, 1000)
        check_range("--missing", missing, 0.0, 0.9)
        check_range("--scanner-changes", scanner_changes, 0.0, 1.0)
        settings = CohortSettings(
            people=people,
            groups=_groups(groups),
            months=tuple(sorted(month_list(months, "--months"))),
            seed=seed,
            voxel_mm=voxel_mm,
            missing=missing,
            sites=sites,
            scanner_changes=scanner_changes,
            blunders=blunders,
        )
        folder = simulate(
            output,
            settings,
            scans=_pairs(t1 or [], labels or []),
            with_segmentations=segmentations,
            processes=n_jobs or os.cpu_count() or 1,
            on_person=(lambda *_: None) if as_json else _tell,
        )
        if as_json:
            print_json({"output": str(output), "people": people, "truth": str(folder.group_slopes)})
        else:
            print_line(f"{people} people: {one_line(str(output))}. The truth: {one_line(str(folder.truth))}")


def _tell(participant: str, done: int, of: int) -> None:
    print_line(f"sub-{participant} ({done} of {of})")


def _pairs(t1: list[Path], labels: list[Path]) -> list[tuple[Path, Path]]:
    if len(t1) != len(labels):
        raise InputError(
            "option-format",
            "Scans and segmentations do not go together.",
            expected="--labels once for each --t1",
            found=f"{len(t1)} scans and {len(labels)} segmentations",
            advice="Give them in the same order.",
        )
    return list(zip(t1, labels, strict=True))


def _groups(text: str) -> tuple[Group, ...]:
    """Read names and losses: control:0.8,AD:2.2."""
    from LongitudinalINRLib.cohort.simulated.groups import Group

    groups = []
    for part in text.split(","):
        name, _, loss = part.partition(":")
        try:
            groups.append(Group(name=name.strip(), loss_percent_per_year=float(loss)))
        except ValueError as error:
            raise InputError(
                "option-format",
                "--groups cannot be read.",
                expected="names and the loss of the hippocampi, percent a year",
                found=repr(part),
                advice=f"Give them as in {_PUBLISHED}.",
            ) from error
    return tuple(groups)
