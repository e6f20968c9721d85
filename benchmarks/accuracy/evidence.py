"""Put the tables and figures of a run into a document: ``python -m benchmarks.accuracy.evidence``.

The document holds pairs of comments, ``<!-- begin NAME -->`` and ``<!-- end NAME -->``; what stands between
them is replaced by the table of that name, and everything else is left as it is.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
from pathlib import Path

from benchmarks.accuracy import goals
from benchmarks.accuracy.cohort import REPORTING, SETS
from benchmarks.accuracy.cost import Cost, cost_table
from benchmarks.accuracy.figures import draw_peers, draw_subjects
from benchmarks.accuracy.rows import Row, read_rows
from benchmarks.accuracy.suite import OURS
from benchmarks.accuracy.tables import by_physics, by_subject, false_change, summary, table
from benchmarks.accuracy.verdict import against_others, reached
from benchmarks.accuracy.who import tuned_and_reported
from LongitudinalINRLib.files import write_text

ROOT = Path(__file__).parents[2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("benchmark-output"))
    parser.add_argument("--document", type=Path, default=ROOT / "docs" / "evidence.md")
    parser.add_argument("--only", nargs="*", default=(), metavar="TABLE", help="these tables, and no figure")
    options = parser.parse_args()
    rows = read_rows(options.output / "rows", REPORTING)
    text = options.document.read_text("utf-8")
    found = tables(rows, options.output)
    if options.only:
        for name in options.only:
            text = replaced(text, name, found[name])
        write_text(options.document, text)
        return
    for name in re.findall(r"<!-- begin (.+?) -->", text):
        if name not in found:
            print(f"The table {name} has not been made; the document keeps the one that it has.")
    for name, content in found.items():
        text = replaced(text, name, content)
    write_text(options.document, text)
    pictures = options.document.with_suffix("")
    pictures.mkdir(exist_ok=True)
    draw_subjects([row for row in rows if row.method == OURS], pictures / "subjects.png")
    draw_peers(compared(rows), pictures / "peers.png")
    for figure in sorted((options.output / "figures").glob("*.png")):
        shutil.copy(figure, pictures / figure.name)


def tables(rows: list[Row], output: Path) -> dict[str, str]:
    """Return every table that the run has data for, by name."""
    ours = [row for row in rows if row.method == OURS]
    shared = compared(rows)
    found = {
        "reached": reached(ours),
        "ours": summary(ours, REPORTING),
        "subjects": by_subject(ours),
        "peers": summary(run_everywhere(shared), REPORTING),
        "peers-default": by_subject([row for row in shared if row.subject == "default"]),
        "still": false_change(rows, REPORTING),
        "verdict": against_others(run_everywhere(shared)),
        "who": tuned_and_reported(),
    }
    hard = SETS["sharp"] + SETS["scanners"]
    if rows_of_hard := read_rows(output / "rows", hard):
        found["goals"] = goals.reached([*rows, *rows_of_hard], [*REPORTING, *hard])
        found["hard"] = by_physics([row for row in rows_of_hard if row.method == OURS], hard)
        compared_hard = run_everywhere(compared(rows_of_hard))
        found["peers-hard"] = by_physics(compared_hard, hard)
        found["verdict-hard"] = against_others(compared_hard)
    for name in ("coverage", "coverage-left-out", "symmetry", "choices"):
        file = output / f"{name}.json"
        if file.exists():
            found[name] = json.loads(file.read_text("utf-8"))["table"]
    if (output / "cost.json").exists():
        costs = json.loads((output / "cost.json").read_text("utf-8"))
        found["cost"] = cost_table([Cost(**cost) for cost in costs])
    for file in sorted((output / "experiments").glob("*.json")):
        found[file.stem] = experiment(json.loads(file.read_text("utf-8"))["rows"])
    return found


def compared(rows: list[Row]) -> list[Row]:
    """Return the rows of the subjects that other programs were run on too."""
    shared = {row.subject for row in rows if not row.method.startswith(OURS)}
    return [row for row in rows if row.subject in shared]


def run_everywhere(rows: list[Row]) -> list[Row]:
    """Return the rows of the methods that were run on every subject: medians of others are not comparable."""
    subjects = {row.subject for row in rows}
    return [row for row in rows if {r.subject for r in rows if r.method == row.method} == subjects]


def experiment(rows: list[dict[str, object]]) -> str:
    """Return the rows of an experiment as a table."""
    head = list(dict.fromkeys(name for row in rows for name in row))
    return table(
        [name.replace("_", " ").replace("|", "\\|") for name in head],
        [[_shown(row.get(name)) for name in head] for row in rows],
    )


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3g}"
    return "" if value is None else str(value)


def replaced(text: str, name: str, content: str) -> str:
    """Return the text with what stands between the comments of a name replaced."""
    pattern = re.compile(rf"(<!-- begin {re.escape(name)} -->\n).*?(<!-- end {re.escape(name)} -->)", re.S)
    return pattern.sub(lambda found: f"{found[1]}\n{content}\n\n{found[2]}", text)


if __name__ == "__main__":
    main()
