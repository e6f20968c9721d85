"""The sharp built-in subject, simulated into the folder that is the only argument.

Runs in a child process, since it takes about half a minute and needs packages that the panel lives without.
Standard output carries one line for each step: the share that is done, and what is being done.
"""

from __future__ import annotations

import sys
from pathlib import Path

MONTHS = (0.0, 12.0, 24.0, 36.0)


def simulate(folder: Path) -> None:
    """Simulate scans at `MONTHS` and write them, their segmentations and the truth.

    Parameters
    ----------
    folder : Path
        Read back with `LongitudinalINRLib.simulate.storage.load_truth`.
    """
    from LongitudinalINRLib.simulate.crisp import crisp_subject
    from LongitudinalINRLib.simulate.subject import simulate_subject

    def tell(fraction: float, text: str) -> None:
        print(f"{fraction:.3f} {text}", flush=True)

    tell(0.0, "reading the template")
    baseline = crisp_subject()
    subject = simulate_subject(*baseline, MONTHS, on_progress=lambda share, text: tell(0.8 * share, text))
    tell(0.8, "writing the files")
    subject.save(folder)


if __name__ == "__main__":
    simulate(Path(sys.argv[1]))
