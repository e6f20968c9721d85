"""What was done in a cohort, as text for the methods section of a paper, from the settings that were used."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from statistics import median

from LongitudinalINRLib import __version__
from LongitudinalINRLib.cohort.derivatives.used import Used
from LongitudinalINRLib.core.config import FitConfig, preset

PACKAGES = ("torch", "numpy", "nibabel", "SimpleITK")

SHUAIBU = (
    "Shuaibu, A. L., Gibb, K. A., Wijeratne, P. A., Simpson, I. J. A. (2025). Capturing Longitudinal Changes in "
    "Brain Morphology Using Temporally Parameterized Neural Displacement Fields. Medical Imaging with Deep "
    "Learning. arXiv:2504.09514."
)
SIREN = (
    "Sitzmann, V., Martel, J. N. P., Bergman, A. W., Lindell, D. B., Wetzstein, G. (2020). Implicit Neural "
    "Representations with Periodic Activation Functions. Advances in Neural Information Processing Systems 33."
)
N4 = (
    "Tustison, N. J., et al. (2010). N4ITK: Improved N3 Bias Correction. IEEE Transactions on Medical Imaging "
    "29(6), 1310-1320."
)
FREESURFER = "Fischl, B. (2012). FreeSurfer. NeuroImage 62(2), 774-781."
FASTSURFER = (
    "Henschel, L., et al. (2020). FastSurfer - A fast and accurate deep learning based neuroimaging pipeline. "
    "NeuroImage 219, 117012."
)
SYNTHSEG = (
    "Billot, B., et al. (2023). SynthSeg: Segmentation of brain MRI scans of any contrast and resolution without "
    "retraining. Medical Image Analysis 86, 102789."
)
ATLAS = (
    "Fonov, V., et al. (2011). Unbiased average age-appropriate atlases for pediatric studies. NeuroImage 54(1), "
    "313-327. Desikan, R. S., et al. (2006). An automated labeling system for subdividing the human cerebral "
    "cortex on MRI scans into gyral based regions of interest. NeuroImage 31(3), 968-980."
)

REGIONS = {
    "freesurfer": ("FreeSurfer's segmentation of the baseline", FREESURFER),
    "fastsurfer": ("FastSurfer's segmentation of the baseline", FASTSURFER),
    "synthseg": ("SynthSeg's segmentation of the baseline", SYNTHSEG),
    "atlas": ("an average brain's regions, carried over to the baseline by a registration", ATLAS),
    "none": ("no segmentation: the whole brain mask alone", ""),
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
        "This text may be used in a publication, whole or in part; it says what this program was asked to do.",
        _people(used),
        _before(used),
        *[_fit(config, count, len(used.configs)) for config, count in used.configs.most_common()],
        _measures(used),
        _versions(),
        "## References",
        "\n".join(f"- {reference}" for reference in _references(used)),
    ]
    return "\n\n".join(parts) + "\n"


def _people(used: Used) -> str:
    scans = sum(number * people for number, people in used.scans.items())
    if not used.people:
        return "Nobody has been planned yet."
    each = _range(list(used.scans))
    span = f"{_range(used.last_months)}, median {median(used.last_months):.4g}"
    return (
        f"Local volume change was measured in {used.people} {_people_word(used.people)} with {scans} T1-weighted "
        f"scans ({each} each; months from the first scan to the last: {span}) by "
        f"LongitudinalINR {__version__}, which follows the method of Shuaibu et al. (2025). Times of the scans "
        f"came from {_told(used.months_from, MONTHS_FROM, 'scans')}."
    )


def _before(used: Used) -> str:
    shading = ""
    if used.bias_corrected:
        whom = "" if used.bias_corrected == used.people else f" of {used.bias_corrected} people"
        shading = f" Scans{whom} were corrected for shading by N4 (Tustison et al., 2010)."
    return (
        f"Follow-ups were aligned to the baseline {_told(used.alignments, ALIGNMENTS)}. The brain mask "
        f"{_told(used.masks, MASKS)}.{shading} Regions came from {_told(used.regions, _named(REGIONS))}."
    )


def _fit(config: FitConfig, people: int, kinds: int) -> str:
    whom = "" if kinds == 1 else f" ({people} {_people_word(people)})"
    weights = config.weights
    changed = "" if config == preset(config.preset) else ", some of its settings changed"
    terms = (
        f"Its Jacobian and its course in time are regularised with the weights alpha {weights.alpha:g}, beta "
        f"{weights.beta:g} and gamma {weights.gamma:g}"
    )
    identity = (
        "is exactly none at the baseline"
        if config.identity == "hard"
        else f"is held near none at the baseline (lambda {weights.lambda_:g})"
    )
    return (
        f"**Fit{whom}.** With the preset `{config.preset}`{changed}: one network of sine layers (Sitzmann et al., "
        f"2020; widths {', '.join(map(str, config.widths))}, omega {config.omega:g}) takes a point of the baseline "
        f"and a time and returns a displacement, which {identity}. It was fitted to all scans of a person together, "
        f"in {config.steps} steps of {config.optimiser}, seed {config.seed}; the likeness of scans is "
        f"{SIMILARITIES[config.similarity]}. {terms}."
    )


def _measures(used: Used) -> str:
    norms = ""
    if used.compared_with_norms:
        whom = _people_word(used.compared_with_norms)
        norms = f" {used.compared_with_norms} {whom} were compared with norms of healthy people."
    return (
        "The Jacobian determinant |J| of the deformation, differentiated in closed form, says by which factor "
        "tissue has grown or shrunk since the baseline. A region's volume change is the mean of |J| - 1 over its "
        "voxels; brain tissue is all of it without ventricles and CSF. Intervals are 90 % intervals, calibrated "
        f"on simulated people and on scans of one day.{norms}"
    )


def _versions() -> str:
    told = [f"{package} {version(package)}" for package in PACKAGES]
    return f"Software: LongitudinalINR {__version__}, Python {platform.python_version()}, {', '.join(told)}."


def _references(used: Used) -> list[str]:
    regions = [REGIONS[name.lower()][1] for name in sorted(used.regions) if name.lower() in REGIONS]
    return [SHUAIBU, SIREN, *([N4] if used.bias_corrected else []), *filter(None, regions)]


def _told(found: Counter[str], words: Mapping[str, str], unit: str = "people") -> str:
    """Say what was found: with the numbers of people where they differ."""
    if len(found) == 1:
        (name,) = found
        return words.get(name, words.get(name.lower(), name))
    return "; ".join(
        f"{words.get(name, words.get(name.lower(), name))} ({count} {unit})"
        for name, count in found.most_common()
    )


def _range(numbers: Sequence[float]) -> str:
    low, high = min(numbers), max(numbers)
    return f"{low:.4g}" if low == high else f"{low:.4g} to {high:.4g}"


def _named(words: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    return {name: text for name, (text, _) in words.items()}


def _people_word(count: int) -> str:
    return "person" if count == 1 else "people"
