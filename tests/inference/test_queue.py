"""Properties of the fair queue, for any arrivals, departures and servings."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from bot.inference.api import Priority
from bot.inference.queue import FairQueue

PRIORITIES: list[Priority] = ["interactive", "background"]


@dataclass(frozen=True, slots=True)
class Entry:
    person: int
    priority: Priority


entries = st.lists(st.builds(Entry, st.integers(0, 4), st.sampled_from(PRIORITIES)), max_size=40)


def filled(waiting: list[Entry]) -> FairQueue:
    queue = FairQueue()
    for key, entry in enumerate(waiting):
        queue.add(key, entry.person, entry.priority)
    return queue


@given(entries)
def test_everybody_is_taken_once_and_in_the_order_foretold(waiting: list[Entry]) -> None:
    queue = filled(waiting)
    foretold = queue.order()
    assert [key for _ in waiting for key in queue.take(1, 1)] == foretold
    assert sorted(foretold) == list(range(len(waiting)))
    assert len(queue) == 0
    assert queue.take(1, 1) == []


@given(entries)
def test_interactive_goes_before_background_and_each_person_in_order(waiting: list[Entry]) -> None:
    order = filled(waiting).order()
    assert [waiting[key].priority for key in order] == sorted((entry.priority for entry in waiting), reverse=True)
    for entry in set(waiting):
        own = [key for key in order if waiting[key] == entry]
        assert own == sorted(own)


@given(entries)
def test_people_take_turns(waiting: list[Entry]) -> None:
    order = [waiting[key] for key in filled(waiting).order()]
    for _, group in groupby(order, key=lambda entry: entry.priority):
        turns, taken = list(group), Counter[int]()
        wanted = Counter(entry.person for entry in turns)
        for entry in turns:
            # Nobody who still waits has had fewer turns than who is taken now.
            behind = [person for person in wanted if taken[person] < wanted[person]]
            assert taken[entry.person] == min(taken[person] for person in behind)
            taken[entry.person] += 1


@given(entries, st.integers(0, 6))
def test_a_newcomer_waits_for_one_turn_of_each_other_at_most(waiting: list[Entry], served: int) -> None:
    queue = filled(waiting)
    queue.take(served, served)
    ahead = {waiting[key].person for key in queue.order() if waiting[key].priority == "interactive"}
    queue.add(1000, 99, "interactive")
    assert queue.order().index(1000) == len(ahead)


@given(entries, st.integers(-2, 45), st.integers(-2, 45))
def test_places_and_the_share_of_background_are_kept(waiting: list[Entry], places: int, background: int) -> None:
    queue = filled(waiting)
    order, foretold = queue.order(), queue.next(places, background)
    taken = queue.take(places, background)
    assert taken == foretold
    kinds = Counter(waiting[key].priority for key in taken)
    in_queue = Counter(entry.priority for entry in waiting)
    interactive = min(max(places, 0), in_queue["interactive"])
    assert kinds["interactive"] == interactive
    assert kinds["background"] == max(min(places - interactive, background, in_queue["background"]), 0)
    assert sorted([*taken, *queue.order()]) == sorted(order)


@given(entries, st.sets(st.integers(0, 45)))
def test_who_leaves_is_forgotten_and_the_others_stay_in_order(waiting: list[Entry], leaving: set[int]) -> None:
    queue = filled(waiting)
    for key in leaving:
        assert queue.remove(key) is (key < len(waiting))
        assert queue.remove(key) is False
    left = [key for key in range(len(waiting)) if key not in leaving]
    assert sorted(queue.order()) == left
    assert len(queue) == len(left)
    for entry in set(waiting):
        own = [key for key in queue.order() if waiting[key] == entry]
        assert own == sorted(own)


def test_who_was_just_served_lets_the_others_go_first() -> None:
    queue = FairQueue()
    for key in range(3):
        queue.add(key, 1, "interactive")
    assert queue.take(1, 0) == [0]
    queue.add(3, 2, "interactive")
    assert queue.order() == [1, 3, 2]
    assert queue.take(2, 0) == [1, 3]
    queue.add(4, 2, "interactive")
    assert queue.order() == [2, 4]
