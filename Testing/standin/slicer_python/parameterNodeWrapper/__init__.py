"""Typed access to a module's parameter node, and its connection to the panel: what this module uses of it."""

from slicer.parameterNodeWrapper.annotations import Decimals, SingleStep, WithinRange
from slicer.parameterNodeWrapper.wrapper import parameterNodeWrapper

__all__ = ["Decimals", "SingleStep", "WithinRange", "parameterNodeWrapper"]
