"""What a job writes is read back as it was; what versions before wrote too; foreign weights are refused."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from safetensors.torch import load

from LongitudinalINRLib.core.config import FitConfig, preset
from LongitudinalINRLib.core.known_errors import has_known_errors
from LongitudinalINRLib.core.model import FittedModel
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import write_json, write_text
from LongitudinalINRLib.jobs.documents.account import read_account
from LongitudinalINRLib.jobs.documents.alignment import read_alignments
from LongitudinalINRLib.jobs.documents.identity import read_identity
from LongitudinalINRLib.jobs.documents.model import read_model_description
from LongitudinalINRLib.jobs.documents.results import read_results
from LongitudinalINRLib.jobs.folder import JobFolder, read_json
from LongitudinalINRLib.jobs.request import Request
from LongitudinalINRLib.jobs.results import open_result
from LongitudinalINRLib.jobs.validation import read_request, read_request_file
from LongitudinalINRLib.jobs.worker import perform
from LongitudinalINRLib.json_text import parse_json, read_own_text, shown


@pytest.fixture(scope="module")
def a_result(tiny_subject, tmp_path_factory) -> JobFolder:
    """A job with a rigid alignment, done once."""
    folder = JobFolder(tmp_path_factory.mktemp("fitted") / "result")
    folder.create()
    write_text(folder.request, tiny_subject.request(align="rigid").to_json())
    assert perform(folder, lambda event: None, lambda: False) == 0
    return folder


def test_the_account_of_a_fit_is_read_back(a_result):
    content, account = read_json(a_result.fit), read_account(a_result.fit)
    assert account.model_dump(mode="json") == content
    assert account.config == read_request_file(a_result.request).config
    assert account.history[-1]["similarity"] == content["history"][-1]["similarity"]
    assert account.seconds["fit"] == content["seconds"]["fit"]
    result = open_result(a_result.path)
    for entry in account.alignments:
        np.testing.assert_array_equal(entry.alignment.matrix, result.alignments[entry.months].matrix)


def test_the_description_of_a_model_is_read_back(a_result):
    description = read_model_description(a_result.model_description)
    assert description == read_model_description(a_result.model_description.read_text("utf-8"))
    model = FittedModel.from_parts(load(a_result.model_weights.read_bytes()), description.metadata)
    assert json.loads(json.dumps(model.metadata())) == {
        name: value for name, value in read_json(a_result.model_description).items() if name != "version"
    }


def test_alignments_inputs_and_results_are_read_back(a_result):
    alignments = read_alignments(a_result.alignment)
    plain = {name: entry.model_dump(mode="json") for name, entry in alignments.items()}
    assert plain == read_json(a_result.alignment)
    assert read_identity(a_result.identity) == read_json(a_result.identity)
    results = read_results(a_result.results)
    assert results.files is not None
    assert results.files["fit.json"].size == a_result.fit.stat().st_size
    assert results.model_dump(mode="json", exclude={"files"}) == {
        name: value for name, value in read_json(a_result.results).items() if name in ("results", "seconds")
    }


def test_what_older_versions_did_not_say_is_completed(a_result, tmp_path):
    account, description = read_json(a_result.fit), read_json(a_result.model_description)
    for content in (account, description):
        for name in ("spatial_form", "spatial_of", "weight_units", "drift_degree"):
            del content["config"][name]
    del account["quality"], account["warnings"], account["loss_weights"]
    write_json(tmp_path / "fit.json", {**account, "of a later version": [1]})
    write_json(tmp_path / "model.json", description)
    read = read_account(tmp_path / "fit.json")
    assert (read.quality, read.warnings) == (None, ())
    assert (read.config.spatial_form, read.config.spatial_of) == ("square", "displacement")
    assert read.config.weight_units == "means"
    assert read.config.drift_degree == FitConfig().drift_degree
    assert read_model_description(tmp_path / "model.json").config == read.config


def test_a_request_with_settings_that_are_gone_means_what_it_meant(a_result):
    content = read_json(a_result.request)
    today = read_request(json.dumps(content))
    for name in ("spatial_form", "contrast_degree"):
        del content["config"][name]
    written_by_hand = read_request(json.dumps(content))
    assert written_by_hand == today
    content["config"] |= {"least_gain": 0.01, "sampling_margin_mm": 2.0}
    meant = replace(today.config, spatial_form="square", contrast_degree=1)
    for read in (read_request, Request.from_json):
        assert read(json.dumps(content)).config == meant


def test_what_is_read_cannot_be_changed(a_result):
    with pytest.raises(ValidationError):
        read_account(a_result.fit).device = "another"
    with pytest.raises(dataclasses.FrozenInstanceError):
        read_account(a_result.fit).config.seed = 1


def test_own_text_is_read_up_to_its_limit(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("12345", encoding="utf-8")
    assert read_own_text(path, 5) == "12345"
    with pytest.raises(InputError, match="more than 4 bytes"):
        read_own_text(path, 4)


def test_a_link_is_not_followed_where_the_system_cannot_refuse_it(tmp_path, monkeypatch):
    monkeypatch.delattr("os.O_NOFOLLOW")
    (tmp_path / "other").write_text("{}")
    (tmp_path / "fit.json").symlink_to(tmp_path / "other")
    with pytest.raises(InputError, match="a link"):
        read_own_text(tmp_path / "fit.json", 100)


BEYOND_JSON = {
    "a constant": "NaN",
    "a name twice": '{"a": 1, "a": 1}',
    "too large": "1e999",
    "too many": "[" + "0," * 200_000 + "0]",
    "too deep": "[" * 100_000,
    "too many digits": "9" * 401,
    "too many digits below 0": "-" + "9" * 401,
}


@pytest.mark.parametrize("what", BEYOND_JSON)
def test_json_beyond_its_standard_is_a_short_value_error(what):
    with pytest.raises(ValueError) as error:  # noqa: PT011 (any of them is told)
        parse_json(BEYOND_JSON[what])
    assert 0 < len(str(error.value)) < 200


def test_a_value_is_shown_on_one_short_line():
    for value in ("a\nb\x1b[2J" * 100, list(range(10**5)), 10**300, {"a" * 1000: ["b"] * 1000}):
        assert shown(value).isprintable()
        assert len(shown(value)) <= 80


DAMAGE = {
    "missing": lambda tensors: tensors.pop("out.bias"),
    "unknown": lambda tensors: tensors.update(evil=torch.zeros(3)),
    "of another shape": lambda tensors: tensors.update({"out.bias": torch.zeros(4)}),
    "that would be broadcast": lambda tensors: tensors.update({"out.bias": torch.zeros(1)}),
    "of another type": lambda tensors: tensors.update({"out.bias": torch.zeros(3, dtype=torch.float64)}),
    "of whole numbers": lambda tensors: tensors.update({"out.bias": torch.zeros(3, dtype=torch.int32)}),
    "not a number": lambda tensors: tensors["first.weight"][0].fill_(float("nan")),
    "infinite": lambda tensors: tensors["join.0"][0].fill_(float("inf")),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_weights_that_are_not_of_the_model_are_refused(a_result: JobFolder, damage: str):
    tensors = load(Path(a_result.model_weights).read_bytes())
    metadata = read_model_description(a_result.model_description).metadata
    assert FittedModel.from_parts(tensors, metadata).device.type == "cpu"
    DAMAGE[damage](tensors)
    with pytest.raises(ValueError, match=r"out\.bias|evil|first\.weight|join\.0"):
        FittedModel.from_parts(tensors, metadata)


@pytest.mark.parametrize(
    ("changed", "known"),
    [({}, True), ({"alpha": 25.0}, True), ({"alpha": 24.0}, False), ({"beta": 2.0}, False)],
)
def test_error_bars_are_known_for_the_weights_of_a_preset_now_and_before_the_learned_start(changed, known):
    usual = preset("standard")
    assert has_known_errors(replace(usual, weights=replace(usual.weights, **changed))) == known
