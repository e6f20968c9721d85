from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from LongitudinalINRLib.cli.app import app
from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.outcome import Outcome, read_outcome, write_outcome
from LongitudinalINRLib.cohort.plan import digest_of, read_plan


@pytest.fixture
def command(monkeypatch, tiny_subject):
    """Run `longitudinal-inr bids` in this process, with every preset made tiny."""
    monkeypatch.setattr("LongitudinalINRLib.cli.bids.preset", lambda name: tiny_subject.usual.config)

    def run(*arguments):
        texts = ["bids", *map(str, arguments)]
        return CliRunner().invoke(app, texts, catch_exceptions=False)

    return run


@pytest.fixture
def two_people(data_set, tiny_subject) -> Path:
    """Give the data set the tiny subject twice, one of them with a follow-up that is no image."""
    for person in ("01", "02"):
        data_set.person(person, {"M00": "1900-01-01", "M12": "1901-01-01", "M24": "1902-01-01"})
        for label in ("M00", "M12", "M24"):
            scan = data_set.path / f"sub-{person}/ses-{label}/anat/sub-{person}_ses-{label}_T1w.nii.gz"
            shutil.copy(tiny_subject.folder / f"t{label[1:]}.nii.gz", scan)
    data_set.write("sub-02/ses-M24/anat/sub-02_ses-M24_T1w.nii.gz", "no image")
    data_set.person("03", {"M00": "1900-01-01"})
    return data_set.path


def test_people_are_fitted_and_the_bad_ones_told_at_the_end(command, two_people, tmp_path):
    out = tmp_path / "out"
    asked = (
        two_people,
        out,
        "participant",
        "--regions",
        "none",
        "--align",
        "none",
        "--device",
        "cpu",
        "--json",
    )

    ended = command(*asked)

    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    told = lines[-1]
    assert {line["event"] for line in lines} == {"planned", "working", "ended", "finished"}
    assert ended.exit_code == 7
    assert told["done"] == 1
    assert [(item["participant"], item["code"]) for item in told["not_done"]] == [("02", 2)]
    assert [(item["participant"], item["reason"]) for item in told["left_out"]] == [("03", "one-scan")]
    person = CohortFolder(out).person("01")
    assert read_outcome(person).code == 0
    assert person.job.model_weights.exists()
    assert person.job.regions.exists()
    assert list(person.job.maps.iterdir()) == []
    assert not person.job.report.exists()

    again = command(*asked[:-1])  # neither is tried again: one is done, the other's scan is still bad
    assert again.exit_code == 7
    assert read_outcome(person).attempts == 1
    assert "1 of 2 people are done" in again.stdout
    assert "sub-02" in again.stdout
    assert "sub-03" in again.stdout


def test_a_dry_run_shows_all_and_writes_nothing(command, two_people, tmp_path):
    out = tmp_path / "out"

    shown = command(two_people, out, "participant", "--dry-run")
    told = json.loads(command(two_people, out, "participant", "--dry-run", "--json").stdout)

    assert shown.exit_code == 0
    for text in ("sub-01", "ses-M24=23.98", "acq_time", "atlas", "sub-03", "2 people with 6 scans"):
        assert text in shown.stdout
    assert [plan["participant"] for plan in told["plans"]] == ["01", "02"]
    assert [scan["months"] for scan in told["plans"][0]["scans"]] == [0.0, 11.99, 23.98]
    assert told["left_out"][0]["reason"] == "one-scan"
    assert not out.exists()


PLANS_ALONE = ("participant", "--regions", "none", "--engine", "slurm-array")


@pytest.fixture
def done_person(command, two_people, tmp_path):
    """Plan both people, and let the first have a result."""
    cohort = CohortFolder(tmp_path / "out")
    assert command(two_people, cohort.path, *PLANS_ALONE).exit_code == 0
    person = cohort.person("01")
    person.job.path.mkdir()
    person.job.results.touch()
    person.job.model_weights.touch()
    return person


def test_a_forgotten_option_is_refused_before_it_costs_a_fit(command, two_people, done_person):
    out, before = done_person.cohort.path, done_person.plan.read_bytes()

    planned_before = {done_person.path.name}
    for other in out.glob("people/*/person.json"):
        if other.parent != done_person.path:
            other.unlink()
    refused = command(two_people, out, *PLANS_ALONE, "--seed", "1", "--align", "none")
    told = json.loads(command(two_people, out, *PLANS_ALONE, "--seed", "1", "--dry-run", "--json").stdout)
    kept = done_person.plan.read_bytes()
    others = {path.parent.name for path in out.glob("people/*/person.json")}
    asked = command(two_people, out, *PLANS_ALONE, "--seed", "1", "--redo")

    assert refused.exit_code == 2
    assert others == planned_before
    for text in ("1 person who is done", "--seed 1, 0 before", "--align none, rigid before", "--redo"):
        assert text in refused.stderr
    assert told["fitted_again"] == {"people": 1, "because": {"--seed 1, 0 before": 1}}
    assert kept == before
    assert asked.exit_code == 0
    assert json.loads(done_person.plan.read_bytes())["request"]["config"]["seed"] == 1


def test_other_outputs_need_no_leave(command, two_people, done_person):
    out = done_person.cohort.path
    asked = (two_people, out, *PLANS_ALONE, "--keep", "maps", "--no-template")
    assert "fitted again" not in command(*asked, "--dry-run").stderr
    assert command(*asked).exit_code == 0
    assert json.loads(done_person.plan.read_bytes())["keep"] == "maps"


