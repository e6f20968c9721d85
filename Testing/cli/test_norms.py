from __future__ import annotations

import json
import random

import pytest

from LongitudinalINRLib.analysis.norms.files import read_norms
from LongitudinalINRLib.analysis.region_row import read_regions
from LongitudinalINRLib.jobs.folder import JobFolder, read_json

PERSON = ("--age", 70, "--sex", "F")


@pytest.fixture(scope="session")
def a_cohort(tmp_path_factory):
    """Eighty people whose left hippocampus (label 17) loses 0 to 8 % a year, whatever their age."""
    chance = random.Random(4)
    lines = ["person,age_years,sex,region,label,mean_percent_per_year,years"]
    for i in range(80):
        change = -0.1 * ((37 * i) % 80)
        who = f"p{i},{chance.uniform(50, 90):.2f},{'FM'[i % 2]}"
        lines += [f"{who},{name},{change:.2f},2" for name in ("Left-Hippocampus,17", "brain,0")]
    path = tmp_path_factory.mktemp("cohort") / "cohort.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture(scope="session")
def norms_file(a_cohort):
    from LongitudinalINRLib.analysis.norms.building import build_norms
    from LongitudinalINRLib.analysis.norms.files import write_norms
    from LongitudinalINRLib.jobs.cohort import read_cohort

    path = a_cohort.with_name("norms.json")
    write_norms(build_norms(read_cohort(a_cohort))[0], path)
    return path


def centiles(path, months=24):
    return {
        row.region: (row.centile, row.centile_low, row.centile_high)
        for row in read_regions(path)
        if row.months == months
    }


def test_build_writes_norms_and_says_of_whom(command, a_cohort, norms_file, tmp_path):
    output = tmp_path / "norms.json"
    result = command("norms", "build", a_cohort, "--output", output)
    assert result.exit_code == 0, result.output
    assert read_norms(output) == read_norms(norms_file)
    assert "Left-Hippocampus" in result.output
    assert "Norms of 2 regions" in result.output
    assert read_norms(output).regions["Left-Hippocampus"].people == {"F": 40, "M": 40}


def test_norms_are_replaced_only_when_that_is_asked_and_never_a_file_of_another_kind(
    command, a_cohort, tmp_path
):
    output, other = tmp_path / "norms.json", tmp_path / "other.json"
    build = ("norms", "build", a_cohort, "--output")
    assert command(*build, output).exit_code == 0
    assert command(*build, output).exit_code == 2
    assert command(*build, output, "--overwrite").exit_code == 0
    other.write_text("{}")
    assert command(*build, other, "--overwrite").exit_code == 2
    assert other.read_text() == "{}"


def test_compare_gives_a_finished_fit_its_centiles_and_leaves_it_as_it_was(
    command, a_result, norms_file, tmp_path
):
    before = (a_result / "regions.csv").read_bytes()
    output = tmp_path / "compared.csv"
    result = command("norms", "compare", a_result, "--norms", norms_file, *PERSON, "--output", output)
    assert result.exit_code == 0, result.output
    norm = read_norms(norms_file).regions["Left-Hippocampus"]
    row = next(row for row in read_regions(output) if (row.label, row.months) == (17, 24))
    assert row.centile == pytest.approx(norm.centile(row.mean_percent_per_year, 70.0, "F"), rel=1e-5)
    assert centiles(output)["Right-Hippocampus"] == (None, None, None)
    assert set(centiles(output, months=12).values()) == {(None, None, None)}
    assert "the norms do not hold them: Right-Hippocampus" in result.output
    assert (a_result / "regions.csv").read_bytes() == before
    assert b"centile" not in before


def test_fit_regions_and_compare_give_the_same_centiles(
    command, fit_arguments, tiny_subject, norms_file, tmp_path
):
    folder = JobFolder(tmp_path / "result")
    given = ("--norms", norms_file, *PERSON)
    fitted = command(*fit_arguments, *given, "--output", folder.path)
    assert fitted.exit_code == 0, fitted.output
    of_fit = centiles(folder.regions)
    assert of_fit["Left-Hippocampus"][0] is not None
    assert "centile" in fitted.output
    assert read_json(folder.request)["norms"]["age_years"] == 70.0
    compared = tmp_path / "compared.csv"
    assert command("norms", "compare", folder.path, *given, "--output", compared).exit_code == 0
    assert centiles(compared) == of_fit
    again = tmp_path / "regions.csv"
    asked = ("regions", folder.path, "--labels", tiny_subject.labels, "--months", "24", *given)
    asked_again = command(*asked, "--output", again)
    assert asked_again.exit_code == 0, asked_again.output
    for region, found in centiles(again).items():
        assert found == pytest.approx(of_fit[region], abs=0.01)


def test_a_fit_whose_norms_were_changed_is_not_resumed(command, fit_arguments, norms_file, tmp_path):
    folder = JobFolder(tmp_path / "result")
    own = tmp_path / "norms.json"
    own.write_bytes(norms_file.read_bytes())
    assert command(*fit_arguments, "--norms", own, *PERSON, "--output", folder.path).exit_code == 0
    own.write_bytes(norms_file.read_bytes() + b"\n")
    folder.manifest.remove([folder.results])
    resumed = command("resume", folder.path)
    assert resumed.exit_code == 2
    assert "changed: norms" in resumed.output


def test_norms_of_other_regions_are_refused_before_the_fit(command, fit_arguments, norms_file, tmp_path):
    content = json.loads(norms_file.read_text())
    content["regions"] = {"Spleen": content["regions"]["brain"] | {"label": None}}
    (tmp_path / "spleen.json").write_text(json.dumps(content))
    folder = tmp_path / "result"
    result = command(*fit_arguments, "--norms", tmp_path / "spleen.json", *PERSON, "--output", folder)
    assert result.exit_code == 2
    assert "other regions" in result.output
    assert not folder.exists()


@pytest.mark.parametrize(
    "given",
    [("--age", 70), ("--sex", "F"), ("--age", 70, "--sex", "F"), ("--norms", "norms.json", "--sex", "F")],
)
def test_norms_need_a_file_an_age_and_a_sex(command, fit_arguments, tmp_path, given):
    result = command(*fit_arguments, *given, "--output", tmp_path / "result")
    assert result.exit_code == 2
    assert "Norms need a file, an age and a sex." in result.output
    assert not (tmp_path / "result").exists()
