"""The keys and values of several conversations in one left-padded batch."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


class Batch:
    """Rows of one DynamicCache. A row joins with the cache of its own prompt; shorter rows are padded on the left.

    A mask of shape (rows, length) says which entries are real, and each row has its own next position, so rows of
    different lengths do not see each other's padding.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._keys: list[int] = []
        self._tokens: dict[int, int] = {}
        self._cache: Any = None
        self._mask: torch.Tensor | None = None

    def read(self, ids: list[int], cache: Any) -> "tuple[torch.Tensor, Any]":
        """Run prompt tokens of one new row; return the last one's logits (vocabulary,) and the row's cache."""
        import torch
        from transformers import DynamicCache

        # Without the model's configuration every layer keeps all entries, sliding windows are left to the mask, and
        # rows can be joined.
        cache = DynamicCache() if cache is None else cache
        tokens = torch.tensor([ids], device=self._model.device)
        result = self._model(input_ids=tokens, past_key_values=cache, use_cache=True, logits_to_keep=1)
        return result.logits[0, -1], cache

    def join(self, key: int, cache: Any, token: int) -> None:
        """Add a row whose next input is `token`."""
        import torch

        length = cache.get_seq_length()
        mask = torch.ones((1, length), dtype=torch.long, device=self._model.device)
        if self._mask is None:
            self._cache, self._mask = cache, mask
        else:
            width = max(length, self._mask.shape[1])
            for ours, new in zip(self._cache.layers, cache.layers, strict=True):
                ours.keys = torch.cat([_pad_entries(ours.keys, width), _pad_entries(new.keys, width)])
                ours.values = torch.cat([_pad_entries(ours.values, width), _pad_entries(new.values, width)])
            self._mask = torch.cat([_pad_mask(self._mask, width), _pad_mask(mask, width)])
        self._keys.append(key)
        self._tokens[key] = token

    def feed(self, key: int, token: int) -> None:
        """Set a row's next input."""
        self._tokens[key] = token

    def write(self) -> "dict[int, torch.Tensor]":
        """Run every row's next input; return its logits (vocabulary,) by key. There is at least one row."""
        import torch

        device = self._model.device
        tokens = torch.tensor([[self._tokens[key]] for key in self._keys], device=device)
        assert self._mask is not None  # noqa: S101 - there are rows
        positions = self._mask.sum(dim=1, keepdim=True)
        self._mask = torch.cat([self._mask, torch.ones_like(tokens)], dim=1)
        result = self._model(
            input_ids=tokens,
            attention_mask=self._mask,
            position_ids=positions,
            past_key_values=self._cache,
            use_cache=True,
        )
        return dict(zip(self._keys, result.logits[:, -1], strict=True))

    def leave(self, keys: list[int]) -> None:
        """Remove rows, and the padding that only they made necessary."""
        rows = [row for row, key in enumerate(self._keys) if key not in keys]
        if len(rows) == len(self._keys) or self._mask is None:
            return
        self._keys = [self._keys[row] for row in rows]
        self._tokens = {key: self._tokens[key] for key in self._keys}
        if not rows:
            self._cache = self._mask = None
            return
        mask = self._mask[rows]
        start = int(mask.any(dim=0).int().argmax())
        self._mask = mask[:, start:]
        for layer in self._cache.layers:
            layer.keys = layer.keys[rows, :, start:].contiguous()
            layer.values = layer.values[rows, :, start:].contiguous()


def _pad_entries(entries: "torch.Tensor", width: int) -> "torch.Tensor":
    """Pad (rows, heads, length, size) on the left to `width` entries."""
    import torch

    return torch.nn.functional.pad(entries, (0, 0, width - entries.shape[2], 0))


def _pad_mask(mask: "torch.Tensor", width: int) -> "torch.Tensor":
    import torch

    return torch.nn.functional.pad(mask, (width - mask.shape[1], 0))
