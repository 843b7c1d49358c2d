"""Which turns a model gets to see."""

from hypothesis import given
from hypothesis import strategies as st

from bot.inference.api import Turn
from bot.tasks import chat


@given(st.lists(st.integers(1, 500), max_size=40), st.integers(0, 3000))
def test_what_stays_fits_and_nothing_leaves_without_need(lengths: list[int], room: int) -> None:
    dropped = chat.to_drop(lengths, room)
    assert sum(lengths[dropped:]) <= room
    if sum(lengths) <= room:
        assert dropped == 0


@given(st.lists(st.integers(10, 100), min_size=60, max_size=60))
def test_turns_leave_in_blocks(lengths: list[int]) -> None:
    # A conversation that grows turn by turn: cuts are far apart, so most prompts extend the one before.
    start, cuts = 0, 0
    for end in range(1, len(lengths) + 1):
        dropped = chat.to_drop(lengths[start:end], 1000)
        start += dropped
        cuts += dropped > 0
    assert cuts <= sum(lengths) / (1000 * 0.5 - 100) + 1


def test_request_alternates_turns() -> None:
    request = chat.request("m", "be kind", [("a", "b")], "c", max_new_tokens=5, seed=1)
    assert request.turns == (Turn("system", "be kind"), Turn("user", "a"), Turn("assistant", "b"), Turn("user", "c"))
    assert (request.max_new_tokens, request.seed) == (5, 1)
