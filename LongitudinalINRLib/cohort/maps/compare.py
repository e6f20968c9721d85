"""The comparisons of groups, voxel by voxel, and what they leave in files."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from LongitudinalINRLib.cohort.maps.choice import Member, usual_contrasts
from LongitudinalINRLib.cohort.maps.clusters import COLUMNS, Cluster, clusters_of, threshold_t
from LongitudinalINRLib.cohort.maps.collect import Tell
from LongitudinalINRLib.cohort.maps.design import Design, design_of
from LongitudinalINRLib.cohort.maps.files import MapFile, MapFolder
from LongitudinalINRLib.cohort.maps.means import Mean
from LongitudinalINRLib.cohort.maps.options import MapOptions
from LongitudinalINRLib.cohort.maps.space import TemplateSpace
from LongitudinalINRLib.cohort.maps.store import ChangeStore
from LongitudinalINRLib.cohort.maps.voxels import VoxelTest, of_robust, permuted, robust

Analysed = NDArray[np.bool_]
_CONTROLLED = {
    "voxelfwe": "the family-wise error over voxels (largest t)",
    "clustersizefwe": "over clusters by size",
    "clustermassfwe": "over clusters by mass",
    "tfcefwe": "over threshold-free cluster enhancement",
    "fdr": "the false discovery rate over voxels (Benjamini and Hochberg)",
}
_DONE_BEFORE = 0.65


@dataclass(frozen=True)
class Compared:
    """What came of the comparisons.

    Parameters
    ----------
    free : dict of str to int
        Degrees of freedom of the comparisons that were made, by ``GROUP - REFERENCE``.
    untested : dict of str to str
        Why the others were not.
    methods : tuple of str
        How they were made, for a methods text.
    """

    free: dict[str, int]
    untested: dict[str, str]
    methods: tuple[str, ...]


def compare(
    folder: MapFolder,
    space: TemplateSpace,
    store: ChangeStore,
    members: Sequence[Member],
    analysed: Analysed,
    everybody: Mean,
    options: MapOptions,
    tell: Tell,
) -> Compared:
    """Compare groups, and write maps and clusters."""
    groups = {member.group for member in members}
    pairs = usual_contrasts(list(groups)) if options.contrasts is None else options.contrasts
    free: dict[str, int] = {}
    untested: dict[str, str] = {}
    clusters: list[Cluster] = []
    methods: dict[str, None] = {}
    for number, (group, reference) in enumerate(pairs):
        name = f"{group} - {reference}"
        tell(_DONE_BEFORE + (1 - _DONE_BEFORE) * number / len(pairs), f"comparing {name}")
        design = design_of(members, group, reference)
        problem = "no permutations were asked for" if options.permutations == 0 else design.problem
        if problem:
            untested[name] = problem
            continue
        free[name] = design.free
        test = _tested(design, space, store, analysed, everybody, options)
        methods[_method(design, test, options)] = None
        _write(folder, space, design, test, analysed, options)
        clusters += _clusters(space, design, test, analysed, options)
    folder.manifest.write_bytes(folder.clusters, _table(clusters).encode())
    return Compared(free, untested, tuple(methods))


def _tested(
    design: Design,
    space: TemplateSpace,
    store: ChangeStore,
    analysed: Analysed,
    everybody: Mean,
    options: MapOptions,
) -> VoxelTest:
    people = [member.participant for member in design.members]
    usual = everybody.log_jacobian
    if len(people) <= options.most_permuted:
        yearly = store.table(people)
        yearly = np.where(np.isfinite(yearly), yearly, usual)[:, analysed]
        mask = space.volume(analysed)
        return permuted(design, yearly, mask, options)
    found = [
        robust(design, np.where(np.isfinite(values), values, usual[part])[:, analysed[part]])
        for part, values in store.blocks(people)
    ]
    difference, t = (np.concatenate(each) for each in zip(*found, strict=True))
    return of_robust(design, difference, t)


def _method(design: Design, test: VoxelTest, options: MapOptions) -> str:
    """Return how two groups were compared, in words that pairs of the same design share."""
    beside = f", {' and '.join(design.names)} as covariates" if design.names else ", without covariates"
    controlled = [words for of, words in _CONTROLLED.items() if of in test.log_p]
    formed = ""
    if any(of.startswith("cluster") for of in test.log_p):
        formed = f"; clusters were formed at p < {options.cluster_p:g}, two-sided"
    return (
        f"Groups were compared voxel by voxel in log|J| a year at the last scans{beside}: {test.method}. "
        f"Controlled is {', '.join(controlled)}{formed}."
    )


def _write(
    folder: MapFolder,
    space: TemplateSpace,
    design: Design,
    test: VoxelTest,
    analysed: Analysed,
    options: MapOptions,
) -> None:
    of_pair = MapFile(path="", kind="t", group=design.group, reference=design.reference)
    about = {
        "Method": test.method,
        "People": {
            design.group: int(design.tested.sum()),
            design.reference: int((1 - design.tested).sum()),
        },
        "Covariates": list(design.names),
        "LackCovariate": list(design.without),
        "DegreesOfFreedom": design.free,
        "Seed": options.seed,
        "Jobs": options.jobs,
        "ClusterFormingP": options.cluster_p,
        "Tested": "log|J| a year at the last scans",
    }
    percent = np.asarray(100.0 * test.difference, np.float32)
    maps = [
        (of_pair.model_copy(update={"kind": "difference"}), percent, "100 log|J| per year"),
        (of_pair, test.t, "t"),
        *(
            (of_pair.model_copy(update={"kind": "log_p", "of": of}), values, "-log10 p")
            for of, values in test.log_p.items()
        ),
    ]
    for file, values, units in maps:
        folder.write(file, space, _everywhere(values, analysed), units, **about)


def _clusters(
    space: TemplateSpace, design: Design, test: VoxelTest, analysed: Analysed, options: MapOptions
) -> list[Cluster]:
    t = space.volume(_everywhere(test.t, analysed))
    difference = _on_grid(space, test.difference, analysed)
    sizes = test.log_p.get("clustersizefwe")
    log_p = None if sizes is None else _on_grid(space, sizes, analysed)
    threshold = threshold_t(options.cluster_p, design.free)
    pair = (design.group, design.reference)
    return clusters_of(pair, t, difference, log_p, threshold)


def _on_grid(space: TemplateSpace, values: NDArray[np.float32], analysed: Analysed) -> NDArray[np.float32]:
    return np.asarray(space.volume(_everywhere(values, analysed)).array, np.float32)


def _everywhere(values: NDArray[np.float32], analysed: Analysed) -> NDArray[np.float32]:
    """Return values of the analysed voxels at all voxels of the template's brain, 0 elsewhere."""
    full = np.zeros(len(analysed), np.float32)
    full[analysed] = values
    return full


def _table(clusters: Sequence[Cluster]) -> str:
    stream = io.StringIO()
    table = csv.writer(stream, delimiter="\t", lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows(astuple(cluster) for cluster in clusters)
    return stream.getvalue()
