"""What makes a cohort's folder a BIDS dataset, by the official validator too."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from LongitudinalINRLib import __version__
from LongitudinalINRLib.cohort.derivatives.dataset import write_dataset
from LongitudinalINRLib.cohort.derivatives.description import container_of
from LongitudinalINRLib.cohort.derivatives.methods import methods_text
from LongitudinalINRLib.cohort.derivatives.used import used_by
from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.errors import InputError


@pytest.fixture
def cohort(tmp_path):
    return CohortFolder(tmp_path / "out")


@pytest.fixture
def plan(the_person):
    return the_person.plan


@pytest.fixture(scope="module")
def validator():
    """Return the official validator; the test is skipped where it is not installed."""
    found = shutil.which("bids-validator-deno", path=Path(sys.executable).parent)
    found = found or shutil.which("bids-validator-deno")
    if found is None:
        pytest.skip("needs the BIDS validator: pip install bids-validator-deno")

    def errors(folder: Path) -> list[str]:
        command = [found, str(folder), "--format", "json"]
        ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        issues = json.loads(ended.stdout)["issues"]["issues"]
        return [
            f"{issue['code']} {issue.get('location')}" for issue in issues if issue["severity"] == "error"
        ]

    return errors


def test_the_validator_finds_no_error_in_the_input_nor_in_what_was_made_of_it(
    validator, a_person_with_maps, fitted_cohort
):
    person = a_person_with_maps
    cohort = person.folder.cohort
    write_dataset(cohort, fitted_cohort / "raw", [person.plan], environment={})
    (cohort.group / "maps").mkdir(parents=True)
    for path in (cohort.group / "changes.parquet", cohort.group / "maps/t.nii.gz", cohort.group_page):
        path.write_bytes(b"of the groups")
    changed = next(person.out.rglob("*_regions.tsv"))
    changed.write_text("mine\n", "utf-8")
    assert person.run()[0] == 0
    assert changed.with_name(f"{changed.name}.kept-1").exists()
    assert validator(fitted_cohort / "raw") == []
    assert validator(person.out) == []
    (person.out / "sub-01/anat").mkdir()
    (person.out / "sub-01/anat/sub-01_nonsense.nii.gz").write_bytes(b"")
    assert validator(person.out) != []  # it does look


def test_the_description_says_what_made_it_from_what(cohort, fitted_cohort, plan):
    write_dataset(cohort, fitted_cohort / "raw", [plan], environment={"APPTAINER_NAME": "inr.sif"})
    about = json.loads(cohort.description.read_text("utf-8"))
    (made_by,) = about["GeneratedBy"]
    assert (about["DatasetType"], about["License"]) == ("derivative", "CC0")
    assert (made_by["Name"], made_by["Version"]) == ("LongitudinalINR", __version__)
    assert made_by["Container"] == {"Type": "apptainer", "Tag": "inr.sif"}
    link = about["DatasetLinks"]["raw"]
    assert (cohort.path / link).resolve() == (fitted_cohort / "raw").resolve()
    assert not Path(link).is_absolute()
    assert about["SourceDatasets"] == [{"URL": link}]


def test_a_dataset_with_a_doi_is_named_by_it(cohort, tmp_path, plan):
    raw = tmp_path / "raw"
    raw.mkdir()
    about = {"Name": "Ours", "BIDSVersion": "1.8.0", "DatasetDOI": "doi:10.0/example"}
    (raw / "dataset_description.json").write_text(json.dumps(about), "utf-8")
    write_dataset(cohort, raw, [plan], environment={})
    assert json.loads(cohort.description.read_text("utf-8"))["SourceDatasets"] == [
        {"DOI": "doi:10.0/example"}
    ]


def test_no_container_is_told_where_none_is_known():
    assert container_of({}) is None
    assert container_of({"LONGITUDINAL_INR_IMAGE": "inr:1"}) == {"Type": "docker", "Tag": "inr:1"}


@pytest.mark.parametrize(
    "content", ['{"Name": "mine", "BIDSVersion": "1.8.0"}', '{"GeneratedBy": [7]}', "[", "[]"]
)
def test_somebody_else_s_dataset_is_refused_and_left_as_it_is(cohort, tmp_path, plan, content):
    cohort.path.mkdir()
    cohort.description.write_text(content, "utf-8")
    with pytest.raises(InputError) as caught:
        write_dataset(cohort, tmp_path, [plan])
    assert caught.value.code == "output-taken"
    assert [path.name for path in cohort.path.iterdir()] == [cohort.description.name]
    assert cohort.description.read_text("utf-8") == content


def test_a_description_and_a_readme_that_somebody_completed_stay_so(cohort, tmp_path, plan):
    told = []
    write_dataset(cohort, tmp_path, [plan])
    about = json.loads(cohort.description.read_text("utf-8")) | {"Authors": ["A. Author"]}
    cohort.description.write_text(json.dumps(about), "utf-8")
    readme = cohort.path / "README.md"
    readme.write_text("Ours.\n", "utf-8")
    write_dataset(cohort, tmp_path, [plan], tell=told.append)
    assert json.loads(cohort.description.read_text("utf-8")) == about
    assert readme.read_text("utf-8") == "Ours.\n"
    assert [text.split()[0] for text in told] == ["dataset_description.json", "README.md"]


def test_the_methods_text_tells_the_settings_that_were_used_and_of_how_many(plan):
    request = {**plan.request, "bias_correction": True, "align": "affine"}
    other = plan.model_copy(update={"request": request, "labels_from": "atlas", "scans": plan.scans[:2]})
    text = methods_text(used_by([plan, plan, other]))
    assert "3 people with 8 T1-weighted scans (2 to 3 each" in text
    assert (
        "rigidly, with six degrees of freedom (2 people); with twelve degrees of freedom (1 person)" in text
    )
    assert "widths 16, 16" in text
    assert "in 20 steps of muon" in text
    assert "Scans of 1 person were corrected for shading by N4" in text
    for reference in ("Shuaibu", "Sitzmann", "Tustison", "Fischl", "Desikan"):
        assert reference in text.split("## References")[1]


def test_the_methods_text_names_nothing_that_was_not_used(plan):
    text = methods_text(used_by([plan]))
    assert "1 person with 3 T1-weighted scans (3 each; months from the first scan to the last: 24" in text
    assert not any(name in text for name in ("N4", "Desikan", "SynthSeg", "norms"))
