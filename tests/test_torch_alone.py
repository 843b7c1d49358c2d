"""The whole bot on the torch engine alone (TERTULIA_ENGINE=torch), on the processor."""

import subprocess
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
import pytest

from bot import texts
from bot.config import Settings
from bot.inference import weights
from bot.inference.api import ClassifyRequest, EmbedRequest, ReadRequest, RewriteRequest, TagRequest
from bot.inference.catalog import Kind, find
from bot.inference.manager import Manager
from tests.conftest import Visitor
from tests.inference.tiny_catalog import install
from tests.inference.tiny_entries import CHAT, TinyPlacement, entry

ROOT = Path(__file__).parents[1]
SMALL = "qwen2.5-coder-0.5b"
ERRORS = ("error-engine-failed", "error-load-failed", "error-out-of-memory", "error-unexpected", "error-model-missing")
PATIENCE = 120  # seconds; loading torch takes some, on a busy machine


@contextmanager
def torch_bot(*arguments: object) -> Iterator[psutil.Process]:
    """Run tests/torch_bot.py for the length of the block; it must end in order when asked to."""
    command = [sys.executable, "-m", "tests.torch_bot", *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        bot = psutil.Process(process.pid)
        try:
            yield bot
            children = bot.children()
        finally:
            process.terminate()
            _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors
    assert psutil.wait_procs(children, timeout=PATIENCE)[1] == []


def holds_torch(process: psutil.Process) -> bool:
    """Tell whether a process has loaded torch's libraries."""
    return any("libtorch" in mapping.path for mapping in process.memory_maps())


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell what a process has loaded")
async def test_the_bot_answers_with_torch_in_a_process_of_its_own(
    address: str, visitor: Visitor, tmp_path: Path
) -> None:
    visitor.patience = PATIENCE
    install(["chat"], tmp_path / "models", tmp_path / "scratch")
    with torch_bot(address, tmp_path, tmp_path / "models", CHAT, "tiny") as bot:
        await visitor.say("¿Qué es la fotosíntesis?")
        # Random weights write anything at all, and end when they like.
        answer = (await visitor.hear())["text"]
        assert answer not in {texts.text("es", key, model=CHAT) for key in ERRORS}
        await visitor.say("/models")
        assert "torch" in (await visitor.hear(CHAT))["text"]
        assert not holds_torch(bot)
        assert [holds_torch(child) for child in bot.children()] == [True]


@pytest.mark.weights
async def test_real_weights_answer_on_torch(address: str, visitor: Visitor, tmp_path: Path) -> None:
    visitor.patience = PATIENCE
    weights_dir = Settings().weights_dir
    if not weights.installed(find(SMALL), weights_dir):
        pytest.skip(f"the weights of {SMALL} are not in {weights_dir} (python -m bot models pull {SMALL})")
    with torch_bot(address, tmp_path, weights_dir, SMALL, "real"):
        await visitor.say("¿Cuál es la capital de Francia? Responde solo con su nombre.")
        assert "Par" in (await visitor.hear())["text"]


@pytest.fixture
async def manager(tmp_path: Path) -> AsyncGenerator[Manager]:
    kinds: tuple[Kind, ...] = ("encoder", "seq2seq", "classifier", "tagger", "reader")
    install(kinds, tmp_path / "models", tmp_path / "scratch")
    placement = TinyPlacement(tmp_path / "models", "torch", "cpu", catalog=tuple(entry(kind) for kind in kinds))
    manager = Manager(tmp_path / "models", placement=placement)
    yield manager
    await manager.close()


async def test_every_other_kind_of_model_answers_through_the_manager(manager: Manager) -> None:
    texts = ("Ana vive en Lima.", "Luis trabaja en la ONU")
    vectors = await manager.embed(EmbedRequest("tiny-encoder", texts))
    assert vectors.shape == (2, 16)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert len(await manager.rewrite(RewriteRequest("tiny-seq2seq", texts, "es", "en", max_new_tokens=4))) == 2
    labels = await manager.classify(ClassifyRequest("tiny-classifier", texts))
    assert [{label.name for label in one} for one in labels] == [{"negative", "positive"}] * 2
    spans = await manager.tag(TagRequest("tiny-tagger", texts))
    assert all(text[span.start : span.end] == span.text for text, one in zip(texts, spans, strict=True) for span in one)
    readings = await manager.read(ReadRequest("tiny-reader", "¿Dónde vive Ana?", texts))
    assert [text[reading.start : reading.end] for text, reading in zip(texts, readings, strict=True)] == [
        reading.text for reading in readings
    ]
    assert await manager.count_tokens("tiny-encoder", ["vive en"]) == [2]
    assert {(state.state, state.engine, state.device) for state in manager.states()} == {("loaded", "torch", "cpu")}
