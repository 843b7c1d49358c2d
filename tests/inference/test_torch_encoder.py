from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoModel, AutoTokenizer

from bot.inference.api import EmbedRequest, Vectors
from bot.inference.engines.torch_encoder import TorchEncoder
from bot.inference.engines.torch_model import by_length
from tests.inference.tiny_models import SENTENCES, write_encoder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_encoder(tmp_path_factory.mktemp("encoder"))


def encoder(folder: Path, dtype: str = "float32", prefixes: dict[str, str] | None = None) -> TorchEncoder:
    return TorchEncoder(folder, device="cpu", dtype=dtype, threads=1, prefixes=prefixes)


def embed(engine: TorchEncoder, texts: Sequence[str], purpose: Literal["query", "passage"] = "passage") -> Vectors:
    return engine.run(EmbedRequest("", tuple(texts), purpose))


def vector(folder: Path, text: str) -> Vectors:
    """Mean pooling and unit length, written out for one text."""
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder)
    inputs = tokenizer(text, return_tensors="pt", truncation=True, max_length=32)
    with torch.inference_mode():
        mean = model(**inputs).last_hidden_state[0].mean(dim=0).numpy()
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


def test_vectors_come_in_the_order_of_the_texts(folder: Path) -> None:
    texts = [*SENTENCES, "plantas", "", "El niño", *(f"café {'con ' * (n % 20)}leche" for n in range(60))]
    vectors = embed(encoder(folder), texts)
    expected = np.stack([vector(folder, text) for text in texts])
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, expected, atol=1e-5)


def test_nothing_asked_is_nothing_answered(folder: Path) -> None:
    engine = encoder(folder)
    assert embed(engine, []).shape == (0, 16)
    assert engine.memory_bytes > 0
    engine.close()
    assert engine.memory_bytes == 0


def test_a_long_text_is_cut_as_the_tokenizer_would(folder: Path) -> None:
    text = "plantas niño café " * 40
    np.testing.assert_allclose(embed(encoder(folder), [text])[0], vector(folder, text), atol=1e-5)


def test_prefixes_go_by_purpose(folder: Path) -> None:
    engine = encoder(folder, prefixes={"query": "query : ", "passage": "passage : "})
    query, passage = embed(engine, ["plantas"], "query")[0], embed(engine, ["plantas"], "passage")[0]
    np.testing.assert_allclose(query, vector(folder, "query : plantas"), atol=1e-5)
    np.testing.assert_allclose(passage, vector(folder, "passage : plantas"), atol=1e-5)
    assert not np.allclose(query, passage, atol=1e-3)


def test_half_precision_vectors_are_close(folder: Path) -> None:
    vectors = embed(encoder(folder, "bfloat16"), SENTENCES)
    expected = np.stack([vector(folder, text) for text in SENTENCES])
    assert (vectors * expected).sum(axis=1).min() > 0.999


def test_tokens_are_counted_without_special_ones(folder: Path) -> None:
    assert encoder(folder).count_tokens(["café con leche", ""]) == [3, 0]


@given(st.lists(st.integers(0, 700), max_size=60), st.integers(1, 600), st.integers(1, 9))
def test_micro_batches_hold_every_row_once_and_stay_within_bounds(lengths: list[int], tokens: int, most: int) -> None:
    batches = list(by_length(lengths, tokens, most))
    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) <= most
        assert len(batch) == 1 or len(batch) * max(lengths[row] for row in batch) <= tokens
    order = [lengths[row] for batch in batches for row in batch]
    assert order == sorted(order, reverse=True)
