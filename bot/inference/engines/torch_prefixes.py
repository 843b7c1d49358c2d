"""Tokens of past conversations with their keys and values, so that a next turn reads only what is new."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import torch

# Each layer's keys and values, of shape (1, heads, tokens, size).
Entries: TypeAlias = "list[tuple[torch.Tensor, torch.Tensor]]"


@dataclass(frozen=True, slots=True)
class _Past:
    ids: list[int]
    entries: Entries


class Prefixes:
    """Remembers up to `limit` tokens in all; what was not used for the longest time is forgotten first."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pasts: list[_Past] = []  # the last used at the end

    @property
    def tokens(self) -> int:
        """How many tokens are remembered."""
        return sum(len(past.ids) for past in self._pasts)

    def keep(self, ids: list[int], entries: Entries) -> None:
        """Remember tokens and what the model made of them; shorter beginnings of them are no longer needed."""
        if not ids or len(ids) > self._limit or any(_common(ids, past.ids) == len(ids) for past in self._pasts):
            return
        self._pasts = [past for past in self._pasts if _common(ids, past.ids) < len(past.ids)]
        self._pasts.append(_Past(ids, entries))
        while self.tokens > self._limit:
            del self._pasts[0]

    def find(self, ids: Sequence[int]) -> tuple[int, Any]:
        """Return how many of the first ids are remembered, and a cache of its own for them (None for 0).

        The last id is never among them: reading it is what makes the next token's logits.
        """
        lengths = [_common(ids, past.ids) for past in self._pasts]
        length = min(max(lengths, default=0), len(ids) - 1)
        if length < 1:
            return 0, None
        past = self._pasts.pop(lengths.index(max(lengths)))
        self._pasts.append(past)
        return length, _cache(past.entries, length)

    def clear(self) -> None:
        """Forget everything."""
        self._pasts = []


def _common(first: Sequence[int], second: Sequence[int]) -> int:
    """How many ids two sequences begin with alike."""
    length = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        length += 1
    return length


def _cache(entries: Entries, length: int) -> Any:
    from transformers import DynamicCache

    cache = DynamicCache()
    for layer, (keys, values) in enumerate(entries):
        cache.update(keys[:, :, :length], values[:, :, :length], layer)  # copies
    return cache
