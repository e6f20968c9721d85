from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import LongitudinalINRLib as li

ROOT = Path(li.__file__).parent.parent


def test_the_import_is_quick_and_brings_no_package_along():
    """Of the standard library alone: less than a tenth of a second of processor time."""
    code = (
        "import sys, time\n"
        "began, before = time.process_time(), set(sys.modules)\n"
        "import LongitudinalINRLib\n"
        "seconds = time.process_time() - began\n"
        "names = {name.split('.')[0] for name in set(sys.modules) - before}\n"
        "print(seconds, sorted(names - set(sys.stdlib_module_names)))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    seconds, _, names = ran.stdout.strip().partition(" ")
    assert names == "['LongitudinalINRLib']"
    assert float(seconds) < 0.1


def test_every_public_name_is_there_documented_and_listed():
    for name in li.__all__:
        assert getattr(li, name).__doc__, name
        assert name in dir(li)


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'fits'"):
        _ = li.fits
