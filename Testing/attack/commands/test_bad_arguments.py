"""Every command with what it cannot use: exit code 2, a message that helps, and nothing changed."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.timeout(60)

LONG = "n" * 5000
NUL = "a\0b.nii.gz"
DEEP = "/".join(["d"] * 3000)

FIT = {"--baseline": "t0.nii.gz", "--follow-up": "12:t12.nii.gz", "--output": "out"}
PREDICT = {"DIR": "result", "--months": "6", "--map": "rate", "--output": "new.nii.gz"}
REGIONS = {"DIR": "result", "--labels": "labels.nii.gz", "--output": "new.csv"}
SIMULATE = {"--t1": "t0.nii.gz", "--labels": "labels.nii.gz", "--months": "0,12", "--output": "subject"}
EVALUATE = {"DIR": "result"}
BUILD = {"COHORT": "diary.csv", "--output": "new.json"}
COMPARE = {
    "DIR": "result",
    "--norms": "norms.json",
    "--age": "70",
    "--sex": "F",
    "--output": "new.csv",
}

FOLDERS_WITHOUT_A_JOB = {
    "nothing": "nowhere",
    "an empty folder": "folder",
    "somebody's folder": "full",
    "a file": "t0.nii.gz",
    "a pipe": "pipe.nii.gz",
    "a circle of links": "loop",
    "a link to nothing": "dangling.nii.gz",
    "a name that is too long": LONG,
    "a path that is too deep": DEEP,
    "a null character": NUL,
    "an empty name": "",
    "blanks": "  ",
    "a device": "/dev/null",
    "below a file": "t0.nii.gz/result",
    "a name with escapes": "no\x1b[31mwhere\u202e",
    "a name with line breaks": "no\nError: all is well",
}
OUTPUTS = {
    "an existing file": ("t0.nii.gz", "exists already"),
    "an existing link": ("link.nii.gz", "link"),
    "a link to nothing": ("dangling.nii.gz", "link"),
    "a pipe": ("pipe.nii.gz", "pipe"),
    "a map of the result": ("result/maps/rate_012.0mo.nii.gz", "exists already"),
    "the mask of the result": ("result/mask.nii.gz", "exists already"),
    "a new file among the maps": ("result/maps/new.nii.gz", "part of the result"),
    "no such folder": ("nowhere/new.nii.gz", "folder"),
    "below a file": ("t0.nii.gz/new.nii.gz", "folder"),
    "below a circle of links": ("loop/new.nii.gz", "folder"),
    "an ending that is not known": ("new.png", ".nii.gz"),
    "no ending": ("new", ".nii.gz"),
    "a folder": ("folder", ".nii.gz"),
    "a device": ("/dev/full", ".nii.gz"),
    "a name that is too long": (LONG + ".nii.gz", "longer"),
    "a null character": (NUL, "null character"),
    "an empty name": ("", "empty argument"),
}
MONTHS = {
    "not a number": "nan",
    "infinite": "inf",
    "before the baseline": "-1",
    "too large for a number": "1e400",
    "over a century": "1201",
    "a hair after it": "1e-300",
    "a date": "2020-01-01",
    "a word": "twelve",
    "nothing": "",
}
MONTH_LISTS = {
    **MONTHS,
    "a hair after the baseline, in a list": "0,1e-300",
    "one month twice": "0,12,12",
    "one month twice but for a hair": "0,12,12.0000001",
    "ten thousand months": ",".join(map(str, range(10_000))),
    "nothing between commas": "0,,12",
    "a comma at the end": "0,12,",
    "semicolons": "0;12",
    "digits with an underscore": "0,1_2",
}
SCANS = {
    "nothing there": "nowhere.nii.gz",
    "text": "text.nii.gz",
    "an empty file": "empty.nii.gz",
    "a file that was cut": "cut.nii.gz",
    "a picture": "scan.jpg",
    "an empty folder": "folder",
    "a folder without images": "full",
    "a link to nothing": "dangling.nii.gz",
    "a pipe that nobody writes": "pipe.nii.gz",
    "a device without an end": "zero.nii.gz",
    "a name that is too long": LONG + ".nii.gz",
    "an empty name": "",
    "a null character": NUL,
}
ENTRIES = {
    "no month": "t12.nii.gz",
    "no path": "12:",
    "only blanks": "12:  ",
    "a word for a month": "twelve:t12.nii.gz",
    "no number": "nan:t12.nii.gz",
    "infinite": "inf:t12.nii.gz",
    "before the baseline": "-12:t12.nii.gz",
    "over a century": "1201:t12.nii.gz",
}


def with_value(arguments, option, value):
    return {**arguments, option: value}


def cases():
    """Yield a name, the command, its arguments and a part of what it must say."""
    for name, folder in FOLDERS_WITHOUT_A_JOB.items():
        for command, usual in (
            ("info", {}),
            ("resume", {}),
            ("report", {}),
            ("evaluate", EVALUATE),
            ("predict", PREDICT),
            ("regions", REGIONS),
            ("norms compare", COMPARE),
        ):
            yield f"{command}: {name}", command, with_value(usual, "DIR", folder), ""
    for name, (output, said) in OUTPUTS.items():
        yield f"predict into {name}", "predict", with_value(PREDICT, "--output", output), said
        csv = output.replace(".nii.gz", ".csv") if "new" in output or output == LONG + ".nii.gz" else output
        wanted = ".csv" if said == ".nii.gz" or (csv.endswith(".nii.gz") and "\0" not in csv) else said
        yield f"regions into {name}", "regions", with_value(REGIONS, "--output", csv), wanted
    for name, months in MONTHS.items():
        yield f"predict at {name}", "predict", with_value(PREDICT, "--months", months), ""
    for name, months in MONTH_LISTS.items():
        yield f"regions at {name}", "regions", with_value(REGIONS, "--months", months), ""
        yield f"simulate at {name}", "simulate", with_value(SIMULATE, "--months", months), ""
        yield f"fit, maps at {name}", "fit", with_value(FIT, "--maps-at", months), ""
    for name, scan in SCANS.items():
        yield f"fit of {name}", "fit", with_value(FIT, "--baseline", scan), ""
        yield f"simulate from {name}", "simulate", with_value(SIMULATE, "--t1", scan), ""
        yield f"simulate with labels: {name}", "simulate", with_value(SIMULATE, "--labels", scan), ""
        yield f"regions of {name}", "regions", with_value(REGIONS, "--labels", scan), ""
        yield f"predict like {name}", "predict", with_value(PREDICT, "--like", scan), ""
        yield f"norms of {name}", "norms build", with_value(BUILD, "COHORT", scan), ""
        yield f"norms compare with {name}", "norms compare", with_value(COMPARE, "--norms", scan), ""
        yield f"evaluate by {name}", "evaluate", with_value(EVALUATE, "--truth", scan), ""
    for name, entry in ENTRIES.items():
        yield f"fit with {name}", "fit", with_value(FIT, "--follow-up", entry), ""
        yield f"evaluate with {name}", "evaluate", with_value(EVALUATE, "--held-out", entry), ""
    yield from others()


def others():
    """Yield the cases that belong to one command alone."""
    demo = {"--output": "demo"}
    yield "regions in another space", "regions", with_value(REGIONS, "--labels", "small.nii.gz"), "space"
    yield "predict an unknown map", "predict", with_value(PREDICT, "--map", "beauty"), "beauty"
    yield "predict a scan of no month", "predict", with_value(PREDICT, "--map", "warped"), "predicted"
    yield "predict like labels of a pipe dream", "predict", with_value(PREDICT, "--like", "scan.jpg"), ""
    for option, values in {
        "--noise": ("nan", "inf", "-0.1", "1e300", "much", ""),
        "--seed": ("-1", str(2**63), "1.5", "seed", "1e3"),
        "--output": ("full", "t0.nii.gz", "loop", "dangling.nii.gz", LONG, NUL, "", "/dev/null", "result"),
    }.items():
        for value in values:
            yield f"simulate {option} {value[:9]}", "simulate", with_value(SIMULATE, option, value), ""
    yield "simulate without month 0", "simulate", with_value(SIMULATE, "--months", "6,12"), "month 0"
    yield "simulate on two grids", "simulate", with_value(SIMULATE, "--labels", "small.nii.gz"), "grid"
    for value in ("full", "t0.nii.gz", "loop", "dangling.nii.gz", "pipe.nii.gz", LONG, DEEP, NUL, "", "  "):
        yield f"demo into {value[:9]!r}", "demo", with_value(demo, "--output", value), ""
    for value in ("/dev/null", "t0.nii.gz/demo", ".", "result", "link.nii.gz", "job-list", "/proc/demo"):
        yield f"demo into {value}", "demo", with_value(demo, "--output", value), ""
    yield "demo with something more", "demo", with_value(demo, "--preset", "best"), "--preset"
    for job in ("job-list", "job-number", "job-cut", "job-deep"):
        for command, usual in (("report", {}), ("evaluate", {}), ("predict", PREDICT), ("regions", REGIONS)):
            yield f"{command} of {job}", command, with_value(usual, "DIR", job), ""
    for option, values in {
        "--preset": ("best", "", "Standard "),
        "--align": ("elastic",),
        "--device": ("abacus",),
        "--similarity": ("beauty",),
        "--identity": ("soft-ish",),
        "--alpha": ("nan", "inf", "-1", "heavy"),
        "--lambda": ("nan", "-inf"),
        "--seed": ("1.5", "seed", "-1", str(2**63)),
        "--mask": ("nowhere.nii.gz", "small.nii.gz"),
        "--labels": ("nowhere.nii.gz", "t0.nii.gz"),
        "--output": ("t0.nii.gz", "loop", LONG, NUL, "", "/dev/null", "t0.nii.gz/out"),
        "--follow-up-labels": ("12:labels.nii.gz", "13:labels.nii.gz", "labels.nii.gz"),
    }.items():
        for value in values:
            yield f"fit {option} {value[:9]}", "fit", with_value(FIT, option, value), ""
    for option, values in {
        "--age": ("-1", "121", "nan", "1950-01-01", "old"),
        "--sex": ("X", "female", "f", ""),
        "--output": ("t0.nii.gz", "result/regions.csv", "nowhere/new.csv", "new.txt"),
    }.items():
        for value in values:
            yield f"compare {option} {value}", "norms compare", with_value(COMPARE, option, value), ""
    for value in ("t0.nii.gz", "result/fit.json", "nowhere/new.json", "new.csv", "folder", "", NUL):
        yield f"norms into {value[:9]}", "norms build", with_value(BUILD, "--output", value), ""
    yield "fit of one scan twice", "fit", with_value(FIT, "--follow-up", "12:t0.nii.gz"), "twice"
    for option in ("--alpha", "--beta", "--gamma", "--lambda"):
        yield f"fit {option} beyond sense", "fit", with_value(FIT, option, "1e300"), ""
    yield "fit a hair after the baseline", "fit", with_value(FIT, "--follow-up", "1e-300:t12.nii.gz"), ""
    yield "fit at month 0", "fit", with_value(FIT, "--follow-up", "0:t12.nii.gz"), "same"


CASES = {name: rest for name, *rest in cases()}


@pytest.mark.parametrize("name", CASES)
def test_what_cannot_be_used_is_refused_with_advice_and_changes_nothing(refused, name):
    command, options, expected = CASES[name]
    arguments = command.split()
    for option, value in options.items():
        arguments += [value] if option.isupper() else [option, value]
    said = refused(arguments)
    assert "What to do:" in said or "Usage:" in said or "--help" in said
    assert expected in said
    assert "\nError: all is well" not in said
    assert "\u202e" not in said


def test_every_command_meets_fifteen_bad_inputs_or_more():
    commands = [command for command, *_ in CASES.values()]
    counts = {command: commands.count(command) for command in set(commands)}
    assert len(counts) == 11
    assert min(counts.values()) >= 15, counts
