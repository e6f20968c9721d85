"""Everybody's change into `cohort.zarr`: who is in it already is not asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from LongitudinalINRLib.cohort.folder import CohortFolder, PersonFolder
from LongitudinalINRLib.cohort.maps.change import Change, change_in_template
from LongitudinalINRLib.cohort.maps.choice import Member
from LongitudinalINRLib.cohort.maps.person import read_in_template
from LongitudinalINRLib.cohort.maps.space import TemplateSpace
from LongitudinalINRLib.cohort.maps.store import PEOPLE_A_SHARD, ChangeStore
from LongitudinalINRLib.errors import InputError
from LongitudinalINRLib.files import sha256_of

Tell = Callable[[float, str], None]
Found = tuple[Member, str, Change | str]


def collect(
    cohort: CohortFolder,
    members: Sequence[Member],
    store: ChangeStore,
    space: TemplateSpace,
    jobs: int,
    tell: Tell,
    should_stop: Callable[[], bool],
) -> tuple[list[Member], list[tuple[str, str]]]:
    """Ask everybody's model for the change at the template's voxels, and keep it.

    Parameters
    ----------
    cohort : CohortFolder
        The cohort.
    members : sequence of Member
        Who is wanted.
    store : ChangeStore
        Where the change goes.
    space : TemplateSpace
        The voxels.
    jobs : int
        Models asked at once.
    tell : callable
        Takes the share that is done, and what is being done.
    should_stop : callable
        Asked at every chunk of points.

    Returns
    -------
    members, left_out : list
        Who is in the store, and who cannot be, with the reason: one bad person stops nobody else.

    Raises
    ------
    Cancelled
        When `should_stop` said so; what was written stays.
    """
    digests = {member.participant: _digest(cohort.person(member.participant)) for member in members}
    missing = [m for m in members if not store.has(m.participant, digests[m.participant])]
    left_out: list[tuple[str, str]] = []

    def ask(member: Member) -> Found:
        person = cohort.person(member.participant)
        try:
            change = change_in_template(person, store.months, space, should_stop)
        except InputError as error:
            return member, "", error.message
        return member, digests[member.participant], change

    with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        for number, part in enumerate(_parts(missing)):
            tell(number * PEOPLE_A_SHARD / len(missing), f"carrying {len(missing)} people to the template")
            found = list(pool.map(ask, part))
            store.write([(m.participant, of, each) for m, of, each in found if isinstance(each, Change)])
            left_out += [(m.participant, reason) for m, _, reason in found if isinstance(reason, str)]
    failed = {participant for participant, _ in left_out}
    return [member for member in members if member.participant not in failed], left_out


def _parts(members: Sequence[Member]) -> Iterator[Sequence[Member]]:
    for start in range(0, len(members), PEOPLE_A_SHARD):
        yield members[start : start + PEOPLE_A_SHARD]


def _digest(person: PersonFolder) -> str:
    """Tell one change from another: by the weights of the model, and by the registration."""
    note = read_in_template(person)
    weights = person.job.model_weights
    return f"{sha256_of(weights) if weights.exists() else ''}-{'' if note is None else note.placement}"