def test_a_scan_in_the_place_of_one_that_was_fitted_needs_leave(command, two_people, done_person):
    scan = two_people / "sub-01/ses-M12/anat/sub-01_ses-M12_T1w.nii.gz"
    scan.write_bytes(scan.read_bytes() + b" ")
    refused = command(two_people, done_person.cohort.path, *PLANS_ALONE)
    assert refused.exit_code == 2
    assert "files of scans that were changed (1)" in refused.stderr


def test_bad_people_are_tried_again_when_asked(command, two_people, done_person):
    plan = read_plan(done_person)
    write_outcome(Outcome(plan=digest_of(plan), code=2, error="not-an-image"), done_person)

    def left(*more: str) -> list[str]:
        ended = command(two_people, done_person.cohort.path, *PLANS_ALONE, *more, "--json")
        (script,) = json.loads(ended.stdout)["scripts"]
        return Path(script).with_suffix(".txt").read_text().split()

    assert left() == ["people/sub-02"]
    assert left("--retry-failed") == ["people/sub-01", "people/sub-02"]


def test_labels_are_listed_as_bids_apps_take_them(command, two_people, tmp_path):
    labels = (
        "--participant_label",
        "sub-01",
        "02",
        "--session-label",
        "M00",
        "ses-M12",
        "--dry-run",
        "--json",
    )

    told = json.loads(command(two_people, tmp_path / "out", "participant", *labels).stdout)

    assert [plan["participant"] for plan in told["plans"]] == ["01", "02"]
    assert {len(plan["scans"]) for plan in told["plans"]} == {2}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("participant", "--participant-label", "3"), "sub-03"),
        (("participant", "--participant-label", "03"), "There is nobody to fit"),
        (("participant", "--participant-label"), "requires an argument"),
        (("participant", "--months", "M00=x"), "--months"),
        (("everybody",), "participant"),
    ],
)
def test_what_cannot_be_done_is_told_with_code_2(two_people, tmp_path, arguments, says, capfd):
    from LongitudinalINRLib.cli.app import run

    assert run(["bids", str(two_people), str(tmp_path / "out"), *arguments]) == 2

    assert says in capfd.readouterr().err
    assert not (tmp_path / "out").exists()


def test_regions_from_several_sources_are_warned_about(command, two_people, tiny_subject, tmp_path, capfd):
    segmentation = two_people / "derivatives/synthseg/sub-01_ses-M00_synthseg.nii.gz"
    segmentation.parent.mkdir(parents=True)
    shutil.copy(tiny_subject.labels, segmentation)

    shown = command(two_people, tmp_path / "out", "participant", "--dry-run")

    assert "SynthSeg 1, atlas 1" in shown.output
    assert "Regions come from several sources" in shown.output


def test_arrays_end_with_who_is_done_and_who_failed(command, two_people, tmp_path):
    out = tmp_path / "out"
    asked = (two_people, out, "participant", "--regions", "none", "--engine", "slurm-array")
    asked += ("--people-a-task", "1", "--max-array-size", "1", "--slurm-setup", "module load brain")

    before = command(*asked)

    cohort = CohortFolder(out)
    scripts = sorted((cohort.logs / "slurm").glob("array-*.sh"))
    assert before.exit_code == 0
    assert "0 of 2 people are done" in before.stdout
    assert "Stopped" not in before.stdout  # nothing was: it was only written down
    assert all(f"sbatch {script}" in before.stdout for script in scripts)
    assert len(scripts) == 2
    assert all("\nmodule load brain\n" in script.read_text() for script in scripts)

    _ends(cohort, "01", 0)
    _ends(cohort, "02", 1)
    between = json.loads(command(*asked, "--json").stdout)
    _ends(cohort, "02", 2)
    after = command(*asked)

    assert between["done"] == 1
    assert [(item["participant"], item["code"]) for item in between["not_done"]] == [("02", 1)]
    assert len(between["scripts"]) == 1
    assert after.exit_code == 7
    assert "1 of 2 people are done" in after.stdout
    assert "sub-02" in after.stdout
    assert "sbatch" not in after.stdout


def _ends(cohort: CohortFolder, label: str, code: int) -> None:
    person = cohort.person(label)
    outcome = Outcome(plan=digest_of(read_plan(person)), code=code, message="It ended so.")
    write_outcome(outcome, person)
    if code == 0:
        person.job.path.mkdir()
        (person.job.path / "results.json").touch()
        (person.job.path / "model.safetensors").touch()
        person.published.touch()
        cohort.page(label).touch()


def test_the_group_level_writes_nothing_where_nobody_was_fitted(two_people, tmp_path, capfd):
    from LongitudinalINRLib.cli.app import run

    assert run(["bids", str(two_people), str(tmp_path / "out"), "group"]) == 2

    assert "Run first: longitudinal-inr bids" in capfd.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_group_level_refuses_a_dry_run_rather_than_do_the_work(two_people, tmp_path, capfd):
    from LongitudinalINRLib.cli.app import run

    assert run(["bids", str(two_people), str(tmp_path / "out"), "group", "--dry-run"]) == 2

    assert "has no --dry-run" in capfd.readouterr().err
