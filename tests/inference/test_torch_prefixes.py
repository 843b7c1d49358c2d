"""What a chat engine remembers of past conversations, and what it does when memory runs out."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch

from bot.errors import OutOfMemory
from bot.inference.api import ChatRequest, Turn
from bot.inference.engines import torch_chat
from bot.inference.engines.torch_chat import TorchChat
from bot.inference.engines.torch_prefixes import Prefixes
from tests.inference.tiny_models import write_chat_model

FIRST = (Turn("system", "Eres amable y breve."), Turn("user", "El niño comió una piña y bebió café " * 3))
OTHER = (Turn("user", "¿Qué es la fotosíntesis?"),)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_chat_model(tmp_path_factory.mktemp("chat"))


@pytest.fixture
def engine(folder: Path) -> TorchChat:
    return TorchChat(folder, context=512, device="cpu", dtype="float32", threads=1)


def ask(turns: tuple[Turn, ...], tokens: int = 12) -> ChatRequest:
    return ChatRequest("tiny", turns, tokens, temperature=0)


def run(engine: TorchChat, *requests: ChatRequest) -> list[str]:
    for key, request in enumerate(requests):
        engine.begin(key, request)
    return finish(engine, len(requests))


def finish(engine: TorchChat, wanted: int) -> list[str]:
    """Step until so many have ended, again where memory runs out; returns their texts."""
    texts, ended = [""] * wanted, 0
    for _ in range(300):
        try:
            outputs = engine.step()
        except OutOfMemory:
            continue
        for output in outputs:
            texts[output.key] += output.text
            ended += output.finish is not None
        if ended == wanted:
            return texts
    raise AssertionError(f"only {ended} of {wanted} ended")


@contextmanager
def counted(engine: TorchChat) -> Iterator[list[int]]:
    """Count the tokens that each call of the model reads."""
    sizes: list[int] = []

    def count(_module: Any, _args: Any, kwargs: dict[str, Any]) -> None:
        sizes.append(kwargs["input_ids"].shape[1])

    handle = engine._model.register_forward_pre_hook(count, with_kwargs=True)
    yield sizes
    handle.remove()


def test_a_second_turn_reads_only_what_is_new(engine: TorchChat, folder: Path) -> None:
    (answer,) = run(engine, ask(FIRST))
    turns = (*FIRST, Turn("assistant", answer), Turn("user", "¿Y tú?"))
    old, new = (len(engine._text.prompt(asked)) for asked in (FIRST, turns))
    with counted(engine) as sizes:
        (second,) = run(engine, ask(turns))
    assert sizes[0] <= new - old
    fresh = TorchChat(folder, context=512, device="cpu", dtype="float32", threads=1)
    assert run(fresh, ask(turns)) == [second]


def test_the_same_prompt_again_reads_one_token_and_answers_alike(engine: TorchChat) -> None:
    alone = run(engine, ask(FIRST))
    with counted(engine) as sizes:
        assert run(engine, ask(FIRST)) == alone
    assert set(sizes) == {1}


def test_rows_of_a_batch_are_remembered_apart(engine: TorchChat, folder: Path) -> None:
    texts = run(engine, ask(FIRST, 9), ask(OTHER, 14), ask(FIRST[1:], 5))
    with counted(engine) as sizes:
        again = run(engine, ask(FIRST, 9), ask(OTHER, 14), ask(FIRST[1:], 5))
    assert again == texts
    assert set(sizes) == {1}
    fresh = TorchChat(folder, context=512, device="cpu", dtype="float32", threads=1)
    assert run(fresh, ask(OTHER, 14)) == [texts[1]]


@pytest.mark.parametrize("steps", [1, 2, 5])
def test_what_a_cancelled_request_read_is_remembered(
    engine: TorchChat, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    monkeypatch.setattr(torch_chat, "_PROMPT_TOKENS_PER_STEP", 60)  # so that one step reads a part
    length = engine.begin(7, ask(FIRST))
    for _ in range(steps):
        engine.step()
    engine.cancel(7)
    with counted(engine) as sizes:
        run(engine, ask(FIRST))
    assert sum(sizes[:-11]) == max(1, length - 60 * steps)


def test_no_more_is_remembered_than_the_limit_and_the_oldest_goes_first() -> None:
    prefixes = Prefixes(limit=10)

    def keep(*ids: int) -> None:
        entries = torch.tensor(ids, dtype=torch.float32).view(1, 1, -1, 1)
        prefixes.keep(list(ids), [(entries, -entries)])

    def found(*ids: int) -> list[float]:
        length, cache = prefixes.find(ids)
        keys: list[float] = [] if cache is None else cache.layers[0].keys.flatten().tolist()
        assert len(keys) == length
        return keys

    keep(1, 2, 3, 4)
    keep(1, 2, 9, 9)
    assert found(1, 2, 3, 4) == [1, 2, 3]  # the last is read again
    assert found(1, 2, 3, 5, 6) == [1, 2, 3]
    assert found(7, 8) == []
    keep(1, 2, 3)  # known already
    assert prefixes.tokens == 8
    keep(6, 6, 6, 6)  # the one with nines was not used for the longest time
    assert prefixes.tokens == 8
    assert found(1, 2, 9, 9) == [1, 2]
    keep(1, 2, 3, 4, 5, 6)  # takes the place of its own beginning
    assert prefixes.tokens == 10
    keep(*range(20, 31))  # more than all
    assert prefixes.tokens == 10
    prefixes.clear()
    assert found(1, 2, 3) == []


@contextmanager
def scarce(engine: TorchChat, call: int) -> Iterator[list[int]]:
    """Let the last layer fail as the allocator does in its `call`-th call, when the layers before have done theirs."""
    calls: list[int] = []

    def fail(*_: Any) -> None:
        calls.append(len(calls))
        if len(calls) == call:
            raise RuntimeError("[enforce fail at alloc_cpu.cpp:124] DefaultCPUAllocator: can't allocate memory")

    handle = engine._model.model.layers[-1].register_forward_pre_hook(fail)
    yield calls
    handle.remove()


@pytest.mark.parametrize("call", range(1, 16))
def test_a_step_that_ran_out_of_memory_can_be_tried_again(engine: TorchChat, folder: Path, call: int) -> None:
    requests = [ask(FIRST, 5), ask(OTHER, 9), ask(FIRST[1:], 7)]
    expected = run(TorchChat(folder, context=512, device="cpu", dtype="float32", threads=1), *requests)
    with scarce(engine, call) as calls:
        assert run(engine, *requests) == expected
    assert len(calls) > 9
    assert run(engine, *requests) == expected


def step_on(engine: TorchChat, texts: list[str]) -> None:
    while outputs := engine.step():
        texts += [output.text for output in outputs if output.key == 0]


@pytest.mark.parametrize("call", [1, 2, 3, 4, 6])
def test_a_request_that_ran_out_of_memory_can_be_cancelled(engine: TorchChat, call: int) -> None:
    alone = run(engine, ask(OTHER, 9))
    engine.begin(0, ask(OTHER, 9))
    engine.begin(1, ask(FIRST, 9))
    texts: list[str] = []
    with scarce(engine, call), pytest.raises(OutOfMemory):
        step_on(engine, texts)
    assert engine._prefixes.tokens == 0
    engine.cancel(1)
    assert ["".join(texts) + finish(engine, 1)[0]] == alone
    assert engine.step() == []


def test_other_errors_are_not_taken_for_it(engine: TorchChat) -> None:
    engine.begin(0, ask(OTHER))
    engine._model.model.layers[-1].register_forward_pre_hook(lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        engine.step()
