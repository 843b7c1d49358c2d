import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.inference.e5s1 import E5File
from tests.inference.e5s1_file import PIECES, SmallE5

SMALL = SmallE5()
GOOD = SMALL.write()


def test_every_tensor_comes_back() -> None:
    file = E5File(GOOD)
    for name, expected in SMALL.expected.items():
        np.testing.assert_array_equal(file.tensor(name, *expected.shape), expected)


def test_sizes_and_vocabulary_come_back() -> None:
    file = E5File(GOOD)
    assert (file.sizes.hidden, file.sizes.layers, file.sizes.heads) == (64, 2, 4)
    assert tuple(piece for piece, _ in file.vocabulary.pieces) == PIECES
    assert file.vocabulary.pieces[5][1] == -2
    assert (file.vocabulary.bos, file.vocabulary.pad, file.vocabulary.eos, file.vocabulary.unk) == (0, 1, 2, 3)
    assert file.vocabulary.normalized == {"ﬁ": "fi"}


def read_all(raw: bytes) -> None:
    file = E5File(raw)
    for name, expected in SMALL.expected.items():
        file.tensor(name, *expected.shape)


@given(st.integers(0, len(GOOD) - 1))
@settings(deadline=None)
def test_cut_file_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_all(GOOD[:length])


@given(st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 255)), min_size=1, max_size=6))
@settings(deadline=None, max_examples=300)
def test_damaged_head_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    raw = bytearray(GOOD)
    for at, value in changes:
        raw[at] = value
    try:
        read_all(bytes(raw))
    except ValueError:
        return  # any other exception is a bug; what still parses is in bounds


def changed(at: int, layout: str, value: float) -> bytes:
    raw = bytearray(GOOD)
    struct.pack_into("<" + layout, raw, at, value)
    return bytes(raw)


# Offsets of the header's fields, and values that would cost memory or make no sense.
@pytest.mark.parametrize(
    ("at", "layout", "value", "says"),
    [
        (4, "I", 2, "version 1"),
        (8, "i", 2**31 - 1, "hidden"),
        (12, "i", -1, "layers"),
        (16, "i", 5, "heads"),
        (24, "i", 2**31 - 1, "vocabulary"),
        (24, "i", 3, "more pieces"),
        (36, "f", float("nan"), "epsilon"),
        (40, "i", 16, "block"),
        (44, "i", 2**31 - 1, "special pieces"),
        (48, "i", 99, "special pieces"),
        (64, "Q", 2**63, "too early"),
        (72, "I", 1, "table is broken"),
        (76, "I", 2**32 - 1, "table is broken"),
    ],
)
def test_senseless_field_is_refused(at: int, layout: str, value: float, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        E5File(changed(at, layout, value))


def test_tensor_of_another_shape_is_refused() -> None:
    file = E5File(GOOD)
    with pytest.raises(ValueError, match="elements"):
        file.tensor("emb.word", 16, 63)
    with pytest.raises(ValueError, match="no tensor"):
        file.tensor("emb.none", 1)


def test_weights_that_are_no_numbers_are_refused() -> None:
    raw = bytearray(GOOD)
    raw[-4:] = struct.pack("<f", float("inf"))  # the last bias
    with pytest.raises(ValueError, match="not finite"):
        read_all(bytes(raw))


def test_scale_that_is_no_number_is_refused() -> None:
    first_block = GOOD.index(SMALL.expected["emb.pos"].tobytes()) - 16 * 64 // 32 * 18
    with pytest.raises(ValueError, match="not finite"):
        read_all(changed(first_block, "H", 0x7C01))  # a signalling NaN


def test_normalization_that_is_no_text_is_refused() -> None:
    at = GOOD.index(struct.pack("<I", ord("ﬁ")))
    with pytest.raises(ValueError, match="not text"):
        E5File(changed(at, "I", 2**32 - 1))
