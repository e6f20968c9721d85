from __future__ import annotations

import os
import subprocess

import pytest

from LongitudinalINRLib.cohort.engines import (
    SlurmOptions,
    max_array_size,
    run,
    submit,
    summary_so_far,
    write_array,
)
from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.errors import InputError

from .conftest import starts

pytestmark = pytest.mark.skipif(os.name == "nt", reason="scripts of a shell")


def _tasks(script) -> range:
    line = next(line for line in script.read_text().splitlines() if line.startswith("#SBATCH --array="))
    first, last = line.partition("=")[2].split("-")
    return range(int(first), int(last) + 1)


def _play(script, task: int, folder=None) -> int:
    """Do what Slurm does with a task of an array."""
    environment = {**os.environ, "SLURM_ARRAY_TASK_ID": str(task), "SLURM_CPUS_PER_TASK": "3"}
    return subprocess.run(["bash", str(script)], env=environment, cwd=folder, check=False).returncode


def test_the_tasks_of_all_arrays_do_each_person_once(people, cohort, stand_in):
    folders = people(*(f"well{number}" for number in range(11)))
    scripts = write_array(folders, cohort, per_task=2, max_array_size=3, module=stand_in)
    assert len(scripts) == 2
    assert [_tasks(script) for script in scripts] == [range(3), range(3)]
    assert [_play(script, task) for script in scripts for task in _tasks(script)] == [0] * 6
    assert [starts(person) for person in folders] == [1] * 11
    assert (folders[0].path / "starts").read_text() == "3 threads\n"
    assert write_array(folders, cohort, module=stand_in) == []


def test_a_bad_person_does_not_keep_the_next_of_its_task_from_being_done(people, cohort, stand_in):
    folders = people("bad1", "well1")
    (script,) = write_array(folders, cohort, module=stand_in)
    assert _play(script, 0) == 2
    summary = run(folders, engine="local", jobs=1, module=stand_in)
    assert (summary.done, list(summary.failed)) == (("well1",), ["bad1"])


def test_a_script_says_what_is_asked_of_slurm_and_is_a_shell_script(people, cohort):
    options = SlurmOptions("long queue", "grant's", "1-02:00:00", 4, 7.5, True, ("--qos=high",))
    (script,) = write_array(people("well1"), cohort, options=options)
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
    lines = [line.removeprefix("#SBATCH ") for line in script.read_text().splitlines() if "#SBATCH" in line]
    assert lines == [
        "--job-name=longitudinal-inr",
        "--array=0-0",
        "--requeue",
        "--open-mode=append",
        "--signal=B:TERM@120",
        f'--output="{cohort.logs}/slurm/%x-%A_%a.log"',
        "--partition='long queue'",
        """--account='grant'"'"'s'""",
        "--time=1-02:00:00",
        "--cpus-per-task=4",
        "--mem=7680M",
        "--gres=gpu:1",
        "--qos=high",
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"walltime": "1 day"},
        {"partition": "a\n#SBATCH --uid=0"},
        {"account": "-a"},
        {"directives": ("qos=high",)},
        {"directives": ("--qos=high\nrm -rf /",)},
        {"cores": 0},
        {"setup": ("module load a\nrm -rf /",)},
    ],
)
def test_what_is_no_option_of_sbatch_is_refused(change):
    with pytest.raises(InputError) as refused:
        SlurmOptions(**change)
    assert refused.value.code == "slurm-option"


def test_an_array_that_waits_keeps_its_list_when_the_same_command_runs_again(people, cohort, stand_in):
    folders = people(*(f"well{number}" for number in range(4)))
    (waiting,) = write_array(folders, cohort, per_task=1, module=stand_in)
    assert _play(waiting, 0) == 0
    (second,) = write_array(folders, cohort, per_task=1, module=stand_in)
    assert [_play(waiting, task) for task in (1, 2, 3)] == [0, 0, 0]
    assert [starts(person) for person in folders] == [1] * 4
    assert second != waiting
    assert _tasks(second) == range(3)


def test_a_script_that_somebody_changed_is_left_as_it_is(people, cohort):
    folders = people("well1")
    (script,) = write_array(folders, cohort)
    script.write_text(script.read_text() + "# mine\n")
    assert write_array(folders, cohort) == [script]
    assert script.read_text().endswith("# mine\n")


def test_lines_of_a_site_come_before_the_program(people, cohort, stand_in):
    (person,) = people("well1")
    options = SlurmOptions(setup=("export OMP_NUM_THREADS=9", 'touch "it is set up"'))
    (script,) = write_array([person], cohort, options=options, module=stand_in)
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
    assert _play(script, 0, cohort.path) == 0
    assert (cohort.path / "it is set up").exists()
    assert (person.path / "starts").read_text() == "3 threads\n"


@pytest.mark.parametrize(
    ("script", "size"),
    [("echo 'MaxArraySize            = 64'", 64), ("exit 1", 1001), ("echo MaxJobCount = 5", 1001)],
)
def test_the_longest_array_is_what_slurm_says(script, size, tmp_path, monkeypatch):
    (tmp_path / "scontrol").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "scontrol").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert max_array_size() == size


def test_how_people_ended_is_read_from_their_folders(people, cohort, stand_in):
    folders = people("bad1", "defect2", "well3", "well4")
    run(folders[:3], engine="local", jobs=1, retries=0, module=stand_in)
    found = summary_so_far(folders)
    assert (found.done, found.cancelled, found.not_started) == (("well3",), (), ("well4",))
    assert {name: outcome.code for name, outcome in found.failed.items()} == {"bad1": 2, "defect2": 1}


def test_a_folder_whose_name_slurm_cannot_write_is_refused(people, tmp_path):
    with pytest.raises(InputError) as refused:
        write_array(people("well1"), CohortFolder(tmp_path / 'a"b'))
    assert refused.value.code == "slurm-path"


def test_without_slurm_it_is_said_how_to_submit(people, cohort, monkeypatch):
    monkeypatch.setenv("PATH", "")
    scripts = write_array(people("well1"), cohort)
    with pytest.raises(InputError) as refused:
        submit(scripts)
    assert refused.value.code == "not-submitted"
    assert "sbatch '" in refused.value.advice
