"""An export in a process of its own, for a front without a terminal.

``python -m LongitudinalINRLib.dicom_out.worker ORDER``: ORDER is JSON with `result`, `output`, where wanted
`baseline`, `follow_ups` (a list), `labels`, `same_person` and `store`. The last line that it prints is JSON:
`objects`, `sent` and `said`, or the event of a failure (see `jobs.events`). It ends with the exit code of the
command line.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from LongitudinalINRLib.dicom_out.extra import require_extra
from LongitudinalINRLib.jobs import events
from LongitudinalINRLib.jobs.failures import DONE, details, explain
from LongitudinalINRLib.jobs.leaving import leave


def main(text: str) -> int:
    """Carry an export out, say how it ended, and return the exit code."""
    try:
        print(json.dumps(_performed(json.loads(text))), flush=True)  # noqa: T201
    except (Exception, KeyboardInterrupt) as error:
        event, code = explain(error)
        print(details(error), events.to_line(event), sep="\n", flush=True)  # noqa: T201
        return code
    return DONE


def _performed(wanted: dict[str, Any]) -> dict[str, Any]:
    require_extra()
    from LongitudinalINRLib.dicom_out.perform import Order, export
    from LongitudinalINRLib.dicom_out.sending.destinations import Wanted, destinations
    from LongitudinalINRLib.dicom_out.sending.send import send

    to = destinations(Wanted(store=wanted.get("store")))
    order = Order(
        Path(wanted["result"]),
        Path(wanted["baseline"]) if "baseline" in wanted else None,
        Path(wanted["output"]),
        tuple(map(Path, wanted.get("follow_ups", ()))),
        labels=Path(wanted["labels"]) if "labels" in wanted else None,
        same_person=bool(wanted.get("same_person", False)),
    )
    said: list[str] = []
    folder, stored = export(order, said.append)
    sent = {destination.name: send(folder, stored, destination) for destination in to}
    return {"objects": len(stored), "sent": sent, "said": said}


if __name__ == "__main__":
    leave(main(sys.argv[1]))
