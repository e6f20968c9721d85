"""Whom a publication should cite."""

from __future__ import annotations

SHUAIBU = (
    "Shuaibu, A. L., Gibb, K. A., Wijeratne, P. A., Simpson, I. J. A. (2025). Capturing Longitudinal Changes "
    "in Brain Morphology Using Temporally Parameterized Neural Displacement Fields. Medical Imaging with "
    "Deep Learning. arXiv:2504.09514."
)
"""The method."""

SIREN = (
    "Sitzmann, V., Martel, J. N. P., Bergman, A. W., Lindell, D. B., Wetzstein, G. (2020). Implicit "
    "Neural Representations with Periodic Activation Functions. Advances in Neural Information Processing "
    "Systems 33."
)
"""The layers of the network."""

N4 = (
    "Tustison, N. J., et al. (2010). N4ITK: Improved N3 Bias Correction. IEEE Transactions on Medical "
    "Imaging 29(6), 1310-1320."
)

REGIONS = {
    "freesurfer": "Fischl, B. (2012). FreeSurfer. NeuroImage 62(2), 774-781.",
    "fastsurfer": "Henschel, L., et al. (2020). FastSurfer - A fast and accurate deep learning based "
    "neuroimaging pipeline. NeuroImage 219, 117012.",
    "synthseg": "Billot, B., et al. (2023). SynthSeg: Segmentation of brain MRI scans of any contrast and "
    "resolution without retraining. Medical Image Analysis 86, 102789.",
    "atlas": "Fonov, V., et al. (2011). Unbiased average age-appropriate atlases for pediatric studies. "
    "NeuroImage 54(1), 313-327. Desikan, R. S., et al. (2006). An automated labeling system for subdividing "
    "the human cerebral cortex on MRI scans into gyral based regions of interest. NeuroImage 31(3), 968-980.",
}
"""By where regions came from, in small letters."""
