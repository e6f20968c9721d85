"""The files that make a cohort's folder a BIDS dataset of derivatives, and say how it came about."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from LongitudinalINRLib import __version__
from LongitudinalINRLib.cohort.derivatives.methods import methods_text
from LongitudinalINRLib.cohort.derivatives.names import RAW
from LongitudinalINRLib.cohort.derivatives.shelf import Shelf
from LongitudinalINRLib.cohort.derivatives.used import used_by
from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.plan import PersonPlan
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import json_text, make_folder
from LongitudinalINRLib.json_text import parse_json, read_own_text

BIDS_VERSION = "1.10.0"
GENERATOR = "LongitudinalINR"
CODE = "https://github.com/LongitudinalINR/SlicerLongitudinalINR"
LARGEST_DESCRIPTION_BYTES = 1_000_000

IGNORED = """\
# What BIDS has no names for yet, or that is no data.
*.html
group
logs
people
figures
sub-*/figures
*_jacobian.*
*_jacobianrate.*
*_xfm.*
*_regions.*
*.kept-*
"""

README = """\
# Local volume change over time

One person's T1-weighted scans after another were fitted by [LongitudinalINR]({code}) {version}: one continuous
deformation per person, whose Jacobian determinant |J| says by which factor the tissue at a point of the baseline
has grown or shrunk. Research use only, not a medical device.

- `sub-*.html`: a page per person, the answer first. `group.html`, once the group level was run: the groups.
- `sub-*/ses-*/anat/`, in the space of the person's baseline (`space-T1w`):
  - `*_desc-longitudinal_regions.tsv`: volume change of every region with its 90 % interval;
  - `*_desc-brain_mask.nii.gz`: where change is measured;
  - `*_from-monthMMM_to-month000_mode-image_xfm.txt`: alignments of follow-ups to the baseline;
  - `*_desc-monthMMM_jacobian.nii.gz`, `*_jacobianrate.nii.gz`: maps at the months of the scans, where they were kept.
  `month013p25` is month 13.25.
- `people/sub-*/fit/`: the fit itself, with which maps of any month can be made (`longitudinal-inr predict`).
- `logs/CITATION.md`: what was done, for a methods section, with references; `logs/left_out.tsv`: who was left out.
"""

Tell = Callable[[str], None]


def write_dataset(
    cohort: CohortFolder,
    bids_folder: Path,
    plans: Iterable[PersonPlan],
    *,
    environment: Mapping[str, str] = os.environ,
    tell: Tell = lambda _: None,
) -> list[Path]:
    """Write what makes a cohort's folder a BIDS dataset: description, ``.bidsignore``, README, methods text.

    A file that somebody changed or put there is left as it is, which is told.

    Parameters
    ----------
    cohort : CohortFolder
        The output.
    bids_folder : Path
        The input.
    plans : iterable of PersonPlan
        Of all people; looked at once, for the methods text.
    environment : mapping
        Tells the container that this runs in.
    tell : callable
        Takes a sentence about a file that was left.

    Returns
    -------
    list of Path
        The files as this program writes them.

    Raises
    ------
    InputError
        The folder holds a dataset of somebody else.
    """
    refuse_foreign(cohort)
    make_folder(cohort.logs)
    description = json_text(_description(cohort.path, bids_folder, environment)) + "\n"
    texts = {
        cohort.description: description,
        cohort.ignored: IGNORED,
        cohort.path / "README.md": README.format(code=CODE, version=__version__),
        cohort.citation: methods_text(used_by(plans)),
    }
    shelf = Shelf(cohort.path, cohort.published, tell)
    for path, text in texts.items():
        if shelf.manifest.state(path) in ("absent", "ours"):
            shelf.text(path, text)
        else:
            tell(f"{path.name} is not as this program wrote it: it is left as it is.")
    return shelf.put


def refuse_foreign(cohort: CohortFolder) -> None:
    """Refuse a folder whose ``dataset_description.json`` does not say that this program made it.

    Raises
    ------
    InputError
        It is somebody else's dataset, such as the input itself.
    """
    if not os.path.lexists(cohort.description):
        return
    try:
        content = parse_json(read_own_text(cohort.description, LARGEST_DESCRIPTION_BYTES))
    except ValueError:
        content = None
    made_by = content.get("GeneratedBy") if isinstance(content, dict) else None
    if not isinstance(made_by, list) or not any(_is_ours(each) for each in made_by):
        raise InputError(
            "output-taken",
            f"{cohort.path.name} holds a dataset that this program did not make.",
            expected=f"a folder that is new, or whose {cohort.description.name} says GeneratedBy {GENERATOR}",
            found=f"a {cohort.description.name} of somebody else",
            advice="Choose another output folder, such as derivatives/longitudinal-inr in the BIDS folder.",
        )


def container_of(environment: Mapping[str, str]) -> dict[str, str] | None:
    """Return the container that this runs in, as BIDS tells it; None where none is known.

    Parameters
    ----------
    environment : mapping
        Apptainer sets ``APPTAINER_NAME`` (or ``SINGULARITY_NAME``); an image of Docker says its tag where it
        was given ``LONGITUDINAL_INR_IMAGE``.
    """
    for kind, variable in (
        ("apptainer", "APPTAINER_NAME"),
        ("singularity", "SINGULARITY_NAME"),
        ("docker", "LONGITUDINAL_INR_IMAGE"),
    ):
        if environment.get(variable):
            return {"Type": kind, "Tag": environment[variable]}
    return None


def _description(output: Path, bids_folder: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    raw = _raw_description(bids_folder)
    container = container_of(environment)
    described = {
        "Name": f"Local volume change over time{_of(raw)}",
        "BIDSVersion": BIDS_VERSION,
        "DatasetType": "derivative",
        "GeneratedBy": [
            {
                "Name": GENERATOR,
                "Version": __version__,
                "CodeURL": CODE,
                **({} if container is None else {"Container": container}),
            }
        ],
        "SourceDatasets": [_source(raw, bids_folder, output)],
        "DatasetLinks": {RAW: _place(bids_folder, output)},
    }
    return described | ({"License": raw["License"]} if isinstance(raw.get("License"), str) else {})


def _raw_description(bids_folder: Path) -> dict[str, Any]:
    try:
        content = json.loads((bids_folder / "dataset_description.json").read_text("utf-8-sig"))
    except (OSError, ValueError):  # the one who indexes the input says what is wrong with it
        return {}
    return content if isinstance(content, dict) else {}


def _of(raw: Mapping[str, Any]) -> str:
    return f" in {raw['Name']}" if isinstance(raw.get("Name"), str) else ""


def _source(raw: Mapping[str, Any], bids_folder: Path, output: Path) -> dict[str, str]:
    doi = raw.get("DatasetDOI")
    told = {"DOI": doi} if isinstance(doi, str) else {"URL": _place(bids_folder, output)}
    version = raw.get("DatasetVersion")
    return told | ({"Version": version} if isinstance(version, str) else {})


def _place(bids_folder: Path, output: Path) -> str:
    """Return where the input is: relative, since a whole path can carry somebody's name."""
    try:
        return Path(os.path.relpath(bids_folder.absolute(), output)).as_posix()
    except ValueError:  # another drive of Windows
        return bids_folder.absolute().as_uri()


def _is_ours(made_by: Any) -> bool:
    return isinstance(made_by, dict) and made_by.get("Name") == GENERATOR
