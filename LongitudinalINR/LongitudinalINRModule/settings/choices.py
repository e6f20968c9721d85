"""The choices of the panel, with the words that people read."""

from __future__ import annotations

from enum import Enum


class Labelled(Enum):
    """A choice whose value is what people read, and whose name is what the engine calls it."""

    def label(self) -> str:
        """Return what people read."""
        return self.value

    @property
    def engine_name(self) -> str:
        """What the engine calls it."""
        return self.name.replace("_", "-")


class Preset(Labelled):
    """Where the settings come from."""

    standard = "Standard: best accuracy"
    preview = "Preview: a first look"
    paper = "Paper: as published"


class Similarity(Labelled):
    """How scans are compared."""

    log_ncc = "Log correlation"
    ncc = "Correlation"
    local_ncc = "Local correlation"
    mse = "Mean squared difference"


class Align(Labelled):
    """How each follow-up is aligned to the baseline before the fit."""

    rigid = "Rigid"
    rigid_scaled = "Rigid, scaled to skull"
    affine = "Affine: hides change"
    none = "None: aligned already"


class Identity(Labelled):
    """How the deformation at the baseline is kept at none."""

    hard = "Exactly"
    soft = "Softly, by λ"


class TimeEncoding(Labelled):
    """Which layers of the network see the time."""

    every_layer = "In every layer"
    first_layer = "In the first layer"


class Scanner(Labelled):
    """Whether all scans are of one scanner."""

    auto = "As their headers say"
    same = "The same for all"
    unknown = "Unknown, or several"


class Sex(Labelled):
    """Of the person, as the people of the norms were recorded."""

    not_given = "–"
    F = "F"
    M = "M"


class Device(Labelled):
    """Where to compute."""

    auto = "Automatic"
    cpu = "Processor (CPU)"
    cuda = "NVIDIA card (CUDA)"
    mps = "Apple graphics (MPS)"
