"""Whose turn is next: a fair order among those who wait for a model."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from itertools import islice

from bot.inference.api import Priority

# One ring of people for each priority: whoever was served goes to its end. A person's own keys wait in their order.
_Ring = OrderedDict[int, dict[int, None]]


class FairQueue:
    """Keys in the order in which they are taken: interactive before background, people in turn, each one's in order.

    Pure and not thread-safe. Person 0 stands for nobody in particular and takes turns like any other.
    """

    def __init__(self) -> None:
        self._rings: dict[Priority, _Ring] = {"interactive": OrderedDict(), "background": OrderedDict()}
        self._places: dict[int, tuple[Priority, int]] = {}

    def __len__(self) -> int:
        return len(self._places)

    def add(self, key: int, person: int, priority: Priority) -> None:
        """Let a key that is not in the queue wait at the end of its person's."""
        self._rings[priority].setdefault(person, {})[key] = None
        self._places[key] = priority, person

    def remove(self, key: int) -> bool:
        """Take a key out of the queue; tell whether it was there."""
        if key not in self._places:
            return False
        priority, person = self._places.pop(key)
        ring = self._rings[priority]
        del ring[person][key]
        if not ring[person]:
            del ring[person]
        return True

    def order(self) -> list[int]:
        """Return all keys in the order in which they would be taken: each one's index is how many go before it."""
        return [*_round_robin(self._rings["interactive"]), *_round_robin(self._rings["background"])]

    def next(self, places: int, background: int) -> list[int]:
        """Return the keys that `take` would take."""
        first = list(islice(_round_robin(self._rings["interactive"]), max(places, 0)))
        rest = max(min(background, places - len(first)), 0)
        return [*first, *islice(_round_robin(self._rings["background"]), rest)]

    def take(self, places: int, background: int) -> list[int]:
        """Take out up to `places` keys in their order, at most `background` of them background ones."""
        taken = self.next(places, background)
        for key in taken:
            priority, person = self._places[key]
            self._rings[priority].move_to_end(person)
            self.remove(key)
        return taken


def _round_robin(ring: _Ring) -> Iterator[int]:
    lines: Iterable[Iterator[int]] = [iter(keys) for keys in ring.values()]
    while lines := list(lines):
        still = []
        for line in lines:
            key = next(line, None)
            if key is not None:
                yield key
                still.append(line)
        lines = still
