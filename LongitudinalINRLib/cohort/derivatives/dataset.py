"""The files that make a cohort's folder a BIDS dataset of derivatives, and say how it came about."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from LongitudinalINRLib import __version__
from LongitudinalINRLib.cohort.derivatives.description import CODE, description, refuse_foreign
from LongitudinalINRLib.cohort.derivatives.methods import methods_text
from LongitudinalINRLib.cohort.derivatives.shelf import Shelf
from LongitudinalINRLib.cohort.derivatives.used import used_by
from LongitudinalINRLib.cohort.folder import CohortFolder
from LongitudinalINRLib.cohort.plan import PersonPlan
from LongitudinalINRLib.files import json_text, make_folder

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
    texts = {
        cohort.description: json_text(description(cohort.path, bids_folder, environment)) + "\n",
        cohort.ignored: _text("bidsignore"),
        cohort.path / "README.md": _text("README.md"),
        cohort.citation: methods_text(used_by(plans)),
    }
    shelf = Shelf(cohort.path, cohort.published, tell)
    for path, text in texts.items():
        if shelf.manifest.state(path) in ("absent", "ours"):
            shelf.text(path, text)
        else:
            tell(f"{path.name} is not as this program wrote it: it is left as it is.")
    return shelf.put


def _text(name: str) -> str:
    loader = PackageLoader("LongitudinalINRLib.cohort.derivatives")
    environment = Environment(loader=loader, undefined=StrictUndefined, keep_trailing_newline=True)
    return environment.get_template(name).render(code=CODE, version=__version__)
