"""SyN [1]_ of ANTs by antspyx, where that is installed, in a process of its own: ``… -m …atlas.syn FOLDER``.

That process can be ended at any moment, has its own number of threads and its own temporary folder, and what
it breaks is not ours.

References
----------
.. [1] Avants, Epstein, Grossman, Gee, "Symmetric diffeomorphic image registration with cross-correlation",
   Medical Image Analysis 12(1), 2008; the metric here is mutual information, the package's own choice.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import SimpleITK as sitk

from LongitudinalINRLib.child import run_child
from LongitudinalINRLib.imaging.itk import to_itk
from LongitudinalINRLib.imaging.volume import Volume

_PARENT_OF_LIBRARY = Path(__file__).parents[2]
_FIXED, _MOVING, _FIELD, _PREFIX = "fixed.nii.gz", "moving.nii.gz", "field.nii.gz", "syn"
_SEED = 7
_ITERATIONS = (40, 20, 10)  # on voxels of 8, 4 and 2 mm; the package's own choice has none on the finest
_METRIC, _BINS = "mattes", 32


class SynFailed(Exception):
    """ANTs ended without a result; standard error holds what it said."""


def installed_version() -> str | None:
    """Return which antspyx is installed; None where there is none."""
    try:
        return version("antspyx") if find_spec("ants") else None
    except PackageNotFoundError:  # another package of that name
        return None


def syn(fixed: Volume, moving: Volume, should_stop: Callable[[], bool]) -> sitk.Image:
    """Return the displacement in LPS mm on the grid of the fixed brain.

    One thread and a fixed seed: the same bits every time.

    Parameters
    ----------
    fixed, moving : Volume
        On isotropic voxels, aligned affinely; float32.
    should_stop : callable
        Asked five times a second.

    Raises
    ------
    Cancelled
        When `should_stop` said so.
    SynFailed
        When ANTs did not register them.
    """
    with tempfile.TemporaryDirectory(prefix="longitudinal-inr-") as temporary:
        folder = Path(temporary)
        for name, volume in ((_FIXED, fixed), (_MOVING, moving)):
            sitk.WriteImage(to_itk(volume), str(folder / name))
        paths = filter(None, (str(_PARENT_OF_LIBRARY), os.environ.get("PYTHONPATH")))
        environment = {
            **os.environ,
            **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), temporary),
            "PYTHONPATH": os.pathsep.join(paths),
            "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS": "1",
        }
        code = run_child([sys.executable, "-m", __name__, temporary], should_stop, environment)
        if code or not (folder / _FIELD).exists():
            raise SynFailed(f"exit code {code}" if code else "no field")
        return sitk.ReadImage(str(folder / _FIELD), sitk.sitkVectorFloat64)


def _register(folder: Path) -> None:
    import ants

    ants.config.set_ants_deterministic(on=True, seed_value=_SEED)
    found = ants.registration(
        ants.image_read(str(folder / _FIXED)),
        ants.image_read(str(folder / _MOVING)),
        "SyNOnly",
        initial_transform="Identity",
        outprefix=str(folder / _PREFIX),
        syn_metric=_METRIC,
        syn_sampling=_BINS,
        reg_iterations=_ITERATIONS,
        singleprecision=True,
    )
    (field,) = (name for name in found["fwdtransforms"] if name.endswith("Warp.nii.gz"))
    os.replace(field, folder / _FIELD)


if __name__ == "__main__":
    _register(Path(sys.argv[1]))
