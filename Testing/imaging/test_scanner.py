"""Whether scans are of one scanner: as DICOM and BIDS headers say, and never more than they say."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from LongitudinalINRLib.imaging.scanner import ScannerNames, same_scanner, scanner_of

PRISMA = {
    "Manufacturer": "Siemens",
    "ManufacturersModelName": "Prisma",
    "DeviceSerialNumber": "166003",
    "StationName": "MR1",
    "MagneticFieldStrength": 3,
    "SoftwareVersions": "syngo MR E11",
}
NAMED = ScannerNames("166003", "siemens", "prisma", "mr1", "3", "syngo mr e11")


def beside(tmp_path, content, name="scan.nii.gz"):
    """Return the path of a scan whose BIDS file holds this."""
    text = content if isinstance(content, str) else json.dumps(content)
    (tmp_path / "scan.json").write_text(text, encoding="utf-8")
    return tmp_path / name


def of(*scanners):
    return same_scanner({f"scan-{index}": names for index, names in enumerate(scanners)})


@pytest.mark.parametrize("name", ["scan.nii.gz", "scan.nii", "scan.NII.GZ"])
def test_a_bids_file_names_the_scanner(tmp_path, name):
    assert scanner_of(beside(tmp_path, PRISMA, name)) == NAMED


@pytest.mark.parametrize(
    "content",
    ["", "no JSON", "[" * 5000, "[1, 2]", '{"Manufacturer": "a", "Manufacturer": "b"}', " " * 1_000_001],
    ids=["empty", "no JSON", "deep", "a list", "a name twice", "too large"],
)
def test_a_bids_file_that_cannot_be_used_says_nothing(tmp_path, content):
    assert scanner_of(beside(tmp_path, content)) == ScannerNames()


def test_a_link_in_place_of_a_bids_file_is_not_followed(tmp_path):
    (tmp_path / "other.json").write_text(json.dumps(PRISMA), encoding="utf-8")
    (tmp_path / "scan.json").symlink_to(tmp_path / "other.json")
    assert scanner_of(tmp_path / "scan.nii.gz") == ScannerNames()


def test_a_scan_without_a_header_says_nothing(tmp_path):
    assert scanner_of(tmp_path / "scan.nii.gz") == scanner_of(tmp_path / "scan.mgz") == ScannerNames()


@pytest.mark.parametrize("blank", ["", "0", "0000", "UNKNOWN", "n/a", "xxxx", None, True, ["1"], {"a": 1}])
def test_what_stands_for_a_removed_serial_number_is_none(tmp_path, blank):
    found = scanner_of(beside(tmp_path, {**PRISMA, "DeviceSerialNumber": blank}))
    assert found == replace(NAMED, serial_number="")


def test_one_serial_number_in_all_scans_is_one_scanner():
    assert of(NAMED, replace(NAMED, station="", model=""), NAMED).same


def test_one_manufacturer_model_and_station_is_one_scanner_where_no_serial_number_is_given():
    unnumbered = replace(NAMED, serial_number="")
    assert of(unnumbered, unnumbered).same
    assert not of(unnumbered, NAMED).same
    assert not of(replace(unnumbered, station=""), replace(unnumbered, station="")).same


@pytest.mark.parametrize("name", ["serial_number", "manufacturer", "model", "station", "software"])
def test_whatever_differs_makes_the_scanner_unknown(name):
    found = of(NAMED, NAMED, replace(NAMED, **{name: "another"}))
    assert not found.same
    assert "different" in found.reason


def test_a_scan_that_says_nothing_makes_the_scanner_unknown_and_is_named():
    found = of(NAMED, ScannerNames(), NAMED)
    assert (found.same, found.reason) == (False, "no header names the scanner of scan-1")


def test_the_reason_tells_no_serial_number():
    assert not any("166003" in of(NAMED, other).reason for other in (NAMED, ScannerNames()))
