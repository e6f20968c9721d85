from __future__ import annotations

import hashlib
import re
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import pytest

from LongitudinalINRLib.atlas.maps import DESIKAN_KILLIANY, GREY, TEMPLATE, WHITE

DATA = files("LongitudinalINRLib.atlas").joinpath("data")
NOTED = dict(re.findall(r"\| `(\S+)` \|.*\| `([0-9a-f]{64})` \|", DATA.joinpath("LICENCES.md").read_text()))


@pytest.mark.parametrize("name", [TEMPLATE, GREY, WHITE, DESIKAN_KILLIANY])
def test_a_packaged_map_is_the_one_whose_licence_is_noted(name):
    assert hashlib.sha256(DATA.joinpath(name).read_bytes()).hexdigest() == NOTED[name]


@pytest.mark.parametrize("name", [TEMPLATE, GREY, WHITE])
def test_a_packaged_map_is_as_it_lies_in_its_package(name):
    found = find_spec("nilearn")
    if found is None or found.origin is None:
        pytest.skip("nilearn is not installed")
    theirs = Path(found.origin).parent / "datasets" / "data" / name
    assert theirs.read_bytes() == DATA.joinpath(name).read_bytes()
