"""Everything that is set in the panel, kept in the scene."""

# No postponed annotations here: Slicer's decorator reads the types themselves.
import pathlib
from typing import TYPE_CHECKING, Annotated, Any, Optional, Union

from slicer import vtkMRMLLabelMapVolumeNode, vtkMRMLSegmentationNode
from slicer.parameterNodeWrapper import Decimals, SingleStep, WithinRange, parameterNodeWrapper

from LongitudinalINRLib.core.config import preset
from LongitudinalINRModule.settings.choices import (
    Align,
    Device,
    Identity,
    Preset,
    Scanner,
    Sex,
    Similarity,
    TimeEncoding,
)

LARGEST_WEIGHT = 1e6
STANDARD = preset("standard").weights
# Not A | B | None: Slicer before Python 3.12 knows a union by typing.Union alone.
Labels = Optional[Union[vtkMRMLSegmentationNode, vtkMRMLLabelMapVolumeNode]]  # noqa: UP007, UP045

if TYPE_CHECKING:
    from slicer import vtkMRMLScriptedModuleNode

    class _Wrapped:
        """What Slicer's decorator adds."""

        parameterNode: vtkMRMLScriptedModuleNode

        def __init__(self, parameterNode: vtkMRMLScriptedModuleNode): ...

        def connectParametersToGui(self, widgets: dict[str, Any]) -> int: ...

        def disconnectGui(self, tag: int) -> None: ...

else:
    _Wrapped = object


@parameterNodeWrapper
class Parameters(_Wrapped):
    """The parameter node of the module.

    The months of the scans and the age are kept as they were typed: what is not a number is said, not lost.
    Their volumes are references of the node itself (see `stored_scans`). Age and sex are the person's: they
    leave with the scans.
    """

    scanMonths: list[str]
    segmentation: Labels
    atlas: bool = True
    mask: Labels
    exclude: Labels
    scanner: Scanner = Scanner.auto
    normsFile: str
    age: str
    sex: Sex = Sex.not_given
    preset: Preset = Preset.standard
    similarity: Similarity = Similarity.log_ncc
    align: Align = Align.rigid
    biasCorrection: bool = False
    identity: Identity = Identity.hard
    lambdaWeight: Annotated[float, WithinRange(0, LARGEST_WEIGHT)] = STANDARD.lambda_
    alphaWeight: Annotated[float, WithinRange(0, LARGEST_WEIGHT)] = STANDARD.alpha
    betaWeight: Annotated[float, WithinRange(0, LARGEST_WEIGHT)] = STANDARD.beta
    gammaWeight: Annotated[float, WithinRange(0, LARGEST_WEIGHT)] = STANDARD.gamma
    timeEncoding: TimeEncoding = TimeEncoding.first_layer
    steps: Annotated[int, WithinRange(0, 100000)] = 0
    seed: Annotated[int, WithinRange(0, 1000000)] = 0
    device: Device = Device.auto
    stepMonths: Annotated[float, WithinRange(0, 120), Decimals(1), SingleStep(1)] = 6.0
    extrapolateMonths: Annotated[float, WithinRange(0, 120), Decimals(1), SingleStep(6)] = 0.0
    allowFar: bool = False
    displacement: bool = False
    exportFolder: pathlib.Path
