"""A long text in parts that a model reads one by one."""

from collections.abc import Iterator, Sequence

from bot.inference.api import Inference
from bot.tasks.reading.sentences import sentences

# A piece without any end of a sentence is cut after so many words.
_MOST_WORDS = 100


async def parts(inference: Inference, model: str, text: str, limit: int) -> list[str]:
    """Return the text in as few parts as possible of at most `limit` tokens of a model's each.

    They are cut between sentences and about as long as each other; lines stay lines. What has no sentences (a table, a
    log) is cut between words.
    """
    pieces = [short for sentence in _kept_lines(text) for short in _short(sentence)]
    lengths = await inference.count_tokens(model, pieces)
    return ["".join(group).strip() for group in _grouped(pieces, lengths, limit)]


def _kept_lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        *first, last = sentences(line) or [""]
        yield from (f"{sentence} " for sentence in first)
        yield f"{last}\n"


def _short(sentence: str) -> Iterator[str]:
    words = sentence.split(" ")
    for start in range(0, len(words), _MOST_WORDS):
        end = " " if start + _MOST_WORDS < len(words) else ""
        yield " ".join(words[start : start + _MOST_WORDS]) + end


def _grouped(pieces: Sequence[str], lengths: Sequence[int], limit: int) -> Iterator[list[str]]:
    total = sum(lengths)
    share = max(1.0, total / max(1, -(-total // limit)))
    group: list[str] = []
    filled, before, number = 0, 0, 1
    for piece, length in zip(pieces, lengths, strict=True):
        if group and (filled + length > limit or before + filled >= share * number):
            yield group
            group, before, filled, number = [], before + filled, 0, number + 1
        group.append(piece)
        filled += length
    yield group
