"""Segmentations in DLMUSE's numbering [1]_ under FreeSurfer's numbers, by which rates of change are given.

References
----------
.. [1] Doshi, Erus, Ou, Resnick, Gur, Gur, Satterthwaite, Furth, Davatzikos, "MUSE: MUlti-atlas region
   Segmentation utilizing Ensembles of registration algorithms and parameters, and locally optimal atlas
   selection", NeuroImage 127, 2016; the table of numbers is that of the program NiChart_DLMUSE.
"""

from __future__ import annotations

import numpy as np

from LongitudinalINRLib.imaging.volume import Volume

_BY_STRUCTURE = {
    24: (1, 46),
    14: (4,),
    15: (11,),
    16: (35,),
    26: (30,),
    58: (23,),
    18: (32,),
    54: (31,),
    11: (37,),
    50: (36,),
    8: (39,),
    47: (38,),
    7: (41,),
    46: (40,),
    17: (48,),
    53: (47,),
    5: (50,),
    44: (49,),
    4: (52,),
    43: (51,),
    13: (56,),
    52: (55,),
    12: (58,),
    51: (57,),
    10: (60,),
    49: (59,),
    28: (62,),
    60: (61,),
    85: (69,),
    250: (89, 90),
    192: (95,),
    2: (82, 84, 86, 88, 92, 94),
    41: (81, 83, 85, 87, 91, 93),
    3: tuple(range(101, 208, 2)),
    42: tuple(range(100, 207, 2)),
}
"""DLMUSE's numbers by FreeSurfer's. Of its cortex the even numbers are right, the odd ones left."""
FREESURFER = {number: label for label, numbers in _BY_STRUCTURE.items() for number in numbers}
UNSHARED = 2000
"""Added to the numbers of structures that FreeSurfer does not know: the vermis and the basal forebrain."""


def in_freesurfer_numbers(labels: Volume) -> Volume:
    """Return a segmentation by DLMUSE, numbers 0 to 207, in FreeSurfer's; the lobes of a side are joined."""
    numbers = [FREESURFER.get(number, UNSHARED + number if number else 0) for number in range(208)]
    return labels.with_array(np.array(numbers, dtype=np.int16)[labels.array])
