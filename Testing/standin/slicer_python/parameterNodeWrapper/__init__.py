"""Typed access to a module's parameter node, and its connection to the panel."""

from slicer.parameterNodeWrapper.annotations import (
    Choice,
    Decimals,
    Default,
    Exclude,
    IsInstance,
    Label,
    Maximum,
    Minimum,
    NotNone,
    RangeBounds,
    SingleStep,
    Validator,
    WithinRange,
)
from slicer.parameterNodeWrapper.connectors import (
    SlicerPackParameterNamePropertyName,
    SlicerParameterNamePropertyName,
)
from slicer.parameterNodeWrapper.packs import FloatRange, isParameterPack, parameterPack
from slicer.parameterNodeWrapper.wrapper import isParameterNodeWrapper, parameterNodeWrapper

__all__ = [
    "Choice",
    "Decimals",
    "Default",
    "Exclude",
    "FloatRange",
    "IsInstance",
    "Label",
    "Maximum",
    "Minimum",
    "NotNone",
    "RangeBounds",
    "SingleStep",
    "SlicerPackParameterNamePropertyName",
    "SlicerParameterNamePropertyName",
    "Validator",
    "WithinRange",
    "isParameterNodeWrapper",
    "isParameterPack",
    "parameterNodeWrapper",
    "parameterPack",
]
