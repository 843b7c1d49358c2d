"""The quality gate: what passes, what does not, and what becomes of the verdict."""

import dataclasses
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import torch
from rich.console import Console
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from typer.testing import CliRunner

from bot import models_cli
from bot.config import Settings
from bot.errors import BadInput, EngineFailed
from bot.inference import catalog, gate, verdicts, weights
from bot.inference.api import BatchRequest, EmbedRequest
from bot.inference.catalog import Kind, Model, find
from bot.inference.engines import convert, openvino_files
from bot.inference.engines.torch_chat import TorchChat
from bot.inference.gate import ChatSample, Encode, Figure
from bot.inference.placement import Placement, Target
from bot.inference.verdicts import Verdict
from bot.models_check import check
from tests.inference.small_gguf import write_gguf
from tests.inference.tiny_catalog import install
from tests.inference.tiny_entries import TinyPlacement, entry
from tests.inference.tiny_models import write_chat_model

CPU, OPENVINO = Target("torch", "cpu"), Target("openvino", "cpu")
QUIET = Console(quiet=True)


def encoder_of(folder: Path) -> Encode:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    return lambda text: tokenizer.encode(text, add_special_tokens=False).ids


def take(folder: Path, dtype: str = "float32") -> ChatSample:
    engine = TorchChat(folder, context=2048, device="cpu", dtype=dtype, threads=1)
    return gate.take_chat(engine, encoder_of(folder))


def disturb(folder: Path, size: float) -> None:
    """Add noise of so many times their own spread to all matrices of a model."""
    torch.manual_seed(0)
    file = folder / "model.safetensors"
    state = load_file(file)
    noisy = {
        name: one + size * one.std() * torch.randn_like(one) if one.dim() == 2 else one for name, one in state.items()
    }
    save_file(noisy, file, metadata={"format": "pt"})


def passed(figures: Sequence[Figure]) -> bool:
    return all(figure.passed for figure in figures)


def test_the_same_model_passes_and_a_disturbed_one_does_not(tmp_path: Path) -> None:
    folder = write_chat_model(tmp_path)
    reference = take(folder)
    same = gate.compare_chat(take(folder), reference)
    assert passed(same)
    assert [round(figure.value, 6) for figure in same] == [1.0, 0.0, 1.0]
    disturb(folder, 0.3)
    figures = gate.compare_chat(take(folder), reference)
    assert not figures[1].passed
    assert figures[1].value > 3 * figures[1].bound


def test_a_score_is_what_the_model_gives_each_token_after_those_before(tmp_path: Path) -> None:
    folder = write_chat_model(tmp_path)
    engine = TorchChat(folder, context=512, device="cpu", dtype="float32", threads=1)
    ids = encoder_of(folder)("¿Qué es la fotosíntesis?")
    scores = engine.score(ids)
    assert len(scores) == len(ids) - 1
    for place in (1, len(ids) - 1):
        with torch.inference_mode():
            logits = engine._model(input_ids=torch.tensor([ids[:place]])).logits[0, -1].double()
        assert scores[place - 1] == pytest.approx(float(logits.log_softmax(-1)[ids[place]]), abs=1e-4)


def test_numbers_that_are_none_do_not_pass() -> None:
    broken = ChatSample((math.nan, -1.0), ((1, 2),))
    whole = ChatSample((-1.0, -1.0), ((1, 2),))
    assert [figure.passed for figure in gate.compare_chat(broken, whole)] == [False, False, True]
    assert not gate.compare_chat(ChatSample((-1e9, -1e9), ((1, 2),)), whole)[0].passed


def test_answers_agree_as_far_as_they_begin_alike() -> None:
    def agreement(one: tuple[int, ...], other: tuple[int, ...]) -> float:
        return gate.compare_chat(ChatSample((-1.0,), (one,)), ChatSample((-1.0,), (other,)))[2].value

    assert agreement((1, 2, 3, 4), (1, 2, 9, 4)) == 0.5
    assert agreement((1, 2), (1, 2, 3, 4)) == 0.5
    assert agreement((), ()) == 1.0
    assert agreement((1,), ()) == 0.0


@pytest.fixture
def gguf(tmp_path: Path) -> tuple[Model, TinyPlacement]:
    """A chat model that both engines read, and the placement that has it alone."""
    pytest.importorskip("openvino_genai")
    file = tmp_path / "small" / "small.gguf"
    file.parent.mkdir()
    write_gguf(file)
    model = dataclasses.replace(
        find("qwen2.5-coder-1.5b"), id="small", file=file.name, bytes=file.stat().st_size, context=2048
    )
    return model, TinyPlacement(tmp_path, "auto", "cpu", threads=1, catalog=(model,))


