"""A finished fit, opened for questions."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.torch import load

from LongitudinalINRLib.analysis.error_model import ScannerError
from LongitudinalINRLib.analysis.voxel_maps import VoxelMaps
from LongitudinalINRLib.core.known_errors import has_known_errors
from LongitudinalINRLib.core.model import FittedModel
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.alignment import Alignment
from LongitudinalINRLib.imaging.formats.nifti import load as load_nifti
from LongitudinalINRLib.imaging.scanner import ScannerFinding
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.jobs.device import choose_device
from LongitudinalINRLib.jobs.documents.account import Account, read_account
from LongitudinalINRLib.jobs.documents.identity import read_identity
from LongitudinalINRLib.jobs.documents.model import read_model_description
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.integrity import OLDER_RESULT, holds_older, refuse_damaged
from LongitudinalINRLib.jobs.request import Request
from LongitudinalINRLib.jobs.scanners import decided, scanner_error
from LongitudinalINRLib.jobs.scans import Scans
from LongitudinalINRLib.jobs.validation import read_request_file


@dataclass(frozen=True, eq=False)
class Result:
    """What a fit left in its folder.

    Parameters
    ----------
    folder : JobFolder
        Where it is.
    request : Request
        What was asked.
    scans : Scans
        The inputs, read when asked for; they may be gone by then.
    model : FittedModel
        The deformation.
    mask : Volume
        Brain on the baseline's grid, bool.
    alignments : dict of float to Alignment
        By month of the follow-up.
    account : Account
        The content of `fit.json`.
    """

    folder: JobFolder
    request: Request
    scans: Scans
    model: FittedModel
    mask: Volume
    alignments: dict[float, Alignment]
    account: Account

    @cached_property
    def voxel_maps(self) -> VoxelMaps:
        """Makes maps on the baseline's grid."""
        return VoxelMaps(self.model, self.mask)

    @property
    def valid(self) -> Volume:
        """Where every follow-up has data, on the baseline's grid, bool."""
        return _read_mask(self.folder, self.folder.valid)

    @property
    def residual(self) -> float | None:
        """Root of the share of the follow-ups' variance that the fit leaves unexplained.

        None where the error bars that it serves are not known (see `has_known_errors`).
        """
        if not has_known_errors(self.model.config):
            return None
        return math.exp(self.account.history[-1]["similarity"])

    @property
    def scanner(self) -> ScannerFinding:
        """Whether all scans are known to be of one scanner."""
        return decided(self.request, self.account)

    @property
    def scan_dates(self) -> tuple[str | None, ...]:
        """The day of each scan as YYYY-MM-DD, the baseline's first; None where not known or not kept."""
        return tuple(scan.date for scan in self.account.scans)

    @property
    def scanner_error(self) -> ScannerError:
        """What the scanners add to the error of every change."""
        return scanner_error(self.scanner, self.account)


def open_result(
    path: str | PathLike[str], device: str | None = None, warn: Callable[[str], None] = lambda _: None
) -> Result:
    """Open the result of a fit.

    Parameters
    ----------
    path : str or path
        The output folder.
    device : str, optional
        Where to compute; CUDA where it is found, else the CPU.
    warn : callable
        Takes what the person should know about the result.

    Raises
    ------
    InputError
        The folder holds no fitted model, or a damaged one.
    """
    folder = JobFolder(path)
    if not folder.fit.exists():
        raise InputError(
            "no-result",
            f"{folder.path.name} holds no fitted model.",
            expected="the output folder of a finished fit",
            found={"empty": "no job", "running": "a fit that is still running"}.get(
                folder.state, "an unfinished fit"
            ),
            advice="Give the folder that was the --output of a fit; finish an unfinished one with: resume.",
        )
    if holds_older(folder):
        warn(OLDER_RESULT)
    refuse_damaged(folder, _used(folder))
    request = read_request_file(folder.request)
    identity = read_identity(folder.identity) if folder.identity.exists() else {}
    scans = Scans(folder, request, identity=identity)
    return load_result(folder, request, scans, device or choose_device("auto"))


def _used(folder: JobFolder) -> tuple[Path, ...]:
    model = (folder.fit, folder.model_weights, folder.model_description)
    labels = (folder.labels, folder.labels_note) if folder.labels_note.exists() else ()
    return (folder.request, folder.identity, *model, folder.mask, folder.valid, *labels, folder.results)


def load_result(folder: JobFolder, request: Request, scans: Scans, device: str) -> Result:
    """Read what `stages.model.save_model` wrote, for a request and scans that are known already."""
    account = read_account(folder.fit)
    alignments = {entry.months: entry.alignment for entry in account.alignments}
    mask = _read_mask(folder, folder.mask)
    return Result(folder, request, scans, _read_model(folder, device), mask, alignments, account)


def _read_model(folder: JobFolder, device: str) -> FittedModel:
    description = read_model_description(folder.model_description).metadata
    try:
        return FittedModel.from_parts(load(folder.model_weights.read_bytes()), description, device)
    except (OSError, SafetensorError, KeyError, RuntimeError, ValueError) as error:
        raise InputError(
            "model-unreadable",
            f"{folder.model_weights.name} cannot be read.",
            expected="the weights that fit wrote, with the model.json beside them",
            found=str(error).splitlines()[0],
            advice="Run the fit again.",
        ) from error


def _read_mask(folder: JobFolder, path: Any) -> Volume:
    if not path.exists():
        raise InputError(
            "result-incomplete",
            f"{path.name} is missing in {folder.path.name}.",
            expected="every file that fit wrote",
            found="no such file",
            advice="Finish the job with: resume; or run the fit again.",
        )
    volume, _ = load_nifti(path)
    return volume.with_array(np.ascontiguousarray(volume.array, np.bool_))
