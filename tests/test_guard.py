"""Lanes: in order within one, side by side otherwise."""

from hypothesis import given
from hypothesis import strategies as st

from bot.guard import Lanes


def test_one_after_another_within_a_lane() -> None:
    lanes = Lanes()
    first, second, other = lanes.enter("a", 1), lanes.enter("a", 2), lanes.enter("b", 3)
    assert (first.is_set(), second.is_set(), other.is_set()) == (True, False, True)
    assert lanes.ahead(2) == 1
    lanes.leave(1)
    assert second.is_set()
    assert lanes.ahead(2) == 0


def test_leaving_twice_or_while_waiting_is_harmless() -> None:
    lanes = Lanes()
    lanes.enter("a", 1)
    second, third = lanes.enter("a", 2), lanes.enter("a", 3)
    lanes.leave(2)
    lanes.leave(2)
    assert not third.is_set()
    lanes.leave(1)
    assert third.is_set()
    assert not second.is_set()


@given(st.lists(st.tuples(st.sampled_from("ab"), st.booleans()), max_size=40))
def test_at_any_time_the_first_of_each_lane_is_called_and_nobody_else(moves: list[tuple[str, bool]]) -> None:
    lanes = Lanes()
    places: dict[str, list[tuple[int, object]]] = {"a": [], "b": []}
    for key, (lane, enters) in enumerate(moves):
        if enters:
            places[lane].append((key, lanes.enter(lane, key)))
        elif places[lane]:
            left, _ = places[lane].pop(len(places[lane]) // 2)
            lanes.leave(left)
        for queue in places.values():
            assert [event.is_set() for _, event in queue] == [index == 0 for index in range(len(queue))]  # type: ignore[attr-defined]
