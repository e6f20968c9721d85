"""Whether a job's scans are of one person, by their headers: another one's are refused unless it is said."""

from __future__ import annotations

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.imaging.person import PersonFinding, differences, person_of, same_person
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.identity import scan_files
from LongitudinalINRLib.jobs.request import Request


def check_person(request: Request, folder: JobFolder) -> tuple[PersonFinding, list[str]]:
    """Compare whom the headers of a job's scans name.

    Returns
    -------
    finding : PersonFinding
        What is known, without a name.
    warnings : list of str
        What differs, where the request says that it does not matter.

    Raises
    ------
    InputError
        A follow-up's header names another person than the baseline's, and the request does not say that they
        are one.
    """
    people = {name: person_of(folder.resolve(path)) for name, path in scan_files(request).items()}
    finding = same_person(people)
    different = differences(people)
    if not different:
        return finding, []
    if not request.same_person:
        raise _refusal(different)
    warnings = [
        f"{scan}: its header differs from the baseline's in {' and '.join(what)}; both are taken to be of "
        "one person, as the request says."
        for scan, what in different.items()
    ]
    return PersonFinding(False, f"{finding.reason}; the request says that they are one person's"), warnings


def _refusal(different: dict[str, list[str]]) -> InputError:
    told = "; ".join(f"{scan} differs in {' and '.join(what)}" for scan, what in different.items())
    return InputError(
        "other-person",
        "A follow-up's DICOM header names another person than the baseline's.",
        expected="scans of one person",
        found=told,
        advice="Check the folders. If they are one person's, for example because each was given a code of "
        "its own, say so: --same-person, in Python same_person=True.",
    )
