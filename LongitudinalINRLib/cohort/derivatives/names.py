"""What the BIDS Derivatives of a person are called."""

from __future__ import annotations

from pathlib import Path

from LongitudinalINRLib.cohort.folder import PREFIX, PersonFolder
from LongitudinalINRLib.cohort.plan import PersonPlan
from LongitudinalINRLib.words import month_label

RAW = "raw"
"""Name of the input in `DatasetLinks`, and so in BIDS URIs."""

SPACE = "T1w"
"""Label of the space of the baseline's scan."""


def month_entity(months: float) -> str:
    """Return the label of a month: letters and digits alone, a ``p`` for the decimal point.

    Examples
    --------
    >>> month_entity(24), month_entity(13.25), month_entity(0)
    ('month024', 'month013p25', 'month000')
    """
    return "month" + month_label(months).removesuffix(".0").replace(".", "p")


def uri(path: str) -> str:
    """Return the BIDS URI of a file of the input.

    Examples
    --------
    >>> uri("sub-01/ses-M00/anat/sub-01_ses-M00_T1w.nii.gz")
    'bids:raw:sub-01/ses-M00/anat/sub-01_ses-M00_T1w.nii.gz'
    """
    return f"bids:{RAW}:{path}"


class PersonNames:
    """Where the files of a person go: in the session of the baseline, whose space they are in.

    Parameters
    ----------
    folder : PersonFolder
        The person.
    plan : PersonPlan
        Tells the session of the baseline.
    """

    def __init__(self, folder: PersonFolder, plan: PersonPlan):
        self.person = f"{PREFIX}{plan.participant}"
        self.root = folder.cohort.derivatives(plan.participant)
        self.page = folder.cohort.page(plan.participant)
        self.figures = self.root / "figures"
        session = plan.scans[0].session
        between = [] if session is None else [f"ses-{session}"]
        self.anat = self.root.joinpath(*between, "anat")
        self._stem = "_".join([self.person, *between])

    def in_baseline(self, description: str, suffix: str) -> Path:
        """Return the path of a volume in the space of the baseline."""
        return self.anat / f"{self._stem}_space-{SPACE}_desc-{description}_{suffix}.nii.gz"

    def map(self, months: float, suffix: str) -> Path:
        """Return the path of a map of a month."""
        return self.in_baseline(month_entity(months), suffix)

    def table(self, description: str, suffix: str) -> Path:
        """Return the path of a table."""
        return self.anat / f"{self._stem}_desc-{description}_{suffix}.tsv"

    def transform(self, months: float) -> Path:
        """Return the path of the alignment of the follow-up of a month to the baseline."""
        ends = f"from-{month_entity(months)}_to-{month_entity(0)}"
        return self.anat / f"{self._stem}_{ends}_mode-image_xfm.txt"

    def figure(self, description: str, suffix: str) -> Path:
        """Return the path of a picture."""
        return self.figures / f"{self._stem}_desc-{description}_{suffix}.webp"


def sidecar(path: Path) -> Path:
    """Return the path of the JSON file beside a file."""
    return path.with_name(path.name.split(".")[0] + ".json")