def mix_up(folder: Path) -> None:
    """Turn a conversion's 8-bit weights round: it is whole, and of another model."""
    file = folder / "openvino_model.bin"
    content = np.frombuffer(file.read_bytes(), np.int8).copy()
    for data in ET.parse(folder / "openvino_model.xml").getroot().iter("data"):
        if data.get("element_type") == "i8":
            start = int(data.get("offset", ""))
            end = start + int(data.get("size", ""))
            content[start:end] = content[start:end][::-1].copy()
    file.write_bytes(content.tobytes())


def test_openvino_passes_and_fails_with_weights_that_are_not_the_files(
    gguf: tuple[Model, TinyPlacement], monkeypatch: pytest.MonkeyPatch
) -> None:
    model, placement = gguf
    assert placement.target(model, {}) == OPENVINO
    assert check(placement, model, "openvino", QUIET)
    [verdict] = verdicts.read(model, placement.weights_dir)
    assert (verdict.passed, verdict.setup) == (True, verdicts.setup(model, placement.weights_dir, OPENVINO, "int8"))
    assert placement.target(model, {}) == OPENVINO

    mix_up(openvino_files.prepare(model, placement.weights_dir))
    assert not check(placement, model, "openvino", QUIET)
    [verdict] = verdicts.read(model, placement.weights_dir)
    assert not verdict.passed
    assert placement.target(model, {}) == CPU
    assert dataclasses.replace(placement, engine="openvino").target(model, {}) == CPU
    with pytest.raises(EngineFailed) as refused:
        placement.load(model, OPENVINO)
    assert (refused.value.key, refused.value.values) == ("error-model-refused", {"model": "small"})

    monkeypatch.setattr(openvino_files, "QUANTIZATION_GROUP", 7)
    assert placement.target(model, {}) == OPENVINO, "that verdict was about other settings"


def refuse(placement: Placement, model: Model, target: Target, dtype: str, **changes: Any) -> None:
    setup = dataclasses.replace(verdicts.setup(model, placement.weights_dir, target, dtype), **changes)
    verdicts.keep(
        model, placement.weights_dir, Verdict(setup, {"perplexity": math.inf}, passed=False, day="2026-01-31")
    )


@pytest.fixture
def chat(tmp_path: Path) -> TinyPlacement:
    install(["chat"], tmp_path / "models", tmp_path / "scratch")
    return TinyPlacement(tmp_path / "models", "torch", "cpu", catalog=(entry("chat"),))


def test_what_is_refused_in_one_format_runs_in_float32_and_then_nowhere(chat: TinyPlacement) -> None:
    [model] = chat.models()
    memory = chat.memory(model, CPU)
    refuse(chat, model, CPU, "bfloat16")
    assert (chat.target(model, {}), chat.dtype(model, CPU), chat.refused(model, CPU)) == (CPU, "float32", False)
    assert chat.memory(model, CPU) == 2 * memory
    refuse(chat, model, CPU, "float32")
    assert chat.refused(model, CPU)
    with pytest.raises(EngineFailed):
        chat.load(model, chat.target(model, {}))


def test_a_verdict_of_other_versions_does_not_count(chat: TinyPlacement) -> None:
    [model] = chat.models()
    refuse(chat, model, CPU, "bfloat16", versions={"torch": "1.0", "transformers": "4.0"})
    assert chat.dtype(model, CPU) == "bfloat16"
    refuse(chat, model, CPU, "bfloat16")
    assert chat.dtype(model, CPU) == "float32"
    assert len(verdicts.read(model, chat.weights_dir)) == 1, "the newer one takes its place"


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b"[1]", b'[{"passed": false}]', b"[" * 100_000, b" " * (1 << 21)]
)
def test_broken_verdicts_count_as_none(chat: TinyPlacement, content: bytes) -> None:
    [model] = chat.models()
    (chat.weights_dir / model.id / "checks.json").write_bytes(content)
    assert verdicts.read(model, chat.weights_dir) == []
    assert chat.dtype(model, CPU) == "bfloat16"
    refuse(chat, model, CPU, "bfloat16")
    assert chat.dtype(model, CPU) == "float32"


def test_verdicts_go_with_the_weights(chat: TinyPlacement) -> None:
    [model] = chat.models()
    refuse(chat, model, CPU, "bfloat16")
    weights.remove(model, chat.weights_dir)
    assert verdicts.read(model, chat.weights_dir) == []


