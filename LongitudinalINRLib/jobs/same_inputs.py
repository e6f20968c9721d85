"""Whether a folder's job is of the inputs that are given now."""

from __future__ import annotations

from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.jobs.documents.identity import read_identity
from LongitudinalINRLib.jobs.folder import JobFolder
from LongitudinalINRLib.jobs.identity import BASELINE, Identity
from LongitudinalINRLib.jobs.integrity import damage, identity_is_lost


def refuse_other_subject(folder: JobFolder, identity: Identity) -> None:
    """Refuse a folder that holds another subject's job.

    Raises
    ------
    InputError
        The folder's baseline is another scan.
    """
    if identity_is_lost(folder):
        raise damage(folder, [folder.identity.name])
    if not folder.identity.exists():
        return
    if read_identity(folder.identity).get(BASELINE) != identity[BASELINE]:
        raise InputError(
            "other-subject",
            "The output folder holds another subject's result.",
            expected="a new folder, or one with a result of the same baseline scan",
            found="a result of another baseline scan",
            advice="Choose another output folder.",
        )


def refuse_changed(folder: JobFolder, identity: Identity) -> None:
    """Refuse to go on with inputs that are not those that the job was begun with.

    Raises
    ------
    InputError
        An input was changed, added or taken away.
    """
    if not folder.identity.exists():
        return
    before = read_identity(folder.identity)
    changed = sorted(
        name for name in before.keys() | identity.keys() if before.get(name) != identity.get(name)
    )
    if changed:
        raise InputError(
            "input-changed",
            "An input is not the one that this job was begun with.",
            expected="the files as they were",
            found="changed: " + ", ".join(changed),
            advice="Put the files back, or start a new job in another folder.",
        )
