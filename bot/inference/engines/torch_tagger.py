"""Named entities with transformers: a label for each token, joined to spans of whole words."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bot.inference.api import BatchRequest, Span, TagRequest
from bot.inference.engines.torch_model import Head, computing
from bot.inference.engines.torch_windows import OVERLAP, Windows, merge, place, windows
from bot.inference.engines.words import units

if TYPE_CHECKING:
    import torch
    from tokenizers import Encoding

_OUTSIDE = "O"
# What a label says of a word's place in its entity: begins, inside (also middle), ends (also last), single (also unit).
_PREFIXED = re.compile(r"([BIELMSU])-(.+)")


class Tag(NamedTuple):
    """The label of one word or sign, without its prefix; "" outside of entities."""

    start: int
    end: int
    begins: bool
    ends: bool
    label: str
    score: float


class TorchTagger(Head):
    """A BatchEngine over AutoModelForTokenClassification; knows labels by the BIO, BIOES, BILOU and IO schemes."""

    def __init__(self, folder: Path, *, device: str, dtype: str, threads: int) -> None:
        head = "AutoModelForTokenClassification"
        super().__init__(head, folder, device=device, dtype=dtype, threads=threads)

    def run(self, request: BatchRequest) -> list[tuple[Span, ...]]:
        """Return each text's entities in order. A long text is read in windows, each token where it has more context.

        A word's label is that of its first token: the others had none in training.
        """
        assert isinstance(request, TagRequest)  # noqa: S101 - the manager sends each kind its own requests
        room = self._model.room()
        cut = [windows(encoding, room, OVERLAP) for encoding in self._model.encode(request.texts)]
        with computing():
            probabilities = self._probabilities(cut)
        found = zip(request.texts, cut, probabilities, strict=True)
        return [
            tuple(spans(text, tags(text, part.offsets, scores, self._model.labels))) for text, part, scores in found
        ]

    def _probabilities(self, cut: Sequence[Windows]) -> "list[torch.Tensor]":
        """Return (tokens, labels) for each text."""
        around = [self._model.around(piece) for part in cut for piece in part.pieces]
        logits = iter(zip(around, self._model.logits(around), strict=True))
        texts = []
        for part in cut:
            parts = [_inner(*next(logits), len(piece)) for piece in part.pieces]
            texts.append(merge(parts, part.step).softmax(dim=-1))
        return texts


def tags(text: str, offsets: Sequence[tuple[int, int]], probabilities: "torch.Tensor", labels: list[str]) -> list[Tag]:
    """Return the label of each word or sign that has a token; those that share their first one are kept together."""
    scores, best = (values.tolist() for values in probabilities.max(dim=-1))
    token_at = _token_at(len(text), offsets)
    found: list[Tag] = []
    last = -1
    for start, end in units(text):
        token = next((token for token in token_at[start:end] if token >= 0), -1)
        if token < 0:
            continue
        if token == last:
            found[-1] = found[-1]._replace(end=end)
        else:
            found.append(Tag(start, end, *_parts(labels[best[token]]), scores[token]))
        last = token
    return found


def spans(text: str, found: Sequence[Tag]) -> list[Span]:
    """Join the words of each entity."""
    entities: list[list[Tag]] = []
    before: Tag | None = None
    for tag in found:
        goes_on = before is not None and before.label == tag.label and not before.ends and not tag.begins
        if tag.label and goes_on:
            entities[-1].append(tag)
        elif tag.label:
            entities.append([tag])
        before = tag
    return [_span(text, entity) for entity in entities]


def _span(text: str, entity: Sequence[Tag]) -> Span:
    start, end = entity[0].start, entity[-1].end
    score = sum(tag.score for tag in entity) / len(entity)
    return Span(text[start:end], entity[0].label, start, end, score)


def _parts(label: str) -> tuple[bool, bool, str]:
    """Return whether a label begins its entity, whether it ends it, and its name without the prefix."""
    if label == _OUTSIDE:
        return False, False, ""
    match = _PREFIXED.fullmatch(label)
    return (match[1] in "BSU", match[1] in "ELSU", match[2]) if match else (False, False, label)


def _token_at(length: int, offsets: Sequence[tuple[int, int]]) -> list[int]:
    """Return the first token that covers each character, -1 where there is none."""
    token_at = [-1] * length
    for token, (start, end) in enumerate(offsets):
        for position in range(start, end):
            if token_at[position] < 0:
                token_at[position] = token
    return token_at


def _inner(encoding: "Encoding", logits: "torch.Tensor", length: int) -> "torch.Tensor":
    """Leave out special tokens and padding."""
    start = place(encoding, 0) if length else 0
    return logits[start : start + length]
