"""Prompt lookup: what is being copied goes on as it did the last time (Saxena 2023, github.com/apoorvumang)."""

from collections.abc import Sequence

_GUESS = 7  # reading eight tokens takes a CPU little longer than reading one, whose time goes into fetching weights
_ALIKE = (3, 2)  # so many last tokens have to have come before


def guess(ids: Sequence[int], most: int) -> list[int]:
    """Return up to `most` tokens that followed when the last few came before; none if they never did."""
    most = min(most, _GUESS)
    for length in _ALIKE:
        last = list(ids[-length:])
        for start in range(len(ids) - length - 1, -1, -1):
            if most > 0 and list(ids[start : start + length]) == last:
                return list(ids[start + length : start + length + most])
    return []


def accepted(guessed: Sequence[int], best: Sequence[int]) -> list[int]:
    """Return the tokens that greedy decoding writes: `best` of each position up to where the guess was wrong."""
    tokens = [best[0]]
    for token, following in zip(guessed, best[1:], strict=True):
        if token != tokens[-1]:
            break
        tokens.append(following)
    return tokens
