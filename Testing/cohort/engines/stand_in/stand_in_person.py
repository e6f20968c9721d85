"""Stands in for the process of people: what it does is told by the label, and it leaves traces to look at."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys
import time
from pathlib import Path


def main() -> int:
    code = 0
    for name in sys.argv[1:]:
        folder = Path(name)
        before = settled(folder)
        kind = folder.name.removeprefix("sub-").rstrip("0123456789")
        code = (do(folder, kind) if before is None else before) or code
    return code


def settled(folder: Path) -> int | None:
    outcome = folder / "outcome.json"
    code = json.loads(outcome.read_text())["code"] if outcome.exists() else None
    return code if code in (0, 2) else None


def do(folder: Path, kind: str) -> int:
    starts = folder / "starts"
    with starts.open("a") as stream:
        stream.write(f"{os.environ['OMP_NUM_THREADS']} threads\n")
    at_work = folder / "at-work"
    at_work.write_text(str(os.getpid()))
    if kind == "bad":
        return end(folder, 2)
    if kind == "taken":
        return end(folder, 6)
    if kind == "defect":
        sys.stderr.write("the roof is on fire\n")
        return 1
    if kind == "hungry":
        if len(starts.read_text().splitlines()) == 1:
            at_work.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        others = [path.parent.name for path in folder.parent.glob("*/at-work") if path != at_work]
        (folder / "others").write_text(" ".join(others))
    if kind == "slow":
        wait_for(folder.parent.parent / "go", folder)
    at_work.unlink()
    return end(folder, 0)


def wait_for(go: Path, folder: Path) -> None:
    """Work until a file is there; write a checkpoint when asked to stop or when nobody listens any more."""

    def leave(*_: object) -> None:
        (folder / "checkpoint").touch()
        (folder / "at-work").unlink(missing_ok=True)
        os._exit(3)

    signal.signal(signal.SIGTERM, leave)
    while not go.exists():
        try:
            sys.stdout.write('{"event": "progress", "stage": "fit", "fraction": 0.5}\n')
            sys.stdout.flush()
        except BrokenPipeError:
            leave()
        time.sleep(0.05)


def end(folder: Path, code: int) -> int:
    plan = hashlib.sha256((folder / "person.json").read_bytes()).hexdigest()
    if code == 0:
        (folder / "fit").mkdir(exist_ok=True)
        (folder / "fit" / "results.json").touch()
        (folder / "fit" / "model.safetensors").touch()
        (folder / "published.json").touch()
        (folder.parent.parent / f"{folder.name}.html").touch()
    (folder / "outcome.json").write_text(json.dumps({"plan": plan, "code": code}))
    return code


if __name__ == "__main__":
    sys.exit(main())