@pytest.mark.parametrize("kind", ["encoder", "seq2seq", "classifier", "tagger", "reader"])
def test_every_other_kind_is_compared_by_what_it_gives(
    tmp_path: Path, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "SENTENCES", ("las plantas", "leche", "light", "bebió café"))  # the models are tiny
    monkeypatch.setattr(gate, "QUESTION", "qué")
    install([kind], tmp_path / "models", tmp_path / "scratch")
    model = entry(kind)
    placement = TinyPlacement(tmp_path / "models", "torch", "cpu", threads=1, catalog=(model,))
    reference = take_batch(placement, model)
    assert passed(gate.compare_batch(kind, reference, reference))
    file = weights.path(model, placement.weights_dir) / "model.safetensors"
    save_file({name: -one.flip(0) for name, one in load_file(file).items()}, file, metadata={"format": "pt"})
    assert not passed(gate.compare_batch(kind, take_batch(placement, model), reference))


def take_batch(placement: Placement, model: Model) -> list[Any]:
    engine: Any = placement.start(model, CPU, "float32")
    try:
        return gate.take_batch(engine, model)
    finally:
        engine.close()


class Quantized:
    """E5 with torch's dynamic int8, which is fast and wrong."""

    name, device, alive, memory_bytes = "torch", "cpu", True, 0

    def __init__(self, folder: Path, model: Model, *, quantized: bool) -> None:
        from transformers import BertModel

        from bot.inference.engines.unigram import Unigram

        self._text, self._prefixes = Unigram(folder), model.prefixes
        bert = BertModel.from_pretrained(folder, dtype=torch.float32, add_pooling_layer=False).eval()
        quantize: Any = torch.ao.quantization.quantize_dynamic
        self._bert = quantize(bert, {torch.nn.Linear}, dtype=torch.qint8) if quantized else bert

    def run(self, request: BatchRequest) -> Any:
        assert isinstance(request, EmbedRequest)
        rows = self._text.sentences([self._prefixes[request.purpose] + text for text in request.texts], 512)
        with torch.inference_mode():
            found = [self._bert(input_ids=torch.tensor([row])).last_hidden_state[0].mean(dim=0) for row in rows]
        return torch.nn.functional.normalize(torch.stack(found), dim=1).numpy()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._text.count(texts)

    def close(self) -> None:
        pass


@pytest.mark.weights
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::FutureWarning")
def test_dynamic_int8_is_refused_for_real_sentence_vectors() -> None:
    model, weights_dir = find("multilingual-e5-small"), Settings().weights_dir
    if not weights.installed(model, weights_dir):
        pytest.skip(f"the weights of {model.id} are not in {weights_dir} (python -m bot models pull {model.id})")
    folder = convert.ensure_converted(model, weights_dir)
    reference = take_batch(Placement(weights_dir), model)
    plain, int8 = (
        gate.compare_batch("encoder", gate.take_batch(Quantized(folder, model, quantized=quantized), model), reference)
        for quantized in (False, True)
    )
    assert passed(plain)
    assert not passed(int8)


@pytest.fixture
def command(chat: TinyPlacement, monkeypatch: pytest.MonkeyPatch) -> Model:
    """The command line's catalog has the tiny chat model alone, on torch."""
    [model] = chat.models()
    monkeypatch.setenv("TERTULIA_DATA_DIR", str(chat.weights_dir.parent))
    monkeypatch.setenv("TERTULIA_ENGINE", "torch")
    monkeypatch.setenv("TERTULIA_DEVICE", "cpu")
    monkeypatch.setattr(catalog, "_BY_ID", {model.id: dataclasses.replace(model, context=2048)})
    return model


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(models_cli.app, ["check", *arguments])
    return result.exit_code, result.output


def test_the_command_shows_figures_and_ends_with_one_when_it_refuses(
    command: Model, chat: TinyPlacement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "_DIFFERENCE", 1.0)  # so small a model is far off in bfloat16
    monkeypatch.setattr(gate, "_PERPLEXITY", 2.0)
    monkeypatch.setattr(gate, "_AGREEMENT", 0.0)
    code, output = run(command.id)
    assert (code, "on torch: passed" in output) == (0, True), output
    assert "at most 2" in output

    monkeypatch.setattr(gate, "_DIFFERENCE", 0.0)
    code, output = run(command.id, "--engine", "torch")
    assert code == 1
    assert "WRONG" in output
    assert "REFUSED; from now on it is torch on cpu in float32" in output
    kept = json.loads((chat.weights_dir / command.id / "checks.json").read_text())
    assert [one["passed"] for one in kept] == [False]


def test_the_command_says_what_it_cannot_check(command: Model, chat: TinyPlacement) -> None:
    code, output = run("no-such-model")
    assert (code, "There is no model no-such-model" in output) == (1, True)
    code, output = run(command.id, "--engine", "openvino")
    assert (code, "openvino does not run" in output) == (1, True)
    weights.remove(command, chat.weights_dir)
    code, output = run(command.id)
    assert (code, "is not installed" in output) == (1, True)
    install(["encoder"], chat.weights_dir, chat.weights_dir.parent / "more")
    with pytest.raises(BadInput):
        check(chat, entry("encoder"), "openvino", QUIET)
