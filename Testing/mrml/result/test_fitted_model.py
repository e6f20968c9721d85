"""From a real fit to the slider: the scene against the model itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from LongitudinalINRModule.display.region_table import update_table_at
from LongitudinalINRModule.jobs.loading import add_map, load_maps
from LongitudinalINRModule.mrml.tables import numbers_of
from LongitudinalINRModule.result.continuous_time import ContinuousTime
from LongitudinalINRModule.result.region_files import load_regions
from LongitudinalINRModule.result.regions import regions_of
from LongitudinalINRModule.result.result_files import ResultFiles

pytest.importorskip("torch", reason="needs torch: pip install torch")


@pytest.fixture(scope="module")
def a_finished_job(tiny_subject, tmp_path_factory):
    from LongitudinalINRLib.jobs.folder import JobFolder
    from LongitudinalINRLib.jobs.request import Outputs
    from LongitudinalINRLib.jobs.worker import perform

    folder = JobFolder(tmp_path_factory.mktemp("fit"))
    outputs = Outputs(
        maps_at_months=(0.0, 12.0, 24.0, 36.0), maps=("jacobian", "rate", "aligned", "warped"), report=False
    )
    config = replace(tiny_subject.usual.config, steps=60, fall_share=0.5)
    request = tiny_subject.request(outputs=outputs, config=config)
    folder.request.write_text(request.to_json(), encoding="utf-8")
    said = []
    assert perform(folder, said.append, lambda: False) == 0, said[-1]
    return folder


@pytest.fixture
def a_fitted_result(a_finished_job, tiny_subject, scene, add_volume):
    from LongitudinalINRLib.imaging.formats.nifti import load

    scan, _ = load(tiny_subject.baseline)
    baseline = add_volume(scan.array, scan.affine, "T1")
    files = ResultFiles.of(a_finished_job.path)
    result = load_maps(scene, files, baseline)
    for name in ("aligned", "warped"):
        add_map(result, files, name)
    load_regions(result, a_finished_job.regions, a_finished_job.trajectories)
    return result


@pytest.fixture
def shown_at(a_fitted_result, application):
    """Return the voxels (I, J, K) that the slider shows at a month."""
    import slicer

    slider = ContinuousTime(a_fitted_result, application.sequences_logic)

    def shown(months):
        slider.show(months)
        return slicer.util.arrayFromVolume(a_fitted_result.proxy("jacobian")).transpose(2, 1, 0)

    return shown


def test_between_stored_times_the_slider_shows_the_models_own_map(a_finished_job, shown_at):
    from LongitudinalINRLib.jobs.prediction import predict
    from LongitudinalINRLib.jobs.results import open_result

    fitted = open_result(a_finished_job.path, "cpu")
    changes = []
    for months in (3.0, 6.0, 15.0, 18.0, 21.0, 30.0, 36.0):
        own = predict(fitted, months, ["jacobian"])["jacobian"].array
        np.testing.assert_allclose(shown_at(months), own, atol=0.003)
        changes.append(np.abs(own - 1.0).max())
    assert max(changes) > 0.02, "the model changes by more than what is tolerated"


def test_regions_of_a_fit_are_told_at_any_month(a_fitted_result):
    assert regions_of(a_fitted_result)[0].title == "brain"
    table = update_table_at(a_fitted_result, 18.0)
    change = numbers_of(table, "Change (%)")
    assert np.isfinite(change).all()
    assert change[0] < -1.0, "the tiny subject shrinks"
