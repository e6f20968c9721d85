"""What was done in a cohort, as text for the methods section of a paper, from the settings that were used."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from statistics import median

from LongitudinalINRLib import __version__
from LongitudinalINRLib.cohort.derivatives import references
from LongitudinalINRLib.cohort.derivatives.used import Used
from LongitudinalINRLib.core.config import FitConfig, preset

PACKAGES = ("torch", "numpy", "nibabel", "SimpleITK")

REGIONS = {
    "freesurfer": "FreeSurfer's segmentation of the baseline",
    "fastsurfer": "FastSurfer's segmentation of the baseline",
    "synthseg": "SynthSeg's segmentation of the baseline",
    "atlas": "an average brain's regions, carried over to the baseline by a registration",
    "none": "no segmentation: the whole brain mask alone",
}
ALIGNMENTS = {
    "rigid": "rigidly, with six degrees of freedom",
    "rigid-scaled": "rigidly, with the scale of the skull removed",
    "affine": "with twelve degrees of freedom",
    "none": "not at all: they came aligned",
}
MASKS = {"given": "was given", "labels": "was taken from the segmentation", "estimated": "was estimated"}
MONTHS_FROM = {
    "acq_time": "the times of acquisition in the BIDS dataset",
    "age": "the ages at the scans",
    "given": "months that were given",
}
SIMILARITIES = {
    "log-ncc": "the logarithm of the variance that normalised cross-correlation leaves unexplained",
    "ncc": "normalised cross-correlation",
    "local-ncc": "local normalised cross-correlation",
    "mse": "the mean squared difference",
}


def methods_text(used: Used) -> str:
    """Return the methods text of a cohort as Markdown.

    Parameters
    ----------
    used : Used
        Settings and scans of its people. Where they differ among people, the text says of how many each is.
    """
    parts = [
        "# Methods of this dataset",
        "This text may be used in a publication. It says what this program was asked to do.",
        *how_people_were_fitted(used),
        "## References",
        "\n".join(f"- {reference}" for reference in references_of(used)),
    ]
    return "\n\n".join(parts) + "\n"


def how_people_were_fitted(used: Used) -> list[str]:
    """Return the paragraphs of the methods text, without headings and references."""
    return [
        _people(used),
        _before(used),
        *[_fit(config, count, len(used.configs)) for config, count in used.configs.most_common()],
        _measures(used),
        _versions(),
    ]


def _people(used: Used) -> str:
    scans = sum(number * people for number, people in used.scans.items())
    if not used.people:
        return "Nobody has been planned yet."
    each = _range(list(used.scans))
    span = f"{_range(used.last_months)}, median {median(used.last_months):.4g}"
    return (
        f"Local volume change was measured in {_counted(used.people)} with {scans} T1-weighted "
        f"scans ({each} each; months from the first scan to the last: {span}) by "
        f"LongitudinalINR {__version__}, which follows the method of Shuaibu et al. (2025). Times of the "
        f"scans came from {_told(used.months_from, MONTHS_FROM, 'scan', 'scans')}."
    )


def _before(used: Used) -> str:
    shading = ""
    if used.bias_corrected:
        whom = "" if used.bias_corrected == used.people else f" of {_counted(used.bias_corrected)}"
        shading = f" Scans{whom} were corrected for shading by N4 (Tustison et al., 2010)."
    return (
        f"Follow-ups were aligned to the baseline {_told(used.alignments, ALIGNMENTS)}. The brain mask "
        f"{_told(used.masks, MASKS)}.{shading} Regions came from {_told(used.regions, REGIONS)}."
    )


def _fit(config: FitConfig, people: int, kinds: int) -> str:
    whom = "" if kinds == 1 else f" ({_counted(people)})"
    weights = config.weights
    changed = "" if config == preset(config.preset) else ", some of its settings changed"
    held = "is held near none" if config.identity == "soft" else "is exactly none"
    identity = f" (lambda {weights.lambda_:g})" if config.identity == "soft" else ""
    return (
        f"With the preset {config.preset}{changed}{whom}, one network of sine layers (Sitzmann "
        f"et al., 2020; widths {', '.join(map(str, config.widths))}, omega {config.omega:g}) takes a point "
        f"of the baseline and a time and returns a displacement, which {held} at the baseline{identity}. It "
        f"was fitted to all scans of a person together, in {config.steps} steps of {config.optimiser}, seed "
        f"{config.seed}; the likeness of scans is {SIMILARITIES[config.similarity]}. Its change in space and "
        f"time is regularised with the weights alpha {weights.alpha:g} (spatial), beta {weights.beta:g} "
        f"(temporal) and gamma {weights.gamma:g} (growth and loss of one voxel)."
    )


def _measures(used: Used) -> str:
    norms = ""
    if used.compared_with_norms:
        norms = f" Compared with norms of healthy people: {_counted(used.compared_with_norms)}."
    return (
        "The Jacobian determinant |J| of the deformation, differentiated in closed form, says by which "
        "factor tissue has grown or shrunk since the baseline. A region's volume change is the mean of "
        "|J| - 1 over its voxels; brain tissue is all of it without ventricles and CSF. Intervals of a "
        f"person are of 90 %, by a model of the error that was calibrated on simulated people.{norms}"
    )


def _versions() -> str:
    told = [f"{package} {version(package)}" for package in PACKAGES]
    return f"Software: LongitudinalINR {__version__}, Python {platform.python_version()}, {', '.join(told)}."


def references_of(used: Used) -> list[str]:
    """Return the works that the methods text speaks of."""
    of_regions = [references.REGIONS.get(name.lower()) for name in sorted(used.regions)]
    shading = references.N4 if used.bias_corrected else None
    return [cited for cited in (references.SHUAIBU, references.SIREN, shading, *of_regions) if cited]


def _told(found: Counter[str], words: Mapping[str, str], one: str = "person", more: str = "people") -> str:
    """Say what was found: with the numbers of people where they differ."""
    said = {words.get(name.lower(), name): count for name, count in found.most_common()}
    if len(said) == 1:
        return next(iter(said))
    return "; ".join(f"{text} ({_counted(count, one, more)})" for text, count in said.items())


def _range(numbers: Sequence[float]) -> str:
    low, high = min(numbers), max(numbers)
    return f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"


def _counted(count: int, one: str = "person", more: str = "people") -> str:
    return f"{count} {one if count == 1 else more}"
