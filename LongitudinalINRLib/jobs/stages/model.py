"""The fitted model and how it came about, as files."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from safetensors.torch import save

from LongitudinalINRLib import __version__
from LongitudinalINRLib.analysis.appearance import Appearance
from LongitudinalINRLib.analysis.quality import SeriesQuality
from LongitudinalINRLib.core.fit import FitResult
from LongitudinalINRLib.core.published import loss_weights
from LongitudinalINRLib.files import json_text
from LongitudinalINRLib.imaging.alignment import Alignment
from LongitudinalINRLib.jobs.alignments import alignment_to_json
from LongitudinalINRLib.jobs.device import describe_device
from LongitudinalINRLib.jobs.documents.account import read_account
from LongitudinalINRLib.jobs.job import Job
from LongitudinalINRLib.jobs.request import ScanEntry
from LongitudinalINRLib.jobs.scanners import found_in_headers

_PACKAGES = ("torch", "numpy", "nibabel", "SimpleITK")


def save_model(
    job: Job,
    result: FitResult,
    alignments: Mapping[float, Alignment],
    quality: SeriesQuality,
    appearance: Sequence[Appearance],
    left_out_ml: float,
    device: str,
) -> None:
    """Write `model.safetensors`, `model.json` and, last, `fit.json`, which says that the model is whole.

    Parameters
    ----------
    job : Job
        The request at work.
    result : FitResult
        What the fit gave.
    alignments : mapping of float to Alignment
        Alignment of each follow-up, by month.
    quality : SeriesQuality
        How well the scans go together after the fit.
    appearance : sequence of Appearance
        How the follow-ups look beside the baseline, before it.
    left_out_ml : float
        Volume of the brain in which the scans were not compared.
    device : str
        Where it was fitted.
    """
    folder = job.folder
    description = {"version": __version__, **result.model.metadata()}
    manifest = folder.manifest
    manifest.write_bytes(folder.model_weights, save(result.model.tensors()))
    manifest.write_bytes(folder.model_description, json_text(description).encode())
    account = json_text(_account(job, result, alignments, quality, appearance, left_out_ml, device))
    manifest.write_bytes(folder.fit, account.encode())
    manifest.remove([folder.checkpoint])


def has_model(job: Job) -> bool:
    """Tell whether the folder holds the whole model of this very fit, as it was written."""
    folder = job.folder
    model = (folder.fit, folder.model_weights, folder.model_description)
    whole = all(path.exists() and folder.manifest.usable(path) for path in model)
    return whole and read_account(folder.fit).key == job.fit_key()


def _account(
    job: Job,
    result: FitResult,
    alignments: Mapping[float, Alignment],
    quality: SeriesQuality,
    appearance: Sequence[Appearance],
    left_out_ml: float,
    device: str,
) -> dict[str, Any]:
    request = job.request
    return {
        "key": job.fit_key(),
        "versions": {
            "LongitudinalINR": __version__,
            "python": platform.python_version(),
            **{package: version(package) for package in _PACKAGES},
        },
        "scans": _scans(job),
        "mask": "given" if request.mask else "labels" if request.labels else "estimated",
        "excluded_ml": left_out_ml,
        "bias_correction": request.bias_correction,
        "config": asdict(request.config),
        "loss_weights": asdict(loss_weights(request.config, len(request.follow_ups))),
        "device": describe_device(device),
        "seconds": {**job.reporter.seconds, "fit": result.seconds},
        "alignments": [
            {"name": f"scan-{index}", "months": months, **alignment_to_json(alignment)}
            for index, (months, alignment) in enumerate(alignments.items(), start=1)
        ],
        "quality": {**asdict(quality), "appearance": [asdict(scan) for scan in appearance]},
        "person": asdict(job.person),
        "scanner": asdict(found_in_headers(request, job.folder)),
        "warnings": list(job.reporter.warnings),
        "history": result.history,
    }


def _scans(job: Job) -> list[dict[str, Any]]:
    request = job.request
    baseline = ScanEntry(request.baseline, 0.0, date=request.baseline_date)
    ordered = sorted((baseline, *request.follow_ups), key=lambda scan: scan.months)
    return [
        {
            "name": f"scan-{index}",
            "months": scan.months,
            "months_from": scan.months_from,
            "date": scan.date,
            "sha256": job.identity[f"scan-{index}"],
        }
        for index, scan in enumerate(ordered)
    ]
