"""Whether a result is whole and as it was written. Needs the standard library alone.

`results.json` is written last: with it, everything is there. It confirms every file by size and SHA-256; the
folder's manifest knows them too, and each stands in for the other where that one is damaged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import json_text
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.ownership import Stamp, sealed

OLDER_RESULT = "An older version wrote this result: its files cannot be checked, and will not be removed."


@dataclass(frozen=True)
class WrittenResults:
    """The content of `results.json`.

    Parameters
    ----------
    results : dict
        Paths by kind, relative to the folder.
    seconds : float
        How long the job took.
    files : dict of str to Stamp
        What each file is told by; empty in results of versions that did not say.
    """

    results: dict[str, list[str]]
    seconds: float
    files: dict[str, Stamp]


def write_results(folder: JobFolder, kinds: Mapping[str, Sequence[Path]], seconds: float) -> None:
    """Say that a job is finished, after all its files are on the disk."""
    results = {kind: [_name(folder, path) for path in paths] for kind, paths in kinds.items()}
    told = [path for path in (folder.request, folder.identity, folder.alignment) if path.exists()]
    told += [path for paths in kinds.values() for path in paths]
    files = {_name(folder, path): Stamp.of(path) for path in told}
    folder.manifest.settle()
    _write(folder, WrittenResults(results, seconds, files))


def add_result(folder: JobFolder, kind: str, path: Path) -> None:
    """Confirm a file that was written, or written again, after the job was finished."""
    if not folder.results.exists():
        return
    written = read_results(folder)
    name, paths = _name(folder, path), written.results.get(kind, [])
    results = {**written.results, kind: [*paths, *({name} - set(paths))]}
    _write(folder, WrittenResults(results, written.seconds, {**written.files, name: Stamp.of(path)}))


def read_results(folder: JobFolder) -> WrittenResults:
    """Read `results.json`.

    Raises
    ------
    InputError
        It is missing or damaged.
    """
    from LongitudinalINRLib.jobs.documents import results  # pydantic, only where it is needed

    try:
        document = results.read_results(folder.results)
    except InputError as error:
        raise damage(folder, [folder.results.name]) from error
    files = {name: Stamp(stamp.size, stamp.sha256) for name, stamp in (document.files or {}).items()}
    return WrittenResults({k: list(paths) for k, paths in document.results.items()}, document.seconds, files)


def recover(folder: JobFolder) -> None:
    """Make a manifest that is lost or damaged again from `results.json`, where that is whole.

    Raises
    ------
    InputError
        It is damaged, and `results.json` is no help.
    """
    if folder.manifest.exists:
        try:
            folder.manifest.names()
        except InputError:
            if not folder.results.exists() or not (confirmed := _confirmed(folder)):
                raise
        else:
            return
    elif not folder.results.exists() or not (confirmed := _confirmed(folder)):
        return  # nothing was begun, or an older version's
    folder.manifest.restore({**confirmed, folder.results.name: Stamp.of(folder.results)})


def take_over(folder: JobFolder) -> None:
    """Get a folder ready for work, its manifest first (see `recover` and `JobFolder.take_over`)."""
    recover(folder)
    folder.take_over()


def damaged(folder: JobFolder) -> list[str]:
    """Return the files of a folder that are not as they were written, or missing in a finished result.

    Raises
    ------
    InputError
        See `recover`.
    """
    recover(folder)
    confirmed: Mapping[str, Stamp] = {}
    harmed = []
    if folder.results.exists():
        try:
            confirmed = read_results(folder).files
        except InputError:
            harmed = [folder.results.name]
    if not folder.manifest.exists:
        return harmed
    for name in sorted({*folder.manifest.names(), *confirmed}):
        path = folder.path / name
        state = folder.manifest.state(path)
        lost = state == "absent" or (state == "foreign" and not _is(path, confirmed.get(name)))
        if state == "changed" or (name in confirmed and lost):
            harmed.append(name)
    return [name for name in dict.fromkeys(harmed) if not name.startswith(f"{folder.inputs.name}/")]


def identity_is_lost(folder: JobFolder) -> bool:
    """Tell whether the hashes of the inputs are gone, though they were on the disk before what is there."""
    later = (folder.alignment, folder.fit, folder.results)
    return not folder.identity.exists() and any(path.exists() for path in later)


def holds_older(folder: JobFolder) -> bool:
    """Tell whether files of a version lie there that kept no manifest, so that they cannot be checked."""
    recover(folder)
    return folder.manifest.keeps_older if folder.manifest.exists else folder.of_older_version


def _confirmed(folder: JobFolder) -> Mapping[str, Stamp]:
    try:
        return read_results(folder).files
    except InputError:
        return {}


def refuse_harmed(folder: JobFolder) -> None:
    """Refuse a folder in which a file is not as it was written.

    Raises
    ------
    InputError
        Naming the files.
    """
    harmed = damaged(folder)
    if harmed:
        raise damage(folder, harmed)


def refuse_damaged(folder: JobFolder, paths: Iterable[Path]) -> None:
    """Refuse to use files that are not as they were written.

    Parameters
    ----------
    folder : JobFolder
        Where they are.
    paths : iterable of Path
        Files of ours; a request may be somebody else's, and one that is not there is not looked at.

    Raises
    ------
    InputError
        Naming them.
    """
    recover(folder)
    if not folder.manifest.exists:
        return
    if identity_is_lost(folder):
        raise damage(folder, [folder.identity.name])
    there = [path for path in paths if path.exists()]
    states = {path: folder.manifest.state(path) for path in there if not folder.manifest.usable(path)}
    harmed = [path for path, state in states.items() if not (path == folder.request and state == "foreign")]
    if harmed:
        raise damage(folder, [_name(folder, path) for path in harmed])


def damage(folder: JobFolder, names: Sequence[str]) -> InputError:
    """Return what is said of damaged files."""
    return InputError(
        "result-damaged",
        f"The result in {folder.path.name} is damaged.",
        expected="every file as it was written",
        found="changed or missing: " + ", ".join(names),
        advice="Make it whole with `longitudinal-inr resume`, while the scans are where they were; else put "
        "the files back from a copy, or do the fit again in a new folder.",
    )


def _is(path: Path, stamp: Stamp | None) -> bool:
    return path.is_file() and not path.is_symlink() and Stamp.of(path) == stamp


def _write(folder: JobFolder, written: WrittenResults) -> None:
    folder.manifest.write_bytes(folder.results, json_text(sealed(asdict(written))).encode())


def _name(folder: JobFolder, path: Path) -> str:
    return path.relative_to(folder.path).as_posix()
