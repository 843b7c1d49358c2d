"""What the engines of all other kinds do alike: room that runs out, and what they say of themselves."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import (
    XLMRobertaForQuestionAnswering,
    XLMRobertaForSequenceClassification,
    XLMRobertaForTokenClassification,
)

from bot.errors import OutOfMemory
from bot.inference.api import BatchRequest, ClassifyRequest, EmbedRequest, ReadRequest, RewriteRequest, TagRequest
from bot.inference.engines.protocol import BatchEngine
from bot.inference.engines.torch_classifier import TorchClassifier
from bot.inference.engines.torch_encoder import TorchEncoder
from bot.inference.engines.torch_reader import TorchReader
from bot.inference.engines.torch_seq2seq import TorchSeq2Seq
from bot.inference.engines.torch_tagger import TorchTagger
from tests.inference.tiny_heads import write_t5, write_xlmr
from tests.inference.tiny_models import write_encoder

TEXTS = ("la luz", "Ana vive en Lima " * 20)


def write_classifier(folder: Path) -> Path:
    return write_xlmr(folder, XLMRobertaForSequenceClassification)


def write_tagger(folder: Path) -> Path:
    return write_xlmr(folder, XLMRobertaForTokenClassification)


def write_reader(folder: Path) -> Path:
    return write_xlmr(folder, XLMRobertaForQuestionAnswering)


KINDS = [
    pytest.param(TorchEncoder, write_encoder, EmbedRequest("", TEXTS), id="encoder"),
    pytest.param(TorchSeq2Seq, write_t5, RewriteRequest("", TEXTS[:1], max_new_tokens=4), id="seq2seq"),
    pytest.param(TorchClassifier, write_classifier, ClassifyRequest("", TEXTS), id="classifier"),
    pytest.param(TorchTagger, write_tagger, TagRequest("", TEXTS), id="tagger"),
    pytest.param(TorchReader, write_reader, ReadRequest("", "luz", TEXTS), id="reader"),
]


@contextmanager
def no_memory(network: torch.nn.Module) -> Iterator[None]:
    """Let the model ask torch for more memory than any machine has."""
    layers = [module for module in network.modules() if isinstance(module, torch.nn.Linear)]
    hook = layers[0].register_forward_pre_hook(lambda *_: torch.empty(1 << 55) and None)
    try:
        yield
    finally:
        hook.remove()


@pytest.mark.parametrize(("build", "write", "request_"), KINDS)
def test_running_out_of_memory_is_told_and_can_be_tried_again(
    build: Callable[..., BatchEngine], write: Callable[[Path], Path], request_: BatchRequest, tmp_path: Path
) -> None:
    engine: Any = build(write(tmp_path), device="cpu", dtype="float32", threads=2)
    before = engine.run(request_)
    network = engine._network if hasattr(engine, "_network") else engine._model.network
    with no_memory(network), pytest.raises(OutOfMemory):
        engine.run(request_)
    assert str(engine.run(request_)) == str(before)


@pytest.mark.parametrize(("build", "write", "request_"), KINDS)
def test_an_engine_says_what_it_is(
    build: Callable[..., BatchEngine], write: Callable[[Path], Path], request_: BatchRequest, tmp_path: Path
) -> None:
    engine = build(write(tmp_path), device="cpu", dtype="bfloat16", threads=1)
    assert (engine.name, engine.device, engine.alive) == ("torch", "cpu", True)
    file = tmp_path / "model.safetensors"
    assert 0.4 * file.stat().st_size < engine.memory_bytes < 0.7 * file.stat().st_size  # half of float32 on disk
    assert len(engine.run(request_)) == len(request_.texts)
    engine.close()
    assert engine.memory_bytes == 0
