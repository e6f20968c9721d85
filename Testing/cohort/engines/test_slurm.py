"""With a real Slurm: ``make slurm``. What it was asked and said is told on standard output."""

from __future__ import annotations

from dataclasses import replace

import pytest

from LongitudinalINRLib.cohort.engines import SlurmOptions, run, submit, write_array
from LongitudinalINRLib.errors import InputError

from . import toy_slurm
from .conftest import at_work, starts, until

pytestmark = [
    pytest.mark.slurm,
    pytest.mark.timeout(600),
    pytest.mark.skipif(bool(toy_slurm.missing()), reason=f"not installed: {toy_slurm.missing()}"),
]
SMALL = SlurmOptions(partition="main", walltime="00:20:00", cores=1, memory_gb=0.5)


@pytest.fixture(scope="module")
def slurm():
    with toy_slurm.running() as toy:
        yield toy


@pytest.fixture
def plain_cohort(cohort, tmp_path):
    """Give the cohort a path that needs no quotes, which Dask would leave out."""
    cohort.__init__(tmp_path / "cohort")


@pytest.fixture
def go(cohort):
    """Return a function that lets the slow people end."""
    return (cohort.path / "go").touch


def test_an_array_does_everybody_and_keeps_a_log(slurm, people, cohort, stand_in):
    folders = people("well1", "bad2", "well3", "well4", "well5")
    scripts = write_array(folders, cohort, per_task=2, options=SMALL, module=stand_in)
    (job,) = submit(scripts)
    slurm.ask("scontrol", "show", "job", f"{job}_0")
    until(lambda: not slurm.jobs(), 120)
    summary = run(folders, engine="local", jobs=1, module=stand_in)
    assert (sorted(summary.done), list(summary.failed)) == (["well1", "well3", "well4", "well5"], ["bad2"])
    assert [starts(person) for person in folders] == [1] * 5
    logs = {path.name for path in (cohort.logs / "slurm").glob("*.log")}
    assert logs == {f"longitudinal-inr-{job}_{task}.log" for task in range(3)}


def test_a_requeued_task_goes_on_from_its_checkpoint(slurm, people, cohort, stand_in, go):
    (person,) = people("slow1")
    (job,) = submit(write_array([person], cohort, options=SMALL, module=stand_in))
    until(lambda: at_work(cohort), 120)
    slurm.ask("scontrol", "requeue", f"{job}_0")
    until((person.path / "checkpoint").exists)
    go()
    until(person.outcome.exists, 300)
    assert starts(person) == 2
    until(lambda: not slurm.jobs(), 120)


def test_after_scancel_the_same_script_does_the_rest(slurm, people, cohort, stand_in, go):
    folders = people("well1", "slow2", "well3")
    (script,) = write_array(folders, cohort, options=SMALL, module=stand_in)
    (job,) = submit([script])
    until(lambda: at_work(cohort), 120)
    slurm.ask("scancel", job)
    until((folders[1].path / "checkpoint").exists)
    until(lambda: not slurm.jobs(), 120)
    go()
    submit([script])
    until(folders[2].outcome.exists, 120)
    assert [starts(person) for person in folders] == [1, 2, 1]
    until(lambda: not slurm.jobs(), 120)


def test_workers_in_slurm_survive_that_one_is_cancelled(slurm, plain_cohort, people, cohort, stand_in, go):
    folders = people("slow1", "slow2", "bad3", "well4", "well5")
    told, cancelled = [], []

    def cancel_one(event: object) -> None:
        told.append(event)
        if not cancelled and len(at_work(cohort)) == 2:
            job, _ = slurm.jobs()[0]
            slurm.ask("scancel", job)
            cancelled.append(job)
            go()

    asked = replace(SMALL, setup=(f"touch {cohort.path}/set-up",))
    summary = run(folders, engine="slurm", jobs=2, tell=cancel_one, slurm=asked, module=stand_in)
    slurm.ask("squeue")
    assert (cohort.path / "set-up").exists()
    assert cancelled
    assert (sorted(summary.done), list(summary.failed)) == (["slow1", "slow2", "well4", "well5"], ["bad3"])
    assert (folders[0].path / "starts").read_text().startswith("1 threads\n")
    until(lambda: not slurm.jobs(), 120)


def test_a_partition_that_is_not_there_is_refused_at_once(slurm, plain_cohort, people, stand_in):
    with pytest.raises(InputError) as refused:
        run(people("well1"), engine="slurm", jobs=1, slurm=SlurmOptions(partition="moon"), module=stand_in)
    assert refused.value.code == "not-submitted"
    assert "invalid partition" in refused.value.found


def test_an_output_folder_that_dask_would_not_quote_is_refused(slurm, people, stand_in):
    with pytest.raises(InputError) as refused:
        run(people("well1"), engine="slurm", jobs=1, slurm=SMALL, module=stand_in)
    assert refused.value.code == "slurm-path"
