"""Torch engines in processes of their own do what they do here."""

import dataclasses
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bot.errors import BadInput, EngineFailed, WeightsError
from bot.inference.api import (
    BatchRequest,
    ChatRequest,
    ClassifyRequest,
    EmbedRequest,
    Label,
    Reading,
    ReadRequest,
    RewriteRequest,
    Span,
    TagRequest,
    Turn,
)
from bot.inference.catalog import find
from bot.inference.engines import remote, wire
from bot.inference.engines.protocol import ChatEngine, Results
from bot.inference.engines.remote import Build, RemoteBatch, RemoteChat
from bot.inference.engines.torch_chat import TorchChat
from bot.inference.engines.torch_encoder import TorchEncoder
from tests.inference.tiny_models import SENTENCES, write_chat_model, write_encoder


@pytest.fixture(scope="module")
def chat_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_chat_model(tmp_path_factory.mktemp("chat"))


@pytest.fixture(scope="module")
def encoder_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_encoder(tmp_path_factory.mktemp("encoder"))


@pytest.fixture(scope="module")
def chat(chat_folder: Path) -> Iterator[RemoteChat]:
    engine = RemoteChat(Build("chat", chat_folder, "cpu", "float32", 1, {"context": 128}))
    yield engine
    engine.close()


def ask(text: str, tokens: int = 12) -> ChatRequest:
    return ChatRequest("tiny", (Turn("user", text),), tokens, temperature=0.0)


def answers(engine: ChatEngine, requests: list[ChatRequest]) -> list[tuple[str, int, str]]:
    """Each answer's text, its prompt's length and why it ended."""
    lengths = [engine.begin(key, request) for key, request in enumerate(requests)]
    texts, ends = dict.fromkeys(range(len(requests)), ""), dict[int, str]()
    for _ in range(300):
        for output in engine.step():
            texts[output.key] += output.text
            if output.finish is not None:
                ends[output.key] = output.finish
        if len(ends) == len(requests):
            return [(texts[key], lengths[key], ends[key]) for key in texts]
    raise AssertionError(f"only {ends} ended")


def test_answers_are_those_of_the_engine(chat: RemoteChat, chat_folder: Path) -> None:
    here = TorchChat(chat_folder, context=128, device="cpu", dtype="float32", threads=1)
    requests = [ask("hola"), ask("¿Qué es la fotosíntesis?", 20)]
    assert answers(chat, requests) == answers(here, requests)


def test_a_prompt_that_is_too_long_is_refused_at_once(chat: RemoteChat) -> None:
    with pytest.raises(BadInput) as refused:
        chat.begin(7, ask("piña " * 200))
    assert refused.value.key == "error-prompt-too-long"
    assert chat.step() == []


def test_half_a_character_is_refused(chat: RemoteChat) -> None:
    with pytest.raises(BadInput):
        chat.begin(7, ask("\ud83d"))
    assert chat.alive


def test_a_cancelled_request_writes_no_more(chat: RemoteChat) -> None:
    chat.begin(7, ask("hola", 50))
    chat.step()
    chat.cancel(7)
    assert chat.step() == []


def test_tokens_are_counted_alike_here_and_there(chat: RemoteChat, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["El ñandú comió 👩‍🔬", "", "<|im_end|>"]
    here = chat.count_tokens(texts)
    monkeypatch.setattr(remote, "token_counter", lambda _: None)
    assert here == chat.count_tokens(texts)
    assert here[1:] == [0, 1]


def test_a_model_without_tokenizer_json_is_counted_by_its_process(tmp_path: Path) -> None:
    assert remote.token_counter(tmp_path) is None


def test_vectors_are_those_of_the_engine(encoder_folder: Path) -> None:
    prefixes = {"query": "query : ", "passage": "passage : "}
    here = TorchEncoder(encoder_folder, device="cpu", dtype="float32", threads=1, prefixes=prefixes)
    request = EmbedRequest("tiny", tuple(SENTENCES), "query")
    engine = RemoteBatch(Build("encoder", encoder_folder, "cpu", "float32", 1, {"prefixes": prefixes}))
    try:
        vectors = engine.run(request)
        assert isinstance(vectors, np.ndarray)
        assert (str(vectors.dtype), vectors.flags.writeable) == ("float32", True)
        np.testing.assert_allclose(vectors, np.asarray(here.run(request)), atol=1e-6)
        assert engine.memory_bytes > 50_000_000  # a process with torch in it
    finally:
        engine.close()
    assert not engine.alive


def test_a_process_that_is_killed_is_an_error(chat_folder: Path) -> None:
    engine = RemoteChat(Build("chat", chat_folder, "cpu", "float32", 1, {"context": 128}))
    engine.begin(1, ask("hola"))
    os.kill(engine._child._process.pid, signal.SIGKILL)
    with pytest.raises(EngineFailed):
        engine.step()
    assert not engine.alive
    engine.close()


def test_a_folder_that_is_no_model_fails_to_load(tmp_path: Path) -> None:
    with pytest.raises(EngineFailed):
        RemoteChat(Build("chat", tmp_path, "cpu", "float32", 1, {"context": 128}))


def test_a_gpu_that_torch_cannot_use_is_named(chat_folder: Path) -> None:
    with pytest.raises(EngineFailed) as failed:
        RemoteChat(Build("chat", chat_folder, "cuda:3", "bfloat16", 1, {"context": 128}, gpu="GPU-none"))
    assert failed.value.key == "error-device"
    assert failed.value.values["device"] == "cuda:0"


def test_weights_that_do_not_convert_say_so(tmp_path: Path) -> None:
    model = dataclasses.replace(find("multilingual-e5-small"), bytes=4)
    file = tmp_path / model.id / model.file
    file.parent.mkdir()
    file.write_bytes(b"E5S1")
    with pytest.raises(WeightsError) as failed:
        remote.convert(model, tmp_path)
    assert failed.value.key == "error-weights-convert"


@pytest.mark.parametrize(
    ("request_", "results"),
    [
        (RewriteRequest("m", ("a", "b"), "es", "en"), ["x", "ñ\n"]),
        (ClassifyRequest("m", ("a",), ("p", "q")), [(Label("p", 0.75), Label("q", 0.25))]),
        (TagRequest("m", ("Ana", "")), [(Span("Ana", "PER", 0, 3, 0.5),), ()]),
        (ReadRequest("m", "¿?", ("a",)), [Reading("", 0, 0, 1.0)]),
    ],
)
def test_requests_and_results_come_through_unchanged(request_: BatchRequest, results: Results) -> None:
    assert wire.unpack_batch(wire.pack_request(request_)) == request_
    assert wire.unpack_results(request_, wire.pack_results(request_, results)) == results


def test_no_vectors_keep_their_shape() -> None:
    request = EmbedRequest("m", ())
    nothing = np.zeros((0, 384), np.float32)
    vectors = wire.unpack_results(request, wire.pack_results(request, nothing))
    assert isinstance(vectors, np.ndarray)
    assert vectors.shape == (0, 384)
