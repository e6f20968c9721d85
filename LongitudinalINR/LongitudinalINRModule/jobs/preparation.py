"""From scans in the scene to a job folder; the scene is as before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.request import NormsEntry, Outputs, Request, ScanEntry
from LongitudinalINRModule.background.steps import Steps
from LongitudinalINRModule.jobs.job_store import JobStore, StoredJob
from LongitudinalINRModule.settings.fit_settings import JobSettings

# Voxels as the scanner wrote them; compressing them would keep the window waiting.
_FORMAT = ".nii"


def prepare_job(
    store: JobStore,
    scans: Sequence[tuple[Any, float]],
    settings: JobSettings,
    segmentation: Any = None,
    mask: Any = None,
    exclude: Any = None,
    database: Any = None,
) -> Steps[tuple[StoredJob, list[str]]]:
    """Write the scans and what to do with them into a new job folder, in steps.

    The names of its files tell nothing.

    Parameters
    ----------
    store : JobStore
        Gets the folder.
    scans : sequence of (vtkMRMLScalarVolumeNode, float)
        With their months, the baseline first at month 0.
    settings : JobSettings
        What to do.
    segmentation, mask, exclude : vtkMRMLSegmentationNode or vtkMRMLLabelMapVolumeNode, optional
        Of the baseline: regions, brain, and where scans are not compared.
    database : optional
        Slicer's DICOM database: the copies have no headers that could tell the scanner.

    Returns
    -------
    stored : StoredJob
        Ready to run.
    warnings : list of str
        Of the segmentations.

    Raises
    ------
    InputError
        A scan or the norms cannot be used, or the folder cannot be written; nothing is left of it then.
    """
    from LongitudinalINRModule.scans.scan_scanner import scanner_of_volumes

    made: list[StoredJob] = []  # known here too if the person stops while the folder is being made
    try:
        norms = yield from _readable(settings.norms)
        yield lambda: made.append(store.new())
        (stored,) = made
        request, warnings = yield from _write_inputs(stored, scans, settings, segmentation)
        masks: dict[str, str] = {}
        for name, node in (("mask", mask), ("exclude", exclude)):
            if node is not None:
                masks[name], told = yield from _write_mask(stored, name, node, scans[0][0])
                warnings += told
        request = replace(request, mask=masks.get("mask"), exclude=masks.get("exclude"), norms=norms)
        if settings.scanner == "auto":
            scanner = scanner_of_volumes([volume for volume, _ in scans], database)
            request = replace(request, scanner=scanner)
        text = request.to_json().encode()
        yield partial(stored.folder.manifest.write_bytes, stored.folder.request, text)
    except OSError as error:
        _discard(made)
        raise InputError(
            "inputs-unwritable",
            "The scans could not be copied into the job's folder.",
            expected="a folder that may be written, with space for copies of the scans",
            found=error.strerror or str(error),
            advice="Free some disk space, or choose another folder in Settings > Advanced > Keep jobs in.",
        ) from error
    except BaseException:
        _discard(made)
        raise
    return stored, warnings


def _readable(norms: NormsEntry | None) -> Steps[NormsEntry | None]:
    """Return the norms with the whole path of their file, which is read before any scan is copied."""
    if norms is None:
        return None
    from LongitudinalINRLib.analysis.norms.files import read_norms

    path = Path(norms.path).absolute()
    yield partial(read_norms, path)
    return replace(norms, path=str(path))


def _discard(made: Sequence[StoredJob]) -> None:
    for stored in made:
        stored.discard()


def _write_inputs(
    stored: StoredJob, scans: Sequence[tuple[Any, float]], settings: JobSettings, segmentation: Any
) -> Steps[tuple[Request, list[str]]]:
    from LongitudinalINRModule.result.region_colours import colours_to_json
    from LongitudinalINRModule.scans.label_export import export_labels
    from LongitudinalINRModule.scans.scan_export import check_distinct, export_scan

    check_distinct([volume for volume, _ in scans])
    inputs, baseline = stored.folder.inputs, scans[0][0]
    writing = stored.folder.manifest.writing
    names = [f"inputs/scan-{index}{_FORMAT}" for index in range(len(scans))]
    for (volume, _), name in zip(scans, names, strict=True):
        yield from export_scan(volume, stored.folder.path / name, writing)
    # The worker removes its inputs when it is done.
    yield partial(stored.folder.manifest.link, inputs / f"scan-0{_FORMAT}", stored.baseline_copy)
    warnings: list[str] = []
    request = Request(
        baseline=names[0],
        follow_ups=tuple(
            ScanEntry(name, months) for name, (_, months) in zip(names[1:], scans[1:], strict=True)
        ),
        config=settings.config,
        align=settings.align,
        bias_correction=settings.bias_correction,
        scanner=settings.scanner,
        regions=settings.regions if segmentation is None else "none",
        device=settings.device,
        background=True,
        outputs=Outputs(
            settings.map_months([months for _, months in scans]), settings.maps, allow_far=settings.allow_far
        ),
    )
    if segmentation is not None:
        labels = inputs / "labels.nii.gz"
        regions, told = yield from export_labels(segmentation, baseline, labels, writing)
        yield partial(stored.folder.manifest.link, labels, stored.labels_copy)
        warnings += told
        names_of = {region.label: region.name for region in regions if region.name}
        colours = colours_to_json({each.label: each.colour for each in regions})
        yield partial(stored.keep_notes, {"region_colours": colours})
        request = replace(request, labels="inputs/labels.nii.gz", region_names=names_of or None)
    return request, warnings


def _write_mask(stored: StoredJob, name: str, node: Any, baseline: Any) -> Steps[tuple[str, list[str]]]:
    from LongitudinalINRModule.scans.label_export import export_labels

    path = f"inputs/{name}.nii.gz"
    writing = stored.folder.manifest.writing
    _, warnings = yield from export_labels(node, baseline, stored.folder.path / path, writing)
    return path, warnings
