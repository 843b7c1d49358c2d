"""Continuous batching on the CPU: slower there than TorchChat's batch, and the same code as on a GPU."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from bot.errors import BadInput, OutOfMemory
from bot.inference.api import ChatRequest, Turn
from bot.inference.engines.protocol import Output
from bot.inference.engines.torch_continuous import TorchContinuous
from bot.inference.engines.torch_draws import DrawnTokens, Draws
from tests.inference.tiny_models import write_chat_model

PROMPTS = ("hola", "¿Qué es la fotosíntesis?", "El niño comió una piña y bebió café " * 3)
SCHEMA = '{"type": "object", "properties": {"n": {"type": "integer", "minimum": 0, "maximum": 99}}, "required": ["n"]}'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_chat_model(tmp_path_factory.mktemp("chat"))


@pytest.fixture
def engine(folder: Path) -> Iterator[TorchContinuous]:
    engine = TorchContinuous(folder, context=512, device="cpu", dtype="float32", threads=1)
    yield engine
    engine.close()


def ask(text: str, tokens: int = 12, temperature: float = 0.0, seed: int = 0, schema: str = "") -> ChatRequest:
    return ChatRequest("tiny", (Turn("user", text),), tokens, temperature, seed=seed, schema=schema)


def finish(engine: TorchContinuous, wanted: int) -> tuple[dict[int, str], dict[int, list[Output]]]:
    """Step until so many have ended; returns their texts and outputs."""
    outputs: dict[int, list[Output]] = {}
    ended = 0
    for _ in range(2_000):
        for output in engine.step():
            outputs.setdefault(output.key, []).append(output)
            ended += output.finish is not None
        if ended == wanted:
            return {key: "".join(one.text for one in some) for key, some in outputs.items()}, outputs
    raise AssertionError(f"only {ended} of {wanted} ended")


def reference(folder: Path, text: str, tokens: int) -> str:
    """What transformers' own generate writes, one request alone."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    turns = [{"role": "user", "content": text}]
    inputs = tokenizer.apply_chat_template(turns, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    ids = model.generate(**inputs, max_new_tokens=tokens, do_sample=False)
    return str(tokenizer.decode(ids[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True))


def test_many_at_once_write_what_they_would_alone(engine: TorchContinuous, folder: Path) -> None:
    lengths = (20, 6, 13)
    for key in range(30):
        assert engine.begin(key, ask(PROMPTS[key % 3], lengths[key % 3])) > 5
    texts, outputs = finish(engine, 30)
    expected = [reference(folder, prompt, tokens) for prompt, tokens in zip(PROMPTS, lengths, strict=True)]
    assert [texts[key] for key in range(30)] == expected * 10
    assert len(set(expected)) == 3
    assert {some[-1].finish for some in outputs.values()} == {"length"}
    assert [sum(one.new_tokens for one in outputs[key]) for key in range(3)] == list(lengths)


def test_answers_come_token_by_token_and_requests_join_running_ones(engine: TorchContinuous, folder: Path) -> None:
    engine.begin(0, ask(PROMPTS[0], 60))
    first = engine.step()
    while not first:
        first = engine.step()
    assert sum(output.new_tokens for output in first) < 60
    engine.begin(1, ask(PROMPTS[1], 8))
    texts, outputs = finish(engine, 2)
    assert texts[1] == reference(folder, PROMPTS[1], 8)
    assert "".join(output.text for output in first) + texts[0] == reference(folder, PROMPTS[0], 60)
    assert len(outputs[1]) == 8


def free_blocks(engine: TorchContinuous) -> int:
    """Pages that no running request holds: free ones, and those that are kept only to be shared."""
    cache = engine._manager.batch_processor.cache
    with engine._manager.pause():
        cache.evict_cached_blocks()
        cache.pool.try_to_free_sectors()
        return int(cache.pool.num_free_sectors)


def test_cancel_frees_the_pages(engine: TorchContinuous, folder: Path) -> None:
    before = free_blocks(engine)
    engine.begin(0, ask(PROMPTS[0], 400))
    engine.begin(1, ask(PROMPTS[1], 400))
    while not any(output.key == 0 for output in engine.step()):
        pass
    assert free_blocks(engine) < before
    engine.cancel(0)
    engine.cancel(0)
    engine.begin(2, ask(PROMPTS[2], 12))
    engine.cancel(1)
    texts, _ = finish(engine, 1)
    assert texts == {2: reference(folder, PROMPTS[2], 12)}
    assert engine.step() == []
    assert free_blocks(engine) == before
    engine.begin(0, ask(PROMPTS[1], 12))  # the same key again: nothing of the cancelled one comes
    assert finish(engine, 1)[0] == {0: reference(folder, PROMPTS[1], 12)}


def test_sampling_follows_each_seed_beside_greedy_answers(engine: TorchContinuous, folder: Path) -> None:
    for key, seed in enumerate((1, 1, 2)):
        engine.begin(key, ask("hola", 20, temperature=1.5, seed=seed))
    engine.begin(3, ask("hola", 20))
    texts, _ = finish(engine, 4)
    assert texts[0] == texts[1] != texts[2]
    assert texts[3] == reference(folder, "hola", 20)
    engine.begin(0, ask("hola", 20, temperature=1.5, seed=2))  # alone now
    assert finish(engine, 1)[0][0] == texts[2]


def test_draws_follow_the_probabilities_inside_the_nucleus() -> None:
    logits = torch.log(torch.tensor([0.05, 0.5, 0.15, 0.3])).expand(2_000, 4)
    drawn = Draws.of(ChatRequest("tiny", (), temperature=1.0, top_p=0.7, seed=3))
    assert drawn is not None
    numbers = torch.tensor([drawn.next() for _ in range(2_000)]).T.contiguous()
    tokens = DrawnTokens()(torch.empty(0), logits, numbers.view(torch.int32)).argmax(dim=-1)
    shares = torch.bincount(tokens, minlength=4) / 2_000
    torch.testing.assert_close(shares, torch.tensor([0.0, 0.625, 0.0, 0.375]), atol=0.04, rtol=0)


def test_schemas_are_obeyed_beside_free_answers(engine: TorchContinuous, folder: Path) -> None:
    for key in range(6):
        engine.begin(key, ask(PROMPTS[key % 3], 30, temperature=1.5 * (key % 2), seed=key, schema=SCHEMA * (key % 2)))
    texts, outputs = finish(engine, 6)
    for key in (1, 3, 5):
        assert 0 <= json.loads(texts[key])["n"] <= 99
        assert outputs[key][-1].finish == "stop"
    for key in (0, 2, 4):
        assert texts[key] == reference(folder, PROMPTS[key % 3], 30)
    engine.begin(0, ask("hola", 30, schema=SCHEMA))
    engine.cancel(0)
    assert engine.step() == []


def test_a_prompt_that_begins_like_another_shares_its_pages(engine: TorchContinuous, folder: Path) -> None:
    calls: list[int] = []

    def count(_module: Any, _args: Any, kwargs: dict[str, Any]) -> None:
        calls.append(kwargs["input_ids"].shape[1])

    engine.begin(0, ask(PROMPTS[2], 4))
    finish(engine, 1)
    engine._model.register_forward_pre_hook(count, with_kwargs=True)
    length = engine.begin(0, ask(PROMPTS[2] + " con leche", 4))
    texts, _ = finish(engine, 1)
    assert calls[0] < length / 2
    assert texts[0] == reference(folder, PROMPTS[2] + " con leche", 4)


@pytest.mark.parametrize("call", [1, 2, 5])
def test_after_running_out_of_memory_the_answers_go_on(engine: TorchContinuous, folder: Path, call: int) -> None:
    calls: list[int] = []

    def fail(*_: Any) -> None:
        calls.append(len(calls))
        if len(calls) == call:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB.")

    engine._model.model.layers[-1].register_forward_pre_hook(fail)
    for key in range(3):
        engine.begin(key, ask(PROMPTS[key], 20))
    before: list[Output] = []
    with pytest.raises(OutOfMemory):
        step_on(engine, before)
    engine.cancel(1)
    texts, _ = finish(engine, 2)
    for key in (0, 2):
        early = "".join(output.text for output in before if output.key == key)
        assert early + texts[key] == reference(folder, PROMPTS[key], 20)


def step_on(engine: TorchContinuous, outputs: list[Output]) -> None:
    for _ in range(500):
        outputs += engine.step()


def test_another_failure_breaks_the_engine(engine: TorchContinuous) -> None:
    engine._model.model.layers[-1].register_forward_pre_hook(lambda *_: 1 / 0)
    engine.begin(0, ask("hola"))
    with pytest.raises(ZeroDivisionError):
        step_on(engine, [])


def test_what_cannot_be_asked_is_refused(engine: TorchContinuous) -> None:
    with pytest.raises(BadInput):
        engine.begin(0, ask("piña " * 300))
    with pytest.raises(BadInput):
        engine.begin(0, ask("hola", schema="{"))
    assert engine.step() == []


def test_the_cache_is_bounded(engine: TorchContinuous) -> None:
    weights = sum(parameter.nbytes for parameter in engine._model.parameters())
    a_token = 2 * 2 * 2 * 8 * 4  # keys and values, layers, heads, size, bytes
    assert 0 < engine.memory_bytes - weights <= (16_384 + 64) * a_token
