"""What is fitted: the scans of one person as tensors, with their geometry."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor


@dataclass(frozen=True)
class Image:
    """A scan as the fit sees it.

    Parameters
    ----------
    values : Tensor, shape (I, J, K)
        Normalised intensity, float32.
    world_to_voxel : Tensor, shape (4, 4)
        Baseline RAS mm to voxel index of this image, float64. The alignment of a follow-up is part of it, so
        that every scan is interpolated once.
    support : Tensor, shape (I, J, K), optional
        Where the scan holds data, bool; everywhere when not given. What was stripped off a scan is none.
    """

    values: Tensor
    world_to_voxel: Tensor
    support: Tensor | None = None

    def to(self, device: torch.device | str) -> Image:
        """Return the image with its voxels on another device."""
        support = None if self.support is None else self.support.to(device)
        return replace(self, values=self.values.to(device), support=support)


@dataclass(frozen=True)
class Observation:
    """A follow-up scan.

    Parameters
    ----------
    months : float
        Since baseline.
    image : Image
        The scan.
    other_sharpness : bool
        Whether it is more or less sharp than the baseline, so that blur must not be taken for change.
    """

    months: float
    image: Image
    other_sharpness: bool = False


@dataclass(frozen=True)
class FitProblem:
    """One person's scans.

    Parameters
    ----------
    baseline : Image
        The earliest scan; its grid is the space of every result.
    follow_ups : tuple of Observation
        Later scans, ascending in time.
    mask : Tensor, shape (I, J, K)
        Brain on the baseline's grid, bool.
    counted : Image, optional
        On the baseline's grid: 1 where the scans are compared, 0 where they are not, such as in a lesion that
        appears. What lies there follows its surroundings; the regularisers act on it as elsewhere.
    """

    baseline: Image
    follow_ups: tuple[Observation, ...]
    mask: Tensor
    counted: Image | None = None

    @property
    def voxel_to_world(self) -> Tensor:
        """Baseline voxel index to RAS mm, shape (4, 4), float64."""
        inverse: Tensor = torch.linalg.inv(self.baseline.world_to_voxel)
        return inverse

    @property
    def months(self) -> tuple[float, ...]:
        """Months of the follow-ups."""
        return tuple(scan.months for scan in self.follow_ups)

    def to(self, device: torch.device | str) -> FitProblem:
        """Return the problem with its voxels on another device."""
        return replace(
            self,
            baseline=self.baseline.to(device),
            follow_ups=tuple(replace(scan, image=scan.image.to(device)) for scan in self.follow_ups),
            mask=self.mask.to(device),
            counted=None if self.counted is None else self.counted.to(device),
        )

    def compared(self) -> FitProblem:
        """Return the problem whose brain is what counts: for judging scans, not for fitting."""
        if self.counted is None:
            return self
        return replace(self, mask=self.mask & (self.counted.values > 0.5), counted=None)
