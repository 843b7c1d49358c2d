"""Writes E5S1 files, so that the reader is tested against a writer that shares no code with it."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁", "▁hola", "h", "o", "l", "a", "▁ho", "la", "<mask>")


@dataclass
class SmallE5:
    """A two-layer encoder with random weights whose exact values after 4-bit packing are in `expected`."""

    hidden: int = 64
    layers: int = 2
    heads: int = 4
    intermediate: int = 96
    vocabulary: int = 16
    positions: int = 24
    seed: int = 0
    expected: dict[str, Array] = field(default_factory=dict)

    def write(self, normalized: Mapping[str, str] | None = None) -> bytes:
        random = np.random.default_rng(self.seed)
        head = self._header() + vocabulary(PIECES) + normalization(normalized or {"ﬁ": "fi"})
        tensors = {name: self._pack(name, shape, random) for name, shape in self._shapes().items()}
        return head + directory(tensors, len(head))

    def _header(self) -> bytes:
        sizes = (self.hidden, self.layers, self.heads, self.intermediate, self.vocabulary, self.positions, 2)
        return struct.pack("<4sI7ifi", b"E5S1", 1, *sizes, 1e-12, 32)

    def _shapes(self) -> dict[str, tuple[int, ...]]:
        h, f = self.hidden, self.intermediate
        shapes: dict[str, tuple[int, ...]] = {
            "emb.word": (self.vocabulary, h),
            "emb.pos": (self.positions, h),
            "emb.type": (2, h),
            "emb.ln.w": (h,),
            "emb.ln.b": (h,),
        }
        for n in range(self.layers):
            for name, rows, columns in (
                ("q", h, h),
                ("k", h, h),
                ("v", h, h),
                ("ao", h, h),
                ("fi", f, h),
                ("fo", h, f),
            ):
                shapes[f"l{n}.{name}.w"] = (rows, columns)
                shapes[f"l{n}.{name}.b"] = (rows,)
            for name in ("aln", "oln"):
                shapes[f"l{n}.{name}.w"] = shapes[f"l{n}.{name}.b"] = (h,)
        return shapes

    def _pack(self, name: str, shape: tuple[int, ...], random: np.random.Generator) -> tuple[int, int, bytes]:
        packed = len(shape) == 2 and name not in {"emb.pos", "emb.type"}
        if not packed:
            values = random.normal(size=shape).astype(np.float32)
            self.expected[name] = values
            return 0, values.size, values.tobytes()
        blocks = int(np.prod(shape)) // 32
        scales = random.normal(scale=0.05, size=blocks).astype(np.float16)
        nibbles = random.integers(0, 16, size=(blocks, 32))
        weights = (nibbles - 8) * scales[:, None].astype(np.float32)
        self.expected[name] = weights.reshape(shape).astype(np.float32)
        rows = (
            scale.tobytes() + bytes(int(row[j]) | int(row[j + 16]) << 4 for j in range(16))
            for scale, row in zip(scales, nibbles, strict=True)
        )
        return 1, blocks * 32, b"".join(rows)


def vocabulary(pieces: Sequence[str]) -> bytes:
    blobs = [piece.encode() for piece in pieces]
    ends = np.cumsum([0, *map(len, blobs)]).astype("<u4").tobytes()
    scores = np.array([0, 0, 0, 0, *(-float(n) for n in range(1, len(pieces) - 3))], "<f4").tobytes()
    blob = b"".join(blobs)
    return struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, len(blob)) + ends + scores + blob


def normalization(table: Mapping[str, str]) -> bytes:
    entries = b"".join(struct.pack(f"<IB{len(new)}I", ord(old), len(new), *map(ord, new)) for old, new in table.items())
    return struct.pack("<iI", len(table), len(entries)) + entries


def directory(tensors: Mapping[str, tuple[int, int, bytes]], offset: int) -> bytes:
    offset += 4 + sum(2 + len(name) + 21 for name in tensors)
    entries, data = [], []
    for name, (kind, elements, raw) in tensors.items():
        entries.append(struct.pack(f"<H{len(name)}sBIQQ", len(name), name.encode(), kind, elements, offset, len(raw)))
        data.append(raw)
        offset += len(raw)
    return struct.pack("<i", len(tensors)) + b"".join(entries) + b"".join(data)
