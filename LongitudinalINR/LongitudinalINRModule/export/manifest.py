"""The manifest beside every export: how the files were made, and their hashes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from LongitudinalINRLib import __version__
from LongitudinalINRLib.files import sha256_of, write_json
from LongitudinalINRModule.export.taken import MADE_BY, MANIFEST, exported_before
from LongitudinalINRModule.result.provenance import RESEARCH_USE, provenance_in
from LongitudinalINRModule.result.result import SceneResult


def write_manifest(result: SceneResult, folder: Path, exported: Iterable[Path]) -> Path:
    """Write ``manifest.json`` beside exported files: how they were made, and their hashes.

    What earlier exports wrote into the folder stays listed, apart from it: they may be of another result.

    Parameters
    ----------
    result : SceneResult
        What was exported.
    folder : Path
        Gets the manifest.
    exported : iterable of Path
        Files in the folder or below.

    Raises
    ------
    InputError
        There is a manifest that is not ours.
    """
    files = {path.relative_to(folder).as_posix(): sha256_of(path) for path in sorted(set(exported))}
    earlier = {name: sha256 for name, sha256 in exported_before(folder).items() if name not in files}
    manifest = {
        **provenance_in(result),
        "made_by": MADE_BY,
        "version": __version__,
        "notice": RESEARCH_USE,
        "files": files,
        **({"earlier_files": earlier} if earlier else {}),
    }
    path = folder / MANIFEST
    write_json(path, manifest)
    return path
