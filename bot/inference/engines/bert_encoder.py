"""Sentence encoders that are a BERT with a unigram tokenizer, in a third of the memory that transformers needs."""

import heapq
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from bot.inference.api import BatchRequest, EmbedRequest, Vectors
from bot.inference.engines.torch_bert import Bert
from bot.inference.engines.torch_memory import out_of_memory
from bot.inference.engines.torch_model import set_threads
from bot.inference.engines.unigram import Unigram

# Tokens in a pack. On two cores packs of 2048 took 0.94 of the CPU time; but code that oneDNN keeps for every number of
# rows in a product (see torch_bert) is more with larger packs: 60 MB with twice as many at half the step.
_CPU_TOKENS = 512
_GPU_TOKENS = 16_384


class BertEncoder:
    """A BatchEngine for what e5s1_bert.py writes. `prefixes` are put before the texts of each purpose."""

    name = "torch"

    def __init__(
        self, folder: Path, *, device: str, dtype: str, threads: int, prefixes: Mapping[str, str] | None = None
    ) -> None:
        self.device = device
        self._prefixes = prefixes or {}
        # Each pack has one thread and each thread packs of its own: threads that share a product wait for each other.
        self._threads = threads if device == "cpu" else 1
        self._workers = ThreadPoolExecutor(self._threads, "torch", initializer=lambda: set_threads(1))
        self._text = Unigram(folder)
        self._bert: Bert | None = Bert(folder, device=device, dtype=dtype)

    @property
    def alive(self) -> bool:
        """Always: it lives in this process."""
        return True

    @property
    def memory_bytes(self) -> int:
        """Memory of the weights."""
        return self._bert.memory_bytes if self._bert else 0

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return each text's length in tokens, without special tokens."""
        return self._text.count(texts)

    def close(self) -> None:
        """Give the memory back."""
        self._workers.shutdown()
        self._bert = None

    def run(self, request: BatchRequest) -> Vectors:
        """Return unit vectors of shape (texts, dimensions), in the order of the texts; long ones are cut at the end."""
        assert isinstance(request, EmbedRequest)  # noqa: S101 - the manager sends each kind its own requests
        assert self._bert is not None  # noqa: S101 - nothing is asked after the end
        bert, prefix = self._bert, self._prefixes.get(request.purpose, "")
        rows = self._text.sentences([prefix + text for text in request.texts], bert.positions)
        vectors = np.empty((len(rows), bert.dimensions), dtype=np.float32)
        most = _CPU_TOKENS if self.device == "cpu" else _GPU_TOKENS
        packed = packs([len(row) for row in rows], most, self._threads)
        with out_of_memory():
            means = self._workers.map(lambda pack: bert.means([rows[row] for row in pack]), packed)
            for pack, part in zip(packed, means, strict=True):
                vectors[pack] = part.numpy()
        return vectors


def packs(lengths: Sequence[int], most: int, workers: int) -> list[list[int]]:
    """Return rows in packs of about `most` tokens and nearly the same number, so that all workers end together."""
    rounds = -(-sum(lengths) // (most * workers))
    filled: list[tuple[int, int, list[int]]] = [(0, number, []) for number in range(rounds * workers)]
    for row in sorted(range(len(lengths)), key=lambda row: lengths[row], reverse=True):
        tokens, number, rows = heapq.heappop(filled)
        heapq.heappush(filled, (tokens + lengths[row], number, [*rows, row]))
    return [rows for _, _, rows in filled if rows]
