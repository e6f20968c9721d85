from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading

import nibabel as nib
import numpy as np
import pytest

from LongitudinalINRLib.files import write_text
from LongitudinalINRLib.jobs.folder import JobFolder, read_json


def test_fit_writes_maps_at_the_months_asked_for_and_says_where(
    command, fit_arguments, tiny_subject, tmp_path
):
    output = tmp_path / "out"
    result = command(*fit_arguments, "--maps-at", "0,6.5,24,30", "--output", output)
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (output / "maps").glob("jacobian_*")) == [
        f"jacobian_{month}mo.nii.gz" for month in ("000.0", "006.5", "024.0", "030.0")
    ]
    image = nib.load(output / "maps" / "jacobian_024.0mo.nii.gz")
    assert image.get_data_dtype() == np.float32
    np.testing.assert_allclose(image.affine, nib.load(tiny_subject.baseline).affine, atol=1e-5)
    assert "report.html" in result.output
    assert "Error" not in result.output


def test_maps_are_at_the_months_of_the_scans_by_default(command, fit_arguments, tmp_path):
    assert command(*fit_arguments, "--output", tmp_path / "out").exit_code == 0
    maps = sorted(path.name for path in (tmp_path / "out" / "maps").glob("jacobian_*"))
    assert maps == [f"jacobian_{month}mo.nii.gz" for month in ("000.0", "012.0", "024.0")]


def test_options_reach_the_request(command, fit_arguments, tiny_subject, tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "LongitudinalINRLib.cli.fit.run_new", lambda folder, request, as_json: seen.append(request)
    )
    monkeypatch.setattr("LongitudinalINRLib.cli.fit.print_summary", lambda folder: None)
    options = "--preset paper --align rigid-scaled --scanner same --bias-correction --identity soft"
    options += " --lambda 3 --alpha 4 --beta 5 --gamma 0 --similarity mse --time-encoding first-layer"
    options += " --device cpu --seed 9"
    result = command(
        *fit_arguments,
        *options.split(),
        *(
            "--mask",
            tiny_subject.mask,
            "--follow-up-labels",
            f"24:{tiny_subject.labels}",
            "--output",
            tmp_path,
        ),
    )
    assert result.exit_code == 0, result.output
    (request,) = seen
    assert (request.align, request.bias_correction, request.device) == ("rigid-scaled", True, "cpu")
    assert request.scanner == "same"
    assert request.mask == str(tiny_subject.mask)
    assert [(scan.months, scan.path) for scan in request.follow_up_labels] == [
        (24.0, str(tiny_subject.labels))
    ]
    config = request.config
    assert (config.identity, config.similarity, config.time_encoding, config.seed) == (
        "soft",
        "mse",
        "first-layer",
        9,
    )
    weights = config.weights
    assert (weights.lambda_, weights.alpha, weights.beta, weights.gamma) == (3.0, 4.0, 5.0, 0.0)


def test_a_follow_up_is_split_at_its_first_colon_and_may_be_relative(command, tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "LongitudinalINRLib.cli.fit.run_new", lambda folder, request, as_json: seen.append(request)
    )
    monkeypatch.setattr("LongitudinalINRLib.cli.fit.print_summary", lambda folder: None)
    monkeypatch.chdir(tmp_path)
    arguments = ["fit", "--baseline", "t0.nii", "--follow-up", "12.5:a:b.nii", "--output", "out"]
    assert command(*arguments).exit_code == 0
    (request,) = seen
    assert request.baseline == str(tmp_path / "t0.nii")
    assert [(scan.months, scan.path) for scan in request.follow_ups] == [(12.5, str(tmp_path / "a:b.nii"))]


def test_json_prints_the_events_and_nothing_else(command, fit_arguments, tmp_path):
    result = command(*fit_arguments, "--output", tmp_path / "out", "--json")
    assert result.exit_code == 0
    come = [json.loads(line)["event"] for line in result.stdout.splitlines()]
    assert (come[0], come[-1]) == ("started", "done")


