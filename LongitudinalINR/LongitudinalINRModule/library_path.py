"""Where the library lies beside the module, so that `import LongitudinalINRLib` finds it in every layout.

An installed extension and a build tree hold the library next to the file of the module, in a folder that
Slicer itself puts on `sys.path`. In a source tree, where `LongitudinalINR` was added to the module paths,
the library lies one folder higher, where nobody looks.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

LIBRARY = "LongitudinalINRLib"


def library_parent(module_folder: Path) -> Path:
    """Return the folder that holds the library.

    Parameters
    ----------
    module_folder : Path
        Folder of ``LongitudinalINR.py``.

    Raises
    ------
    ImportError
        If the library is in none of the places where an installation, a build or the sources have it.
    """
    candidates = (module_folder, module_folder.parent)
    for folder in candidates:
        if (folder / LIBRARY / "__init__.py").is_file():
            return folder
    raise ImportError(
        f"Expected the folder {LIBRARY} in one of {', '.join(map(str, candidates))}; found none. "
        "Install the LongitudinalINR extension again, or take the whole repository.",
        name=LIBRARY,
    )


def add_library_path() -> Path:
    """Let `import LongitudinalINRLib` find the library that came with this module; safe to repeat.

    The path stays as it is where Slicer itself has put the folder there. Else it goes to the end; only where
    another version, installed with pip, would meet this panel, to the front.

    Returns
    -------
    Path
        The folder that was added; a child process needs it in its PYTHONPATH.

    Raises
    ------
    ImportError
        If the library is missing.
    """
    folder = library_parent(Path(__file__).resolve().parents[1])
    found = importlib.util.find_spec(LIBRARY)
    if found is None:
        sys.path.append(str(folder))
    elif found.origin is None or Path(found.origin).resolve().parents[1] != folder:
        sys.path[:] = [str(folder), *(path for path in sys.path if path != str(folder))]
    return folder
