from __future__ import annotations

from LongitudinalINRLib.cohort.engines.window import LEAST_QUEUED, QUEUED_PER_SLOT, Window


class _AtOnce:
    """A place where everybody is done at once; counts what it was sent."""

    def __init__(self, slots: int):
        self.slots = slots
        self.messages: list[int] = []
        self._queued: list[str] = []

    def submit(self, folders):
        self.messages.append(len(folders))
        self._queued += folders

    def ended(self, seconds):
        ended, self._queued = self._queued[:10], self._queued[10:]
        return [(folder, 0) for folder in ended]


def test_many_people_go_in_few_messages_and_never_all_at_once():
    for slots, most in ((2, LEAST_QUEUED), (100, 100 * QUEUED_PER_SLOT)):
        pool = _AtOnce(slots)
        people = [f"/people/sub-{number}" for number in range(2000)]
        window = Window(people, 0, lambda _: None, lambda *_: None)
        window.work(pool, lambda: False)
        assert sorted(window.ends.done) == sorted(people)
        assert max(pool.messages) == most
        assert len(pool.messages) < 2 + 2 * len(people) / (most / 2)