def broken(tmp_path, kind):
    path = tmp_path / f"{kind}.nii.gz"
    if kind == "text":
        path.write_text("not an image")
        return path
    array = {
        "empty": np.zeros((20, 22, 18), np.float32),
        "not-finite": np.full((20, 22, 18), np.nan, np.float32),
        "4d": np.ones((20, 22, 18, 2), np.float32),
        "fractions": np.linspace(0, 1, 20 * 22 * 18).reshape(20, 22, 18).astype(np.float32),
    }[kind]
    image = nib.Nifti1Image(array, np.diag([2.0, 2.0, 2.0, 1.0]))
    image.set_sform(image.affine, 1)
    nib.save(image, path)
    return path


@pytest.mark.parametrize(
    "bad",
    [
        lambda s, t: ["--baseline", t / "missing.nii.gz", "--follow-up", f"12:{s.follow_ups[12.0]}"],
        lambda s, t: ["--baseline", broken(t, "text"), "--follow-up", f"12:{s.follow_ups[12.0]}"],
        lambda s, t: ["--baseline", broken(t, "empty"), "--follow-up", f"12:{s.follow_ups[12.0]}"],
        lambda s, t: ["--baseline", broken(t, "not-finite"), "--follow-up", f"12:{s.follow_ups[12.0]}"],
        lambda s, t: ["--baseline", broken(t, "4d"), "--follow-up", f"12:{s.follow_ups[12.0]}"],
        lambda s, t: ["--baseline", s.baseline],
        lambda s, t: ["--baseline", s.baseline, "--follow-up", f"12:{s.baseline}"],
        lambda s, t: ["--baseline", s.baseline, "--follow-up", str(s.follow_ups[12.0])],
        lambda s, t: ["--baseline", s.baseline, "--follow-up", f"2020-01-01:{s.follow_ups[12.0]}"],
        lambda s, t: ["--baseline", s.baseline, "--follow-up", f"nan:{s.follow_ups[12.0]}"],
        lambda s, t: ["--baseline", s.baseline, "--follow-up", f"inf:{s.follow_ups[12.0]}"],
        lambda s, t: ["--baseline", s.baseline, "--follow-up", f"1201:{s.follow_ups[12.0]}"],
        lambda s, t: ["--baseline", s.baseline, "--follow-up", f"-12:{s.follow_ups[12.0]}"],
        lambda s, t: ["--baseline", s.baseline, "--follow-up", f"0:{s.follow_ups[12.0]}"],
        lambda s, t: [
            *("--baseline", s.baseline, "--follow-up", f"12:{s.follow_ups[12.0]}"),
            *("--follow-up", f"12:{s.follow_ups[24.0]}"),
        ],
        lambda s, t: [
            *("--baseline", s.baseline, "--follow-up", f"12:{s.follow_ups[12.0]}"),
            *("--follow-up", f"24:{s.follow_ups[12.0]}"),
        ],
        lambda s, t: [*usual(s), "--mask", broken(t, "empty")],
        lambda s, t: [*usual(s), "--labels", broken(t, "fractions")],
        lambda s, t: [*usual(s), "--follow-up-labels", f"24:{s.labels}"],
        lambda s, t: [*usual(s), "--alpha", "-1"],
        lambda s, t: [*usual(s), "--beta", "nan"],
        lambda s, t: [*usual(s), "--maps-at", "6,-1"],
        lambda s, t: [*usual(s), "--maps-at", "6;12"],
    ],
)
def test_bad_input_ends_with_2_and_says_what_to_do_and_leaves_no_folder(command, tiny_subject, tmp_path, bad):
    output = tmp_path / "out"
    result = command("fit", *bad(tiny_subject, tmp_path), "--output", output)
    assert result.exit_code == 2, result.output
    for part in ("Error:", "Expected:", "Found:", "What to do:"):
        assert part in result.stderr
    assert "Traceback" not in result.output
    assert not output.exists()


def usual(subject):
    return ["--baseline", subject.baseline, "--follow-up", f"12:{subject.follow_ups[12.0]}"]


