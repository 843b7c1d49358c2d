"""The keys and values of several conversations in one left-padded batch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.inference.engines.torch_prefixes import Entries

if TYPE_CHECKING:
    import torch


@dataclass(slots=True)
class _Row:
    """`ids` are in the cache, `token` is the next input. Before it is in the batch, a row has a `cache` of its own."""

    key: int
    ids: list[int]
    token: int
    cache: Any = None
    gone: bool = False


class Batch:
    """Rows of one DynamicCache. A row joins with the cache of its own prompt; shorter rows are padded on the left.

    Rows join and leave when the next tokens are computed. Whatever fails for want of memory leaves everything as it
    was, so that it can be tried again.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._rows: list[_Row] = []
        self._new: list[_Row] = []
        self._cache: Any = None
        self._width = 0

    def read(self, ids: list[int], cache: Any, start: int) -> "tuple[torch.Tensor, Any]":
        """Run prompt tokens of one new row behind the first `start` entries of its cache (None if there are none).

        Return the last one's logits (vocabulary,) and the row's cache.
        """
        import torch
        from transformers import DynamicCache

        # Without the model's configuration every layer keeps all entries, sliding windows are left to the mask, and
        # rows can be joined.
        cache = DynamicCache() if cache is None else cache
        _cut(cache, start)
        tokens = torch.tensor([ids], device=self._model.device)
        result = self._model(input_ids=tokens, past_key_values=cache, use_cache=True, logits_to_keep=1)
        return result.logits[0, -1], cache

    def join(self, key: int, ids: list[int], cache: Any, token: int) -> None:
        """Add a row with `ids` in its cache, whose next input is `token`."""
        self._new.append(_Row(key, ids, token, cache))

    def write(self) -> "dict[int, torch.Tensor]":
        """Run every row's next input; return its logits (vocabulary,) by key. Only `feed` makes it count."""
        import torch

        if self._cache is not None:
            _cut(self._cache, self._width)
        self._arrange()
        device = self._model.device
        lengths = torch.tensor([[len(row.ids)] for row in self._rows], device=device)
        mask = torch.arange(self._width + 1, device=device) >= self._width - lengths
        result = self._model(
            input_ids=torch.tensor([[row.token] for row in self._rows], device=device),
            attention_mask=mask.long(),
            position_ids=lengths,
            past_key_values=self._cache,
            use_cache=True,
        )
        return {row.key: logits for row, logits in zip(self._rows, result.logits[:, -1], strict=True)}

    def feed(self, tokens: Mapping[int, int]) -> None:
        """Take what was written as it is, and set the rows' next inputs."""
        self._width += 1
        for row in self._rows:
            row.ids.append(row.token)
            row.token = tokens[row.key]

    def only(self) -> tuple[int, list[int]] | None:
        """Return the key and all tokens of the only row, its next input among them; None if there are more."""
        if self._new or len(self._rows) != 1:
            return None
        row = self._rows[0]
        return row.key, [*row.ids, row.token]

    def write_ahead(self, guess: list[int]) -> "torch.Tensor":
        """Run the only row's next input and a guess of what follows; return logits (1 + guess, vocabulary).

        Only `feed_ahead` makes it count.
        """
        import torch

        _cut(self._cache, self._width)
        tokens = torch.tensor([[self._rows[0].token, *guess]], device=self._model.device)
        logits: torch.Tensor = self._model(input_ids=tokens, past_key_values=self._cache, use_cache=True).logits[0]
        return logits

    def feed_ahead(self, tokens: list[int]) -> None:
        """Take the first tokens that were written as they are; the last of them is the next input."""
        row = self._rows[0]
        row.ids += [row.token, *tokens[:-1]]
        row.token = tokens[-1]
        self._width += len(tokens)

    def leave(self, key: int) -> None:
        """Let a row go; its memory is free when the next tokens are computed."""
        self._new = [row for row in self._new if row.key != key]
        for row in self._rows:
            row.gone = row.gone or row.key == key
        if all(row.gone for row in self._rows):
            self._rows, self._cache, self._width = [], None, 0

    def copy(self, key: int) -> tuple[list[int], Entries]:
        """Return a row's ids and a copy of their keys and values; none of either if it is not here."""
        for row in self._new:
            if row.key == key:
                return row.ids, row_entries(row.cache, len(row.ids))
        for place, row in enumerate(self._rows):
            if row.key == key and not row.gone:
                here = (slice(place, place + 1), slice(None), slice(self._width - len(row.ids), self._width))
                return row.ids, [(layer.keys[here].clone(), layer.values[here].clone()) for layer in self._cache.layers]
        return [], []

    def _arrange(self) -> None:
        """Put the new rows in and take those that are gone out, with the padding that only they made necessary."""
        stay = [place for place, row in enumerate(self._rows) if not row.gone]
        if len(stay) == len(self._rows) and not self._new:
            return
        rows = [self._rows[place] for place in stay] + self._new
        width = max(len(row.ids) for row in rows)
        sources = [(self._cache, stay)] if stay else []
        sources += [(row.cache, [0]) for row in self._new]
        # All layers before any is replaced: a failure half-way must not leave layers of different shapes.
        entries = [_gather(sources, number, width) for number in range(len(sources[0][0].layers))]
        cache = sources[0][0]
        for layer, (keys, values) in zip(cache.layers, entries, strict=True):
            layer.keys, layer.values = keys, values
        for row in self._new:
            row.cache = None
        self._rows, self._new, self._cache, self._width = rows, [], cache, width


def _gather(sources: list[tuple[Any, list[int]]], number: int, width: int) -> "tuple[torch.Tensor, torch.Tensor]":
    """Return one layer's keys and values of some rows of several caches, each row padded to `width`."""
    import torch

    layers = [(cache.layers[number], rows) for cache, rows in sources]
    keys = torch.cat([_fit(layer.keys[rows], width) for layer, rows in layers])
    values = torch.cat([_fit(layer.values[rows], width) for layer, rows in layers])
    return keys, values


def row_entries(cache: Any, length: int) -> Entries:
    """Return the first entries of a cache with one row, without copying them."""
    return [(layer.keys[:, :, :length], layer.values[:, :, :length]) for layer in cache.layers]


def _fit(entries: "torch.Tensor", width: int) -> "torch.Tensor":
    """Pad (rows, heads, length, size) on the left to `width` entries, or cut padding there."""
    import torch

    # A negative padding cuts.
    return torch.nn.functional.pad(entries, (0, 0, width - entries.shape[2], 0))


def _cut(cache: Any, length: int) -> None:
    """Leave the first `length` entries of each layer: a failure may have come when some layers had taken more.

    (DynamicCache.crop counts from the end, for all layers alike.)
    """
    for layer in cache.layers:
        if layer.get_seq_length() > length:
            layer.keys, layer.values = layer.keys[:, :, :length], layer.values[:, :, :length]
