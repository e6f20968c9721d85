"""Limits of the size of files and of memory."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from LongitudinalINRLib.cli.app import run
from LongitudinalINRLib.jobs.signals import asked_to_stop

from .test_closed_streams import COMMANDS, QUIET_END, made_by

resource = pytest.importorskip("resource", reason="the system has no limits to set")


SMALL_FILES_ONLY = "ulimit -f 1"
"""At most a block of 512 or 1024 bytes."""


@pytest.fixture
def told_with_small_files(capsys):
    """Run a command in this process while no file may exceed 1024 bytes; return its code and words."""

    def told(arguments):
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
        try:
            code = run(arguments)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        return code, capsys.readouterr().err

    return told


def test_a_map_that_may_not_become_so_large_ends_the_process_with_2(shell, questions, tmp_path):
    done = shell(questions["predict"], before=SMALL_FILES_ONLY)
    assert done.returncode == 2, done.stderr
    assert "What to do:" in done.stderr
    assert made_by(tmp_path) == []


@pytest.mark.parametrize("suffix", [".nii.gz", ".nii", ".nrrd", ".mha"])
def test_a_map_that_may_not_become_so_large_leaves_nothing(
    told_with_small_files, questions, tmp_path, suffix
):
    arguments = [*questions["predict"][:-1], str(tmp_path / "made" / f"map{suffix}")]
    code, said = told_with_small_files(arguments)
    assert code == 2, said
    assert "What to do:" in said
    assert "went wrong" not in said
    assert made_by(tmp_path) == []


@pytest.mark.parametrize("name", ["regions", "simulate", "fit"])
def test_nothing_that_is_half_written_stays_under_a_limit_of_file_size(
    told_with_small_files, questions, tmp_path, name
):
    code, said = told_with_small_files(questions[name])
    assert code == 2, said
    assert "What to do:" in said
    assert "went wrong" not in said
    left = [path for path in (tmp_path / "made").rglob("*") if path.is_file()]
    assert not [path for path in left if path.name.startswith(".writing-")]
    assert not [path for path in left if path.suffix in (".gz", ".csv")]


@pytest.mark.parametrize("name", COMMANDS)
def test_too_little_memory_for_the_libraries_ends_with_4_and_a_word(shell, questions, tmp_path, name):
    done = shell(questions[name], before="ulimit -v 500000")
    assert done.returncode == 4
    assert "memory" in done.stderr
    assert not any(text in done.stderr for text in QUIET_END)
    assert made_by(tmp_path) == []


def test_so_little_memory_that_nothing_can_be_imported_never_shows_a_traceback_of_ours(shell, questions):
    for kilobytes in (40_000, 60_000, 90_000):
        done = shell(questions["info"], before=f"ulimit -v {kilobytes}")
        if "LongitudinalINRLib" not in done.stderr + done.stdout and done.returncode not in (4,):
            continue  # Python itself could not start
        assert done.returncode == 4
        assert "Traceback" not in done.stderr


def test_work_that_never_asks_is_interrupted_by_the_first_ctrl_c(tmp_path):
    """A named pipe without a writer: opening it waits for ever."""
    code = (
        "import os, sys\n"
        "from LongitudinalINRLib.jobs.signals import asked_to_stop\n"
        "os.mkfifo(sys.argv[1])\n"
        "with asked_to_stop(0.2):\n"
        "    print('ready', flush=True)\n"
        "    try:\n"
        "        open(sys.argv[1])\n"
        "    except KeyboardInterrupt:\n"
        "        sys.exit(3)\n"
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        pipe = tmp_path / f"pipe-{int(number)}"
        with subprocess.Popen([sys.executable, "-c", code, pipe], stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            process.send_signal(number)
            assert process.wait(60) == 3


def test_work_that_asks_ends_by_itself_and_is_not_interrupted():
    with asked_to_stop(0.05) as stopped:
        signal.raise_signal(signal.SIGINT)
        assert stopped()
        signal.sigtimedwait([], 0.2)
        assert stopped()


def test_a_signal_that_was_to_be_ignored_stays_ignored():
    usual = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with asked_to_stop() as stopped:
            signal.raise_signal(signal.SIGINT)
            assert not stopped()
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, usual)


def test_the_command_line_loads_no_library_before_it_has_looked_at_the_memory():
    code = (
        "import sys; import LongitudinalINRLib.cli.app; "
        "print({'numpy', 'scipy', 'torch', 'pydantic', 'SimpleITK', 'nibabel'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
