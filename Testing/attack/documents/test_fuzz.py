"""Any JSON in the place of any field: it is read or refused, and nothing else happens."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.documents.account import read_account
from LongitudinalINRLib.jobs.documents.alignment import read_alignments
from LongitudinalINRLib.jobs.documents.identity import read_identity
from LongitudinalINRLib.jobs.documents.model import read_model_description
from LongitudinalINRLib.jobs.documents.results import read_results
from LongitudinalINRLib.jobs.request import Request
from LongitudinalINRLib.jobs.validation import read_request
from LongitudinalINRLib.simulate.storage import load_truth

NUMBERS = st.integers() | st.floats(allow_nan=True) | st.sampled_from([0, -1, 1e-300, 2**63, 2**64, 1e308])
LEAVES = st.none() | st.booleans() | NUMBERS | st.text(max_size=8)
ANY_JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
)
FEW = settings(
    derandomize=True,
    deadline=None,
    max_examples=150,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def places(content: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the place of everything in JSON values, the whole first."""
    yield where
    if isinstance(content, (dict, list)):
        for key in content if isinstance(content, dict) else range(len(content)):
            yield from places(content[key], (*where, key))


def put(content: Any, where: tuple[Any, ...], value: Any) -> Any:
    """Return JSON values with another value in one place."""
    if not where:
        return value
    key, *rest = where
    inner = put(content[key], tuple(rest), value)
    if isinstance(content, dict):
        return {**content, key: inner}
    return [*content[:key], inner, *content[key + 1 :]]


def drawn(data: st.DataObject, content: Any) -> str:
    where = data.draw(st.sampled_from(list(places(content))))
    return json.dumps(put(content, where, data.draw(ANY_JSON)))


def outcome(read: Callable[[Any], object], source: object, *refusals: type[Exception]) -> object:
    """Return what is read, or the refusal; any other exception fails the test."""
    try:
        return read(source)
    except refusals as error:
        return error


def assert_explained(error: InputError) -> None:
    assert error.code != "defect"
    assert all((error.message, error.expected, error.found, error.advice))


@FEW
@given(data=st.data())
def test_any_value_in_a_request_is_taken_or_refused(good_request, data):
    text = drawn(data, good_request)
    read = outcome(read_request, text, InputError)
    if isinstance(read, InputError):
        assert_explained(read)
    else:
        assert Request.from_json(text) == read


@FEW
@given(data=st.data())
def test_without_pydantic_a_request_is_built_or_a_value_or_type_error(good_request, data):
    built = outcome(Request.from_json, drawn(data, good_request), ValueError, TypeError)
    assert str(built)
    if isinstance(built, Request):
        assert max(built.map_months, default=0) >= 0


READERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "good_account": ("fit.json", read_account),
    "good_model": ("model.json", read_model_description),
    "good_alignments": ("alignment.json", read_alignments),
    "good_identity": ("inputs.json", read_identity),
    "good_results": ("results.json", read_results),
    "good_simulation": ("simulation.json", lambda path: load_truth(path.parent)),
}


@pytest.mark.parametrize("fixture", READERS)
@FEW
@given(data=st.data())
def test_any_value_in_a_file_of_ours_is_taken_or_refused(request, tmp_path, fixture, data):
    name, read = READERS[fixture]
    path = tmp_path / name
    path.write_text(drawn(data, request.getfixturevalue(fixture)), encoding="utf-8")
    result = outcome(read, path, InputError)
    assert result is not None
    if isinstance(result, InputError):
        assert_explained(result)
