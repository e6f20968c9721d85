"""How damaged files are refused. Needs the standard library alone."""

from __future__ import annotations

from LongitudinalINRLib.errors import InputError


def not_an_image(name: str, kind: str, found: str) -> InputError:
    """Return the refusal of a file that is of another kind than its name says."""
    return InputError(
        "not-an-image",
        f"{name} is not an image that can be read.",
        expected=kind,
        found=found,
        advice="Check that the file opens in a viewer; convert it again if it does not.",
    )


def bad_header(name: str, found: str, expected: str = "a header that agrees with itself") -> InputError:
    """Return the refusal of a header that says something impossible."""
    return InputError(
        "header-invalid",
        f"The header of {name} cannot be right.",
        expected=expected,
        found=found,
        advice="Convert the scan again from its original files, or repair its header.",
    )


def truncated(name: str, expected: str, found: str) -> InputError:
    """Return the refusal of a file that holds less than its header says."""
    return InputError(
        "file-truncated",
        f"{name} ends before its last voxel.",
        expected=expected,
        found=found,
        advice="Copy or download the file again.",
    )


def damaged(name: str, found: str) -> InputError:
    """Return the refusal of a compressed file whose checksums are wrong."""
    return InputError(
        "file-damaged",
        f"{name} is damaged.",
        expected="compressed data with the right checksum, and nothing after it",
        found=found,
        advice="Copy or download the file again.",
    )


def longer(name: str, expected: str, found: str) -> InputError:
    """Return the refusal of a file that holds more than its header says."""
    return InputError(
        "file-longer",
        f"{name} goes on after its last voxel.",
        expected=expected,
        found=found,
        advice="The header does not belong to these voxels: convert the scan again.",
    )


def no_orientation(name: str, expected: str, found: str) -> InputError:
    """Return the refusal of a file that does not say where its voxels lie."""
    return InputError(
        "no-orientation",
        f"{name} does not say where its voxels lie.",
        expected=expected,
        found=found,
        advice="Convert the scan again from its DICOM files with a tool that keeps the orientation.",
    )