@pytest.mark.parametrize("arguments", [["--colour", "red"], ["--preset", "best"], ["--seed", "x"], []])
def test_wrong_usage_ends_with_2(command, arguments):
    assert command("fit", *arguments).exit_code == 2


def test_a_folder_that_was_there_stays_as_it_was_when_the_input_is_bad(command, tiny_subject, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    result = command("fit", *usual(tiny_subject), "--mask", tmp_path / "none.nii.gz", "--output", tmp_path)
    assert result.exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_another_subjects_folder_is_refused(command, a_done_job, tiny_subject):
    other = ["--baseline", tiny_subject.follow_ups[24.0], "--follow-up", f"12:{tiny_subject.baseline}"]
    result = command("fit", *other, "--output", a_done_job.path)
    assert result.exit_code == 2
    assert "another subject" in result.stderr
    assert a_done_job.state == "finished"


def test_an_error_is_an_event_for_programs(command, tiny_subject, tmp_path):
    arguments = ["fit", "--baseline", tiny_subject.baseline, "--output", tmp_path / "out", "--json"]
    result = command(*arguments)
    assert result.exit_code == 2
    failed = json.loads(result.stdout.splitlines()[-1])
    assert failed["event"] == "failed"
    assert failed["code"] == "no-follow-up"


def test_a_defect_ends_with_1_and_says_where_the_log_is(command, fit_arguments, tmp_path, monkeypatch):
    def broken_align(*_arguments, **_options):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("LongitudinalINRLib.jobs.stages.align.align", broken_align)
    output = tmp_path / "out"
    result = command(*fit_arguments, "--output", output)
    assert result.exit_code == 1
    assert str(output / "worker.log") in result.stderr
    assert "Traceback" not in result.output
    assert "Traceback" in (output / "worker.log").read_text(encoding="utf-8")


def test_resume_goes_on_with_a_fit_that_was_interrupted(command, tiny_subject, tmp_path):
    folder = JobFolder(tmp_path / "out")
    folder.create()
    write_text(folder.request, tiny_subject.request().to_json())
    result = command("resume", folder.path)
    assert result.exit_code == 0, result.output
    assert folder.state == "finished"
    assert str(folder.regions) in result.output


def test_resume_without_a_job_is_refused(command, tmp_path):
    result = command("resume", tmp_path)
    assert result.exit_code == 2
    assert "What to do:" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
def test_ctrl_c_keeps_what_was_done_and_ends_with_3(tiny_subject, tmp_path):
    folder = JobFolder(tmp_path / "out")
    folder.create()
    request = json.loads(tiny_subject.request().to_json())
    request["config"]["steps"] = 200_000
    write_text(folder.request, json.dumps(request))
    arguments = [sys.executable, "-m", "LongitudinalINRLib.cli", "resume", folder.path, "--json"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE) as process:
        assert any(re.search(rb'"step": \d', line) for line in process.stdout)
        process.send_signal(signal.SIGINT)
        process.stdout.read()
    assert process.returncode == 3
    assert folder.checkpoint.exists()


def test_two_fits_run_side_by_side(tiny_subject, tmp_path):
    from LongitudinalINRLib.jobs.worker import perform

    codes = {}

    def fit(name):
        folder = JobFolder(tmp_path / name)
        folder.create()
        write_text(folder.request, tiny_subject.request().to_json())
        codes[name] = perform(folder, lambda event: None, lambda: False)

    threads = [threading.Thread(target=fit, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == {"a": 0, "b": 0}
    weights = [(tmp_path / name / "model.safetensors").read_bytes() for name in codes]
    assert weights[0] == weights[1]
    assert (
        read_json(tmp_path / "a" / "fit.json")["history"] == read_json(tmp_path / "b" / "fit.json")["history"]
    )


def test_importing_the_command_line_is_quick_and_leaves_the_environment_alone():
    code = (
        "import os, sys; before = dict(os.environ)\n"
        "import LongitudinalINRLib.cli\n"
        "assert dict(os.environ) == before\n"
        "assert not {'torch', 'SimpleITK', 'nibabel', 'matplotlib'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
