"""ANTs SyN for one pair, as a person would run it: ``python -m benchmarks.speed.ants_pair FIXED MOVING MAP``.

From two files to a file of |J|, with the package's own settings: rigid, affine and SyN.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import ants


def main(fixed: str, moving: str, jacobian: str) -> None:
    baseline, follow_up = ants.image_read(fixed), ants.image_read(moving)
    with tempfile.TemporaryDirectory() as folder:
        found = ants.registration(baseline, follow_up, "SyN", outprefix=str(Path(folder) / "syn"))
        (warp,) = (name for name in found["fwdtransforms"] if name.endswith("Warp.nii.gz"))
        ants.image_write(ants.create_jacobian_determinant_image(baseline, warp), jacobian)


if __name__ == "__main__":
    main(*sys.argv[1:])
