"""Whether DICOM headers name one person. What they name is compared and never told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from LongitudinalINRLib.imaging.dicom import tags
from LongitudinalINRLib.imaging.dicom.elements import Elements
from LongitudinalINRLib.imaging.dicom.folder import find_series
from LongitudinalINRLib.imaging.dicom.place import series_place
from LongitudinalINRLib.imaging.header_text import comparable


@dataclass(frozen=True)
class Person:
    """Whom a scan's header names; empty where it says nothing. Never written or shown."""

    patient_id: str = ""
    name: str = ""
    birth_date: str = ""
    sex: str = ""


@dataclass(frozen=True)
class PersonFinding:
    """Whether all scans are known to be of one person, and what says so; it names nobody."""

    same: bool
    reason: str


_TAGS = {
    "patient_id": tags.PATIENT_ID,
    "name": tags.PATIENT_NAME,
    "birth_date": tags.PATIENT_BIRTH_DATE,
    "sex": tags.PATIENT_SEX,
}
_WORDS = {"patient_id": "patient ID", "name": "name", "birth_date": "birth date", "sex": "sex"}
_TELLING = ("patient_id", "name")


def person_of(path: Path) -> Person:
    """Return whom a scan's header names; files that are no DICOM name nobody.

    Raises
    ------
    InputError
        The folder does not hold one DICOM series.
    """
    if series_place(path) is None:
        return Person()
    return person_in(find_series(path)[0][0].elements)


def person_in(elements: Elements) -> Person:
    """Return whom the elements of a DICOM header name."""
    return Person(**{name: _plain(elements.words(tag)) for name, tag in _TAGS.items()})


def differences(people: Mapping[str, Person]) -> dict[str, list[str]]:
    """Return what differs from the first scan's header, by the name of the scan; values are not told.

    What one of both headers leaves blank does not differ.

    Parameters
    ----------
    people : mapping of str to Person
        By the name of the scan, the baseline first.
    """
    first, *others = people
    found = {scan: _different(people[first], people[scan]) for scan in others}
    return {scan: different for scan, different in found.items() if different}


def same_person(people: Mapping[str, Person]) -> PersonFinding:
    """Tell whether headers name one person: all give one patient ID, or all one name, and nothing differs."""
    different = differences(people)
    if different:
        told = "; ".join(f"{scan} in {' and '.join(what)}" for scan, what in different.items())
        return PersonFinding(False, f"headers differ from the baseline's: {told}")
    if any(all(getattr(person, field) for person in people.values()) for field in _TELLING):
        return PersonFinding(True, "all scans' headers name one person")
    silent = [scan for scan, person in people.items() if not (person.patient_id or person.name)]
    return PersonFinding(False, f"no header names the person of {', '.join(silent or people)}")


def _different(one: Person, other: Person) -> list[str]:
    values = ((field.name, getattr(one, field.name), getattr(other, field.name)) for field in fields(Person))
    return [_WORDS[name] for name, here, there in values if here and there and here != there]


def _plain(text: str) -> str:
    """Return a value without what programs add: case, blanks, empty parts of a name, other scripts."""
    return comparable(text.partition("=")[0].replace("^", " "))
