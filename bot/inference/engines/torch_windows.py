"""Texts longer than a model takes: windows over their tokens that overlap."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from tokenizers import Encoding

# Tokens that two neighbouring windows share, so that what stands at one's edge has its context in the other.
OVERLAP = 128


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows over one text. `offsets` tell where each of the whole text's tokens begins and ends, in characters.

    Window n begins at the text's token `n * step`.
    """

    offsets: list[tuple[int, int]]
    pieces: "list[Encoding]"
    step: int


def windows(encoding: "Encoding", room: int, overlap: int = 0) -> Windows:
    """Cut a text's tokens, given without special ones, into windows of `room` tokens at the most."""
    overlap = min(overlap, room // 2)
    offsets: list[tuple[int, int]] = encoding.offsets
    encoding.truncate(room, stride=overlap)
    return Windows(offsets, [encoding, *encoding.overflowing], room - overlap)


def place(encoding: "Encoding", sequence: int) -> int:
    """Return where the tokens of a pair's first (0) or second (1) text begin between the special ones."""
    return list(encoding.sequence_ids).index(sequence)


def merge(parts: "Sequence[torch.Tensor]", step: int) -> "torch.Tensor":
    """Join what windows say of their tokens, (tokens, labels) each: of two, the one knows better whose edge is farther.

    Returns (tokens of the whole text, labels).
    """
    import torch

    joined = parts[0]
    for number, part in enumerate(parts[1:], start=1):
        start = number * step
        middle = (len(joined) - start) // 2
        joined = torch.cat((joined[: start + middle], part[middle:]))
    return joined
