"""Alignments in `alignment.json` and `fit.json`."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, StringConstraints, TypeAdapter, model_validator

from LongitudinalINRLib.imaging.alignment import Alignment, AlignmentKind, Factors
from LongitudinalINRLib.json_model import Document, Matrix, Months, Sha256, read_document

LARGEST_ALIGNMENTS_BYTES = 10_000_000
LONGEST_SHIFT_MM = 1e6
DETERMINANTS = (0.1, 10.0)
"""A head is not ten times as large in one scan as in another."""

DETERMINANT_DIFFERS = 1e-6
RIGID_DIFFERS = 1e-3

Similarity = Annotated[float, Field(ge=-1.001, le=1.001)]
ScanName = Annotated[str, StringConstraints(pattern="^scan-[0-9]{1,4}$")]


class AlignmentDocument(Document):
    """An alignment as `alignments.alignment_to_json` writes it."""

    matrix: Matrix
    kind: AlignmentKind
    similarity_before: Similarity
    similarity_after: Similarity
    determinant: float
    warnings: tuple[str, ...] = ()
    scale: Factors | None = None

    @model_validator(mode="after")
    def _check_matrix(self) -> AlignmentDocument:
        matrix = np.array(self.matrix)
        linear, determinant = matrix[:3, :3], float(np.linalg.det(matrix[:3, :3]))
        if not np.array_equal(matrix[3], [0, 0, 0, 1]):
            raise ValueError("a matrix with the last row 0 0 0 1")
        if not DETERMINANTS[0] <= determinant <= DETERMINANTS[1]:
            raise ValueError(f"a matrix with a determinant from {DETERMINANTS[0]} to {DETERMINANTS[1]}")
        if not np.abs(matrix[:3, 3]).max() <= LONGEST_SHIFT_MM:
            raise ValueError(f"a shift of at most {LONGEST_SHIFT_MM:g} mm")
        if abs(determinant - self.determinant) > DETERMINANT_DIFFERS:
            raise ValueError(f"the determinant of the matrix, {determinant:g}")
        if self.kind == "none" and not np.array_equal(matrix, np.eye(4)):
            raise ValueError("the identity where nothing was aligned")
        if self.kind == "rigid" and np.abs(linear.T @ linear - np.eye(3)).max() > RIGID_DIFFERS:
            raise ValueError("a rotation where the alignment is rigid")
        if (self.kind == "rigid-scaled") != (self.scale is not None):
            raise ValueError("three factors where the alignment is rigid-scaled, and nowhere else")
        if self.scale is not None:
            self._check_scale(linear, self.scale)
        return self

    def _check_scale(self, linear: NDArray[np.float64], scale: Factors) -> None:
        if min(scale) <= 0 or abs(math.prod(scale) - self.determinant) > RIGID_DIFFERS:
            raise ValueError("factors whose product is the determinant")
        if np.abs(linear.T @ linear - np.cbrt(self.determinant) ** 2 * np.eye(3)).max() > RIGID_DIFFERS:
            raise ValueError("a rotation and one factor where the alignment is rigid-scaled")

    @property
    def alignment(self) -> Alignment:
        """The alignment itself."""
        return Alignment(
            np.array(self.matrix, dtype=np.float64),
            self.kind,
            self.similarity_before,
            self.similarity_after,
            self.determinant,
            list(self.warnings),
            self.scale,
        )


class SavedAlignment(AlignmentDocument):
    """An alignment with the key of what decided it (`Job.alignment_key`)."""

    key: Sha256


class ScanAlignment(AlignmentDocument):
    """An alignment of a fit, with the scan that it is of."""

    name: ScanName
    months: Months


_ALIGNMENTS = TypeAdapter(Annotated[dict[ScanName, SavedAlignment], Field(min_length=1)])


def read_alignments(path: Path) -> dict[str, SavedAlignment]:
    """Read `alignment.json`: the alignment of each scan by its name.

    Raises
    ------
    InputError
        See `json_model.read_document`.
    """
    return read_document(path, _ALIGNMENTS, LARGEST_ALIGNMENTS_BYTES)
