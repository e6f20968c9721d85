"""The comparisons of groups, voxel by voxel, and what they leave in files."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import astuple

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
from LongitudinalINRLib.files import write_text

Analysed = NDArray[np.bool_]
_DONE_BEFORE = 0.65


def compare(
    folder: MapFolder,
    space: TemplateSpace,
    store: ChangeStore,
    members: Sequence[Member],
    analysed: Analysed,
    everybody: Mean,
    options: MapOptions,
    tell: Tell,
) -> tuple[dict[str, int], dict[str, str]]:
    """Compare groups, and write maps and clusters.

    Returns
    -------
    free : dict of str to int
        Degrees of freedom of the comparisons that were made, by ``GROUP - REFERENCE``.
    untested : dict of str to str
        Why the others were not.
    """
    groups = {member.group for member in members}
    pairs = usual_contrasts(list(groups)) if options.contrasts is None else options.contrasts
    free: dict[str, int] = {}
    untested: dict[str, str] = {}
    clusters: list[Cluster] = []
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
        _write(folder, space, design, test, analysed, options)
        clusters += _clusters(space, design, test, analysed, options)
    write_text(folder.clusters, _table(clusters))
    return free, untested


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


def _write(
    folder: MapFolder,
    space: TemplateSpace,
    design: Design,
    test: VoxelTest,
    analysed: Analysed,
    options: MapOptions,
) -> None:
    pair = {"group": design.group, "reference": design.reference}
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
        (MapFile(path="", kind="difference", **pair), percent, "100 log|J| per year"),
        (MapFile(path="", kind="t", **pair), test.t, "t"),
        *(
            (MapFile(path="", kind="log_p", of=of, **pair), values, "-log10 p")
            for of, values in test.log_p.items()
        ),
    ]
    for file, values, units in maps:
        folder.write(file, space, _everywhere(values, analysed), units, **about)


def _clusters(
    space: TemplateSpace, design: Design, test: VoxelTest, analysed: Analysed, options: MapOptions
) -> list[Cluster]:
    t, difference = (space.volume(_everywhere(v, analysed)) for v in (test.t, test.difference))
    sizes = test.log_p.get("clustersizefwe")
    log_p = None if sizes is None else np.asarray(space.volume(_everywhere(sizes, analysed)).array, np.float32)
    threshold = threshold_t(options.cluster_p, design.free)
    pair = (design.group, design.reference)
    return clusters_of(pair, t, np.asarray(difference.array, np.float32), log_p, threshold)


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
