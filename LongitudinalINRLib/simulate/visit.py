"""One visit: what the scanner shows of the anatomy at a month, and what is true then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from LongitudinalINRLib.imaging.volume import Volume
from LongitudinalINRLib.simulate.anatomy import Anatomy
from LongitudinalINRLib.simulate.deformation import Moment, Shown
from LongitudinalINRLib.simulate.geometry import View
from LongitudinalINRLib.simulate.motion import with_motion
from LongitudinalINRLib.simulate.randomness import generator
from LongitudinalINRLib.simulate.scanner import Scanner
from LongitudinalINRLib.simulate.space import Floats, transformed, voxel_places_mm
from LongitudinalINRLib.simulate.strip import jittered_strip
from LongitudinalINRLib.simulate.texture import scanner_texture
from LongitudinalINRLib.simulate.thickness import every_middle_slice, thick_slices


@dataclass(frozen=True, eq=False)
class Visit:
    """A scan, its segmentation and its truth; see `SimulatedSubject`."""

    scan: Volume
    labels: Volume
    jacobian: Volume
    rate: Volume
    displacement: Volume
    position: Floats


def visit(anatomy: Anatomy, moment: Moment, scanner: Scanner, seed: int) -> Visit:
    """Scan an anatomy that has changed, and tell its truth.

    Parameters
    ----------
    anatomy, moment, scanner, seed
        See `scanned`.
    """
    scan, labels, position = scanned(anatomy, moment, scanner, seed)
    grid, to_voxels = anatomy.t1, moment.lattice.to_voxels

    def true(field: Floats) -> Volume:
        return thick_slices(grid.with_array(field.astype(np.float32)), scanner.slice_mm)

    return Visit(
        scan,
        labels,
        true(to_voxels(moment.jacobian)),
        true(to_voxels(moment.rate)),
        true(np.stack([to_voxels(u) for u in moment.displacement], axis=-1)),
        position,
    )


def scanned(anatomy: Anatomy, moment: Shown, scanner: Scanner, seed: int) -> tuple[Volume, Volume, Floats]:
    """Scan an anatomy that has changed.

    Parameters
    ----------
    anatomy : Anatomy
    moment : Shown
        What the tissue did until then; what month 0 shows, follow-ups depart from.
    scanner : Scanner
    seed : int

    Returns
    -------
    scan, labels : Volume
    position : ndarray, shape (4, 4)
        Baseline RAS mm to RAS mm in the scan, rigid.
    """
    view = _view(anatomy, moment, scanner, seed)
    inverse, grid = moment.inverse(), anatomy.t1
    image, labels, support = anatomy.seen_through(
        lambda points_mm: inverse(view.baseline_place(points_mm)),
        reach_mm=view.longest_move_mm(grid.shape, grid.affine) + moment.longest_move_mm,
    )
    if moment.months > 0:
        centre_mm = transformed(view.position, anatomy.centre_mm[:, None])[:, 0]
        image = _otherwise_acquired(
            image, anatomy, scanner, centre_mm, generator(seed, "motion", moment.months)
        )
    scan = _scanned(
        thick_slices(grid.with_array(image), scanner.slice_mm),
        every_middle_slice(grid.with_array(labels), scanner.slice_mm),
        thick_slices(grid.with_array(support.astype(np.float32)), scanner.slice_mm).array.astype(np.float32)
        > 0.5,
        anatomy,
        scanner,
        (seed, moment.months),
    )
    return scan, every_middle_slice(grid.with_array(labels), scanner.slice_mm), view.position


def _view(anatomy: Anatomy, moment: Shown, scanner: Scanner, seed: int) -> View:
    centre_mm, radius_mm = anatomy.centre_mm, anatomy.radius_mm
    if moment.months == 0:
        return View(np.eye(4), centre_mm, radius_mm)
    return View(
        scanner.head_position(centre_mm, generator(seed, "position", moment.months)),
        centre_mm,
        radius_mm,
        1.0 + np.broadcast_to(scanner.scale_percent, 3) / 100.0,
        scanner.gradient_nonlinearity_mm,
    )


def _otherwise_acquired(
    image: NDArray[np.floating],
    anatomy: Anatomy,
    scanner: Scanner,
    centre_mm: Floats,
    random: np.random.Generator,
) -> NDArray[np.floating]:
    """Give a follow-up another contrast, motion and blur than the baseline's."""
    if scanner.contrast != 1.0:
        brightest = anatomy.brightest
        image = brightest * (np.clip(image, 0.0, None) / brightest) ** scanner.contrast
    if scanner.motion_mm:
        image = with_motion(
            image,
            anatomy.t1.affine,
            centre_mm=centre_mm,
            radius_mm=anatomy.radius_mm,
            motion_mm=scanner.motion_mm,
            random=random,
        )
    if scanner.blur_mm:
        image = ndimage.gaussian_filter(image, scanner.blur_mm / anatomy.t1.voxel_sizes_mm, mode="nearest")
    return image


def _scanned(
    image: Volume,
    labels: Volume,
    support: NDArray[np.bool_],
    anatomy: Anatomy,
    scanner: Scanner,
    occasion: tuple[int, float],
) -> Volume:
    """Add to an image what is new in every scan: drift, noise, skull strip."""
    seed, months = occasion
    places_mm = voxel_places_mm(image.shape, image.affine) - anatomy.centre_mm[:, None, None, None]
    drift = scanner.drift_field(places_mm, support, anatomy.radius_mm, generator(seed, "drift", months))
    values = image.array.astype(np.float64) * drift
    if anatomy.texture:
        random = generator(seed, "texture")  # the same in every scan
        values += scanner_texture(image.shape, image.voxel_sizes_mm, anatomy.texture, random)
    noisy = scanner.add_noise(values, anatomy.brightest, support, generator(seed, "noise", months))
    if scanner.strip_jitter_mm:
        strip = jittered_strip(
            labels.array != 0, labels.affine, scanner.strip_jitter_mm, generator(seed, "strip", months)
        )
        noisy = np.where(strip, noisy, np.float32(0.0))
    return image.with_array(noisy)
