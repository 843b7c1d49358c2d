"""The E5S1 file: a BERT encoder with 4-bit weights, its unigram vocabulary and its normalization map.

The layout is that of version 1, as the header and loader that are published with the format describe it; all
numbers are little-endian:

    "E5S1", version u32
    hidden, layers, heads, intermediate, vocabulary, positions, types i32; layer norm epsilon f32; block i32
    pieces, bos, eos, pad, unk i32; blob length u64; piece ends in the blob u32 × (pieces + 1); scores f32; blob
    normalization entries i32, their bytes u32; entries: code point u32, count u8, code points u32 × count
    tensors i32; entries: name length u16, name, type u8, elements u32, offset u64, bytes u64

A 4-bit block is an f16 scale and 16 bytes: byte j holds weight j in its low half and weight j + 16 in its
high half, each as scale × (nibble − 8). The file is hostile until it is parsed: every read is bounded.
"""

import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

BLOCK = 32  # weights
_BLOCK_BYTES = 2 + BLOCK // 2
_MAGIC = b"E5S1"
_VERSION = 1
# Generous for any small encoder, and small enough that no field can ask for much memory.
_LIMITS = {
    "hidden": 4096,
    "layers": 64,
    "heads": 64,
    "intermediate": 16384,
    "vocabulary": 1 << 20,
    "positions": 8192,
    "types": 16,
}
_MAX_NORMALIZED = 32  # code points that one may become; the longest real entry has 18
_PARAMETER_LIMIT = 1 << 30

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Shape of the encoder."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Unigram pieces with their log probabilities in id order, ids of the special ones, and what is normalized."""

    pieces: tuple[tuple[str, float], ...]
    bos: int
    eos: int
    pad: int
    unk: int
    normalized: dict[str, str]


class E5File:
    """A parsed file: `sizes`, `vocabulary`, and tensors that are decoded one at a time to bound memory."""

    def __init__(self, data: bytes | memoryview) -> None:
        """Parse everything but the weights; raises ValueError when the bytes are not what the layout says."""
        self._data = memoryview(data)
        reader = _Reader(self._data)
        self.sizes = _read_sizes(reader)
        self.vocabulary = _read_vocabulary(reader)
        if len(self.vocabulary.pieces) > self.sizes.vocabulary:
            raise ValueError("more pieces than embeddings")
        self._entries = _read_entries(reader, len(self._data))

    def tensor(self, name: str, *shape: int) -> Array:
        """Decode one tensor to float32 in `shape`; raises ValueError when it is absent or of another size."""
        if name not in self._entries:
            raise ValueError(f"no tensor {name}")
        offset, size, elements = self._entries[name]
        if elements != int(np.prod(shape)):
            raise ValueError(f"{name} has {elements} elements")
        raw = self._data[offset : offset + size]
        if size == elements * 4:
            flat = np.frombuffer(raw, "<f4").astype(np.float32)
        elif elements % BLOCK == 0 and size == elements // BLOCK * _BLOCK_BYTES:
            flat = _unpack(raw)
        else:
            raise ValueError(f"{name} has {size} bytes")
        if not np.isfinite(flat).all():
            raise ValueError(f"{name} is not finite")
        return flat.reshape(shape)


def _unpack(raw: memoryview) -> Array:
    blocks = np.frombuffer(raw, np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)]))
    nibbles = blocks["nibbles"]
    weights = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=1).astype(np.float32) - 8
    with np.errstate(invalid="ignore"):  # a scale that is no number is found by the caller
        weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)


class _Reader:
    """Reads forward through a buffer and refuses to leave it."""

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._at = 0

    def take(self, size: int) -> memoryview:
        if size < 0 or size > len(self._data) - self._at:
            raise ValueError("the file ends too early")
        self._at += size
        return self._data[self._at - size : self._at]

    def numbers(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))

    def array(self, dtype: str, count: int) -> npt.NDArray[Any]:
        return np.frombuffer(self.take(np.dtype(dtype).itemsize * count), dtype)


def _read_sizes(reader: _Reader) -> Sizes:
    magic, version = reader.numbers("4sI")
    if magic != _MAGIC or version != _VERSION:
        raise ValueError("not an E5S1 file of version 1")
    *counts, epsilon, block = reader.numbers("7ifi")
    for (name, limit), count in zip(_LIMITS.items(), counts, strict=True):
        if not 0 < count <= limit:
            raise ValueError(f"{name} is {count}")
    if block != BLOCK or counts[0] % counts[2] or not 0 < epsilon < 1:
        raise ValueError("block size, heads or epsilon are not usable")
    return Sizes(**dict(zip(_LIMITS, counts, strict=True)), epsilon=epsilon)


def _read_vocabulary(reader: _Reader) -> Vocabulary:
    count, *special = reader.numbers("5i")
    (blob_size,) = reader.numbers("Q")
    if not 0 < count <= _LIMITS["vocabulary"] or any(not 0 <= piece < count for piece in special):
        raise ValueError("special pieces are outside the vocabulary")
    ends = reader.array("<u4", count + 1).astype(np.int64)
    scores = reader.array("<f4", count)
    blob = bytes(reader.take(blob_size))
    if ends[0] != 0 or ends[-1] != blob_size or (np.diff(ends) < 0).any() or not np.isfinite(scores).all():
        raise ValueError("the vocabulary's table is broken")
    names = [blob[start:end].decode() for start, end in pairwise(ends.tolist())]
    if len(set(names)) != count:
        raise ValueError("a piece occurs twice")
    bos, eos, pad, unk = special
    pieces = tuple(zip(names, scores.tolist(), strict=True))
    return Vocabulary(pieces, bos, eos, pad, unk, dict(_read_normalization(reader)))


def _read_normalization(reader: _Reader) -> Iterator[tuple[str, str]]:
    entries, size = reader.numbers("iI")
    inner = _Reader(reader.take(size))
    for _ in range(entries):
        point, count = inner.numbers("IB")
        if count > _MAX_NORMALIZED:
            raise ValueError("a normalization is too long")
        points = [point, *inner.array("<u4", count).tolist()]
        if max(points) > sys.maxunicode:
            raise ValueError("a normalization is not text")
        yield chr(point), "".join(map(chr, points[1:]))


def _read_entries(reader: _Reader, size: int) -> dict[str, tuple[int, int, int]]:
    (count,) = reader.numbers("i")
    found = {}
    for _ in range(count):
        (length,) = reader.numbers("H")
        name = bytes(reader.take(length)).decode()
        _, elements, offset, length_bytes = reader.numbers("BIQQ")
        if elements > _PARAMETER_LIMIT or offset + length_bytes > size:
            raise ValueError(f"{name} lies outside the file")
        found[name] = (offset, length_bytes, elements)
    return found
