"""Chat: what of a conversation a model gets to see, and in which form."""

from collections.abc import Iterable, Sequence

from bot.inference.api import ChatRequest, Turn

# Once a conversation is too long, this share of the room is what stays: the turns then leave in blocks, and between
# two such cuts each prompt begins like the one before it, which is what prefix caching needs.
_KEEP = 0.5


def to_drop(lengths: Sequence[int], room: int) -> int:
    """Return how many of the oldest exchanges must leave so that the others fit `room` tokens."""
    total = sum(lengths)
    if total <= room:
        return 0
    dropped = 0
    while total > room * _KEEP:
        total -= lengths[dropped]
        dropped += 1
    return dropped


def request(
    model: str, system: str, past: Iterable[tuple[str, str]], question: str, *, max_new_tokens: int, seed: int
) -> ChatRequest:
    """Return the request for the next turn: instructions, (question, answer) pairs, and the new question."""
    turns = [Turn("system", system)]
    for asked, answered in past:
        turns += [Turn("user", asked), Turn("assistant", answered)]
    turns.append(Turn("user", question))
    return ChatRequest(model, tuple(turns), max_new_tokens=max_new_tokens, temperature=0.5, seed=seed)
