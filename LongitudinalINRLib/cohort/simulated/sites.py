"""The scanners of a simulated study: each shows the same head a little differently."""

from __future__ import annotations

from dataclasses import dataclass

from LongitudinalINRLib.simulate.scanner import Scanner


@dataclass(frozen=True)
class Site:
    """A scanner.

    Parameters
    ----------
    name : str
        As in participants.tsv and the sidecars.
    model : str
        Of the scanner, for the sidecars.
    serial : str
        Of the scanner, for the sidecars.
    noise : float
        See `Scanner`; of voxels of 1 mm.
    drift : float
        See `Scanner`.
    scale_percent : float
        By how much it shows every head too large.
    contrast : float
        Exponent of the intensities.
    brightness : float
        Factor of the intensities.
    """

    name: str
    model: str
    serial: str
    noise: float
    drift: float
    scale_percent: float
    contrast: float
    brightness: float


SITES = (
    Site("north", "Simulated A", "A1", 0.020, 0.03, 0.00, 1.00, 1.0),
    Site("south", "Simulated B", "B1", 0.030, 0.05, 0.15, 0.92, 2.2),
    Site("west", "Simulated C", "C1", 0.025, 0.04, -0.10, 1.08, 0.6),
)


def scanner_at(now: Site, at_baseline: Site, voxel_mm: float) -> Scanner:
    """Return what a follow-up at a site looks like to somebody who knows the person's baseline.

    The intensities and the scale of the baseline are part of the anatomy there (see `likeness`); a follow-up
    on the same scanner departs from it by noise, drift and position alone.

    Parameters
    ----------
    now, at_baseline : Site
    voxel_mm : float
        Edge of the voxels, which are as noisy as the mean of the voxels of 1 mm that they hold.
    """
    return Scanner(
        noise=now.noise / voxel_mm**1.5,
        drift=now.drift,
        scale_percent=now.scale_percent - at_baseline.scale_percent,
        contrast=now.contrast / at_baseline.contrast,
    )
