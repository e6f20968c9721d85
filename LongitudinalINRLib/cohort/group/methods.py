"""What was done at the group level, as paragraphs for a paper."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from LongitudinalINRLib import __version__
from LongitudinalINRLib.cohort.statistics.group_statistics import GroupStatistics
from LongitudinalINRLib.cohort.statistics.region_model import SLOPES


def methods_text(found: GroupStatistics, with_maps: bool) -> str:
    """Return paragraphs, apart by blank lines, that say what was done and on what it rests.

    Parameters
    ----------
    found : GroupStatistics
        What was done.
    with_maps : bool
        Whether maps were made too.
    """
    # Plain text: the page escapes it.
    environment = Environment(
        loader=PackageLoader("LongitudinalINRLib.cohort.report"),
        undefined=StrictUndefined,
        trim_blocks=True,
        autoescape=False,
    )
    text = environment.get_template("methods.txt").render(
        version=__version__,
        used=sum(person.status == "used" for person in found.people),
        everybody=len(found.people),
        exclusions=found.exclusions,
        covariates=found.covariates,
        shared_baseline=found.options.shared_baseline,
        reference=found.reference,
        plain=sum(model.method == SLOPES for model in found.models),
        regions=len(found.models),
        harmonised=found.options.harmonise == "combat",
        trial=found.options.trial,
        with_maps=with_maps,
    )
    return text.strip()
