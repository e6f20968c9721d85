"""On a real head with FreeSurfer's labels the prescribed rates are met."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from LongitudinalINRLib.imaging.reading import read_labels, read_volume
from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.rates import DEFAULT_RATES
from LongitudinalINRLib.simulate.subject import simulate_subject


def thinned(volume: Volume) -> Volume:
    """Keep every fourth voxel of a 1 mm scan: small, and as anisotropic in storage as before."""
    return Volume(volume.array[::4, ::4, ::4], volume.affine @ np.diag([4.0, 4.0, 4.0, 1.0]))


def test_a_real_head_changes_at_the_default_rates() -> None:
    folder = os.environ.get("LONGITUDINAL_INR_DATA")
    if not folder:
        pytest.skip("LONGITUDINAL_INR_DATA does not name a folder with t1_labelled/")
    files = Path(folder) / "t1_labelled"
    t1, labels = read_volume(files / "T1w_brain.nii.gz")[0], read_labels(files / "aseg.nii.gz")[0]
    subject = simulate_subject(thinned(t1), thinned(labels), [0, 12], smoothness_mm=6.0)
    jacobian = subject.truth_jacobian[1].array
    found = {n: 100 * (jacobian[thinned(labels).array == n].mean() - 1) for n in DEFAULT_RATES}
    assert found == pytest.approx(dict(DEFAULT_RATES), abs=0.05)
