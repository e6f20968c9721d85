"""What front and engine must both know is told in one place."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from LongitudinalINRLib import words
from LongitudinalINRLib.jobs.progress import SHARES

ROOT = Path(__file__).parents[2]
TOLD = {
    "SMALLEST_JACOBIAN": (words.SMALLEST_JACOBIAN, 0.01),
    "SAME_MONTH": (words.SAME_MONTH, 1e-6),
    "LONGEST_MONTHS": (words.LONGEST_MONTHS,),
    "MONTHS_PER_YEAR": (words.MONTHS_PER_YEAR,),
}
"""Constants with the values that they had in other places once."""

SETS = {
    "the kinds of time": {"observed", "interpolated", "extrapolated"},
    "the names of maps": set(words.MAP_NAMES),
    "the maps of scans": set(words.MAPS_OF_SCANS),
    "the stages": set(words.STAGES),
    "the suffixes of NIfTI": set(words.NIFTI_SUFFIXES),
    "the suffixes of ITK": set(words.ITK_SUFFIXES),
    "the suffixes of NRRD": set(words.NRRD_SUFFIXES),
    "the suffixes of MetaImage": set(words.METAIMAGE_SUFFIXES),
    "the suffixes of FreeSurfer": set(words.FREESURFER_SUFFIXES),
    "the suffixes of maps": set(words.MAP_SUFFIXES),
}
MAY_KEY = {
    "LongitudinalINRLib/jobs/progress.py": "the share of each stage",
    "LongitudinalINR/LongitudinalINRModule/export/pictures.py": "the ink of each kind of time",
    "LongitudinalINR/LongitudinalINRModule/panel/time_control.py": "the sentence of each kind of time",
    "LongitudinalINR/LongitudinalINRModule/panel/check_control.py": "the moment of each map of scans",
    "LongitudinalINR/LongitudinalINRModule/display/difference.py": "the label of each map of scans",
}
"""Files that say something of their own about each word: dictionaries with all of them as keys."""


def sources() -> dict[str, str]:
    folders = ("LongitudinalINRLib", "LongitudinalINR/LongitudinalINRModule")
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py") if file.name != "words.py"]
    return {file.relative_to(ROOT).as_posix(): file.read_text("utf-8") for file in files}


def told_twice(path: str, text: str) -> list[str]:
    """Return what a file tells that `words` tells already."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            named = {target.id for target in targets if isinstance(target, ast.Name)}
            found += [f"{path}:{node.lineno} {name}" for name in named & {*TOLD, "LOG_FLOOR"}]
        strings = _strings(node)
        if isinstance(node, ast.Dict) and path in MAY_KEY:
            continue
        found += [f"{path}:{node.lineno} {what}" for what, all_of in SETS.items() if strings == all_of]
    return found


def _strings(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Dict):
        parts = node.keys
    elif isinstance(node, ast.Tuple | ast.List | ast.Set):
        parts = node.elts
    else:
        return set()
    texts = {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    return texts if len(texts) == len(parts) else set()


def test_nothing_is_told_twice():
    assert [line for path, text in sources().items() for line in told_twice(path, text)] == []


@pytest.mark.parametrize(
    "copy",
    [
        "SAME_MONTH = 1e-6",
        "LONGEST_MONTHS: float = 1200.0",
        'Kind = Literal["observed", "interpolated", "extrapolated"]',
        'OF_SCANS = ("aligned", "warped")',
        'SUFFIXES = (".nii", ".nii.gz", ".nrrd", ".mha")',
        f"TITLES = {dict.fromkeys(words.STAGES, 'x')!r}",
    ],
)
def test_an_inserted_copy_is_found(copy):
    assert len(told_twice("a.py", copy)) == 1


def test_every_stage_has_its_share_of_a_job_in_the_order_that_people_read():
    assert list(SHARES) == list(words.STAGES)


@pytest.mark.parametrize(
    ("months", "kind"),
    [
        (0.0, "observed"),
        (12.0005, "observed"),
        (11.9, "interpolated"),
        (24.0, "observed"),
        (24.002, "extrapolated"),
    ],
)
def test_a_month_within_three_quarters_of_an_hour_of_a_scan_is_observed(months, kind):
    assert words.time_kind(months, (12.0, 24.0)) == kind
