"""Learn the start of the fits: ``python -m benchmarks.start --output FOLDER``."""

from __future__ import annotations

import argparse
from pathlib import Path

from safetensors.torch import save

from benchmarks.start.brains import simulated_brains
from benchmarks.start.learn import learned
from LongitudinalINRLib.files import write_bytes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("benchmark-output"))
    parser.add_argument("--brains", type=int, default=3, help="simulated changes of the template brain")
    parser.add_argument("--people", type=int, default=110, help="fits, each of one of them in another pose")
    options = parser.parse_args()
    brains = simulated_brains(options.brains, options.output / "brains")

    def told(person: int, similarity: float) -> None:
        print(f"{person + 1} of {options.people}: {similarity:.3f}", flush=True)

    weights = learned(brains, options.people, told)
    file = options.output / "start.safetensors"
    write_bytes(file, save(weights, {"brains": str(options.brains), "people": str(options.people)}))
    print(f"{file}: {file.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
