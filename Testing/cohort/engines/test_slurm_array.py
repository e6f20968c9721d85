from __future__ import annotations

import os
import subprocess

import pytest

from LongitudinalINRLib.cohort.engines import SlurmOptions, run, submit, write_array
from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.errors import InputError

from .conftest import starts

pytestmark = pytest.mark.skipif(os.name == "nt", reason="scripts of a shell")


def _tasks(script) -> range:
    line = next(line for line in script.read_text().splitlines() if line.startswith("#SBATCH --array="))
    first, last = line.partition("=")[2].split("-")
    return range(int(first), int(last) + 1)


def _play(script, task: int) -> int:
    """Do what Slurm does with a task of an array."""
    environment = {**os.environ, "SLURM_ARRAY_TASK_ID": str(task), "SLURM_CPUS_PER_TASK": "3"}
    return subprocess.run(["bash", str(script)], env=environment, check=False).returncode


def test_the_tasks_of_all_arrays_do_each_person_once(people, cohort, stand_in):
    folders = people(*(f"well{number}" for number in range(11)))
    scripts = write_array(folders, cohort, per_task=2, max_array_size=3, module=stand_in)
    assert [script.name for script in scripts] == ["array-1.sh", "array-2.sh"]
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
    ],
)
def test_what_is_no_option_of_sbatch_is_refused(change):
    with pytest.raises(InputError) as refused:
        SlurmOptions(**change)
    assert refused.value.code == "slurm-option"


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
