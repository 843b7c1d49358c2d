"""Vectors are those that transformers' BertModel gives for each text by itself."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoModel

from bot.inference import devices
from bot.inference.api import EmbedRequest, Vectors
from bot.inference.engines import e5s1_bert
from bot.inference.engines.bert_encoder import BertEncoder, packs
from bot.inference.engines.remote import Build, RemoteBatch, token_counter
from bot.inference.engines.unigram import Unigram
from tests.inference.e5s1_file import SmallE5

TEXTS = ["hola", "", "ho la", "x", *(f"hola{' la' * (n % 30)} ho" for n in range(70))]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bert")
    (folder / "file").write_bytes(SmallE5().write())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(devices, "has_bfloat16_instructions", lambda: False)
        e5s1_bert.write_bert(folder / "file", folder)
    return folder


def encoder(folder: Path, dtype: str = "float32", threads: int = 2) -> BertEncoder:
    prefixes = {"query": "ho: ", "passage": ""}
    return BertEncoder(folder, device="cpu", dtype=dtype, threads=threads, prefixes=prefixes)


def expected(folder: Path, texts: Sequence[str]) -> Vectors:
    """Mean pooling and unit length, written out for one text at a time."""
    text, model = Unigram(folder), AutoModel.from_pretrained(folder, dtype=torch.float32).eval()
    with torch.inference_mode():
        means = [model(torch.tensor([row])).last_hidden_state[0].mean(dim=0) for row in text.sentences(texts, 24)]
    vectors: Vectors = torch.nn.functional.normalize(torch.stack(means), dim=1).numpy()
    return vectors


@pytest.mark.parametrize("threads", [1, 2])
def test_vectors_are_those_of_transformers_in_the_order_of_the_texts(folder: Path, threads: int) -> None:
    vectors = np.asarray(encoder(folder, threads=threads).run(EmbedRequest("", tuple(TEXTS))))
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, expected(folder, TEXTS), atol=1e-5)


def test_prefixes_go_by_purpose(folder: Path) -> None:
    [query] = encoder(folder).run(EmbedRequest("", ("la",), "query"))
    np.testing.assert_allclose(query, expected(folder, ["ho: la"])[0], atol=1e-5)


def test_half_precision_vectors_are_close(folder: Path) -> None:
    vectors = np.asarray(encoder(folder, "bfloat16").run(EmbedRequest("", tuple(TEXTS))))
    assert (vectors * expected(folder, TEXTS)).sum(axis=1).min() > 0.999


def test_nothing_asked_is_nothing_answered(folder: Path) -> None:
    engine = encoder(folder)
    assert np.asarray(engine.run(EmbedRequest("", ()))).shape == (0, 64)
    assert engine.memory_bytes > 0
    engine.close()
    assert engine.memory_bytes == 0


def test_its_process_takes_it_by_its_tokenizer_and_counts_as_the_bot_does(folder: Path) -> None:
    engine = RemoteBatch(Build("encoder", folder, "cpu", "float32", 1))
    try:
        vectors = np.asarray(engine.run(EmbedRequest("", tuple(TEXTS[:9]))))
        np.testing.assert_allclose(vectors, expected(folder, TEXTS[:9]), atol=1e-5)
        count = token_counter(folder)
        assert count is not None
        assert count(TEXTS) == engine._child.ask({"count": TEXTS})["counts"] == encoder(folder).count_tokens(TEXTS)
    finally:
        engine.close()


@given(st.lists(st.integers(2, 512), max_size=80), st.integers(512, 2048), st.integers(1, 4))
def test_packs_hold_every_row_once_and_are_of_like_size(lengths: list[int], most: int, workers: int) -> None:
    found = packs(lengths, most, workers)
    assert sorted(row for pack in found for row in pack) == list(range(len(lengths)))
    sizes = [sum(lengths[row] for row in pack) for pack in found]
    assert all(size <= most + 512 for size in sizes)
    if len(lengths) >= len(found) > 0 and len(found) % workers == 0:
        assert max(sizes) - min(sizes) <= max(lengths)
