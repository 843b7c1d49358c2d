"""Lanes: in order within one, side by side otherwise."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.guard import Lanes, to_the_end


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


async def test_what_is_done_to_its_end_outlives_a_stop() -> None:
    gate, done = asyncio.Event(), []

    async def work() -> None:
        await gate.wait()
        done.append("written")

    async def handler() -> str:
        await to_the_end(work())
        return "and finished"

    task = asyncio.create_task(handler())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    asyncio.get_running_loop().call_soon(gate.set)
    assert await task == "and finished"
    assert done == ["written"]


async def test_what_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.guard._LAST_WORDS", 0.01)
    given_up = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            given_up.append("given up")
            raise

    task = asyncio.create_task(to_the_end(work()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert given_up == ["given up"]


async def test_what_goes_wrong_to_its_end_is_told() -> None:
    async def work() -> None:
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        await to_the_end(work())
