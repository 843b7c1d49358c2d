import asyncio
import threading
import weakref
from collections.abc import Sequence
from contextlib import aclosing

import numpy as np
import pytest

from bot.errors import BadInput, BotError, Busy, EngineFailed, ModelMissing, WeightsError
from bot.inference import manager as manager_module
from bot.inference.api import Done, EmbedRequest, Piece, Waiting
from bot.inference.catalog import Model, find
from bot.inference.lane import Lane
from bot.inference.manager import Manager
from bot.inference.slot import Housing, Loaded, Slot
from bot.inference.worker import Worker
from tests.inference.asking import CHAT, ENCODER, Listener, ask, loaded, state, until
from tests.inference.scripted import ScriptedPlacement


async def test_a_model_loads_once_for_all_who_ask(manager: Manager, placement: ScriptedPlacement) -> None:
    listeners = [Listener(manager, ask()) for _ in range(3)]
    for listener in listeners:
        await listener.heard(Waiting("loading"))
    assert state(manager).state == "loading"
    placement.gate.set()
    await until(lambda: placement.chats)
    placement.chats[0].allow(100)
    answers = [await listener.done() for listener in listeners]
    assert [answer.text for answer in answers] == ["0 1 2 "] * 3
    assert len(placement.chats) == 1


async def test_waiting_for_a_load_is_repeated(
    manager: Manager, placement: ScriptedPlacement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manager_module, "_LOADING_NEWS_SECONDS", 0.001)
    listener = Listener(manager, ask())
    await listener.until(lambda events: events.count(Waiting("loading")) >= 3)


async def test_pieces_join_to_the_answer(manager: Manager, placement: ScriptedPlacement) -> None:
    engine = await loaded(manager, placement)
    listener = Listener(manager, ask("corto", tokens=4))
    engine.allow(4)
    answer = await listener.done()
    assert answer.text == listener.text == "0 1 2 3 "
    assert (answer.prompt_tokens, answer.new_tokens, answer.finish) == (5, 4, "length")
    assert 0 <= answer.first_token_s <= answer.seconds


async def test_pieces_that_wait_for_a_slow_reader_are_merged(manager: Manager, placement: ScriptedPlacement) -> None:
    engine = await loaded(manager, placement)
    async with aclosing(manager.stream(ask(tokens=50))) as events:
        engine.allow(1)
        first = await anext(events)
        engine.allow(49)
        await until(lambda: state(manager).running == 0)
        rest = [event async for event in events]
    assert first == Piece("0 ")
    assert [type(event) for event in rest] == [Piece, Done]


@pytest.mark.parametrize("model", ["no-such-model", "qwen2.5-coder-0.5b", ENCODER])
async def test_a_model_that_cannot_chat_here_is_missing(manager: Manager, model: str) -> None:
    with pytest.raises(ModelMissing):
        await anext(manager.stream(ask(model=model)))


async def test_requests_decode_together_and_later_ones_wait(manager: Manager, placement: ScriptedPlacement) -> None:
    engine = await loaded(manager, placement, together=2)
    first, second = Listener(manager, ask("a", 2)), Listener(manager, ask("b", 4))
    await until(lambda: state(manager).running == 2)
    third = Listener(manager, ask("c", 1))
    await third.heard(Waiting("queued", 0))
    fourth = Listener(manager, ask("d", 1))
    await fourth.heard(Waiting("queued", 1))
    assert (state(manager).running, state(manager).queued) == (2, 2)
    engine.allow(2)
    await second.wrote("0 1 ")
    assert (await first.done()).text == "0 1 "
    await fourth.heard(Waiting("queued", 0))
    engine.allow(100)
    assert [(await listener.done()).text for listener in (second, third, fourth)] == ["0 1 2 3 ", "0 ", "0 "]
    assert engine.begun == ["Hola", "a", "b", "c", "d"]


async def test_a_full_queue_refuses_until_someone_leaves(manager: Manager, placement: ScriptedPlacement) -> None:
    engine = await loaded(manager, placement, together=2)
    listeners = [Listener(manager, ask(tokens=1)) for _ in range(4)]
    await until(lambda: (state(manager).running, state(manager).queued) == (2, 2))
    with pytest.raises(Busy):
        await anext(manager.stream(ask()))
    engine.allow(100)
    for listener in listeners:
        await listener.done()
    assert (await Listener(manager, ask(tokens=1)).done()).text == "0 "


async def test_those_who_wait_for_the_load_count_as_queued(manager: Manager, placement: ScriptedPlacement) -> None:
    listeners = [Listener(manager, ask()) for _ in range(4)]
    await listeners[-1].heard(Waiting("loading"))
    with pytest.raises(Busy):
        await anext(manager.stream(ask()))


async def test_closing_while_loading_leaves_the_load_to_others(manager: Manager, placement: ScriptedPlacement) -> None:
    stays = Listener(manager, ask(tokens=1))
    await stays.heard(Waiting("loading"))
    async with aclosing(manager.stream(ask())) as events:
        assert await anext(events) == Waiting("loading")
    assert state(manager).queued == 1
    engine = await loaded(manager, placement)
    engine.allow(100)
    assert (await stays.done()).text == "0 "
    assert engine.begun == ["Hola", "Hola, ¿qué tal?"]


async def test_cancelling_in_the_queue_moves_the_others_up(manager: Manager, placement: ScriptedPlacement) -> None:
    engine = await loaded(manager, placement, together=2)
    running = [Listener(manager, ask("running", 1)) for _ in range(2)]
    await until(lambda: state(manager).running == 2)
    leaves = Listener(manager, ask("leaves"))
    await leaves.heard(Waiting("queued", 0))
    stays = Listener(manager, ask("stays", 1))
    await stays.heard(Waiting("queued", 1))
    leaves.task.cancel()
    await stays.heard(Waiting("queued", 0))
    engine.allow(100)
    for listener in [*running, stays]:
        await listener.done()
    assert "leaves" not in engine.begun


async def test_cancelling_frees_the_place_at_the_next_step(manager: Manager, placement: ScriptedPlacement) -> None:
    engine = await loaded(manager, placement, together=2)
    leaves, stays = Listener(manager, ask("leaves", 1000)), Listener(manager, ask("stays", 1000))
    await until(lambda: state(manager).running == 2)
    follows = Listener(manager, ask("follows", 1))
    await follows.heard(Waiting("queued", 0))
    engine.allow(1)
    await leaves.wrote("0 ")
    leaves.task.cancel()
    await asyncio.wait({leaves.task})
    engine.allow(2)  # the step in progress, if there is one, and the next
    assert (await follows.done()).text == "0 "
    assert engine.cancelled.is_set()
    assert not stays.task.done()
    stays.task.cancel()


async def test_a_broken_engine_reaches_everyone_and_is_loaded_again(
    manager: Manager, placement: ScriptedPlacement
) -> None:
    broken = await loaded(manager, placement)
    listeners = [Listener(manager, ask()) for _ in range(3)]
    await listeners[2].heard(Waiting("queued", 0))
    broken.step_failures.append(RuntimeError("the engine broke"))
    broken.allow(1)
    for listener in listeners:
        with pytest.raises(EngineFailed):
            await listener.done()
    await until(broken.closed.is_set)
    await until(lambda: state(manager).state == "loaded")  # nobody asked for it
    assert len(placement.chats) == 2
    again = Listener(manager, ask(tokens=1))
    placement.chats[1].allow(100)
    assert (await again.done()).text == "0 "


@pytest.mark.parametrize(
    ("failure", "seen"), [(WeightsError("error-weights-convert"), WeightsError), (OSError("no memory"), EngineFailed)]
)
async def test_a_failed_load_reaches_everyone_and_is_tried_again(
    manager: Manager, placement: ScriptedPlacement, failure: Exception, seen: type[BotError]
) -> None:
    placement.failures.append(failure)
    listeners = [Listener(manager, ask()) for _ in range(2)]
    for listener in listeners:
        await listener.heard(Waiting("loading"))
    placement.gate.set()
    for listener in listeners:
        with pytest.raises(seen):
            await listener.done()
    assert state(manager).state == "failed"
    assert await loaded(manager, placement) is placement.chats[0]
    assert state(manager).state == "loaded"


@pytest.mark.parametrize(("text", "seen"), [("too long", BadInput), ("odd", EngineFailed)])
async def test_a_request_that_cannot_begin_fails_alone(
    manager: Manager, placement: ScriptedPlacement, text: str, seen: type[BotError]
) -> None:
    engine = await loaded(manager, placement)
    stays = Listener(manager, ask("stays", 2))
    await until(lambda: state(manager).running == 1)
    refused = Listener(manager, ask(text))
    engine.allow(2)
    with pytest.raises(seen):
        await refused.done()
    engine.allow(2)
    assert (await stays.done()).text == "0 1 "
    assert state(manager).state == "loaded"


async def test_closing_fails_what_is_in_progress(manager: Manager, placement: ScriptedPlacement) -> None:
    engine = await loaded(manager, placement, together=2)
    listeners = [Listener(manager, ask(tokens=1_000_000)) for _ in range(3)]
    await listeners[2].heard(Waiting("queued", 0))
    engine.allow(10_000)
    await listeners[0].until(lambda events: events)
    await manager.close()
    for listener in listeners:
        with pytest.raises(EngineFailed):
            await listener.done()
    assert engine.closed.is_set()
    with pytest.raises(EngineFailed):
        await anext(manager.stream(ask()))


async def test_closing_does_not_wait_for_an_engine_that_hangs(manager: Manager, placement: ScriptedPlacement) -> None:
    engine = await loaded(manager, placement)
    listener = Listener(manager, ask())
    await until(lambda: state(manager).running == 1)
    await asyncio.wait_for(manager.close(timeout=0.01), 60)
    with pytest.raises(EngineFailed):
        await listener.done()
    assert engine.closed.is_set()  # in the middle of its step
    assert "scripted-chat" not in [thread.name for thread in threading.enumerate()]


async def test_closing_during_a_load_closes_what_it_brings(manager: Manager, placement: ScriptedPlacement) -> None:
    listener = Listener(manager, ask())
    await until(placement.loading.is_set)
    await manager.close()
    with pytest.raises(EngineFailed):
        await listener.done()
    placement.gate.set()
    await until(lambda: placement.chats and placement.chats[0].closed.is_set())


async def test_states_tell_what_is_here(manager: Manager, placement: ScriptedPlacement) -> None:
    assert {state.id for state in manager.states() if state.state == "installed"} == {CHAT, ENCODER}
    assert state(manager, "qwen2.5-coder-0.5b").state == "missing"
    await loaded(manager, placement)
    seen = state(manager)
    assert (seen.state, seen.kind, seen.engine, seen.device, seen.memory_bytes) == (
        "loaded",
        "chat",
        "scripted",
        "cpu",
        7,
    )


async def test_preload_goes_on_after_a_failure(manager: Manager, placement: ScriptedPlacement) -> None:
    await manager.preload(["no-such-model", "qwen2.5-coder-0.5b", ENCODER])
    assert state(manager, ENCODER).state == "loaded"


async def test_vectors_keep_their_order_over_groups(manager: Manager, placement: ScriptedPlacement) -> None:
    texts = tuple("x" * n for n in range(1, 301))
    vectors = await manager.embed(EmbedRequest(ENCODER, texts))
    np.testing.assert_array_equal(vectors[:, 0], np.arange(1, 301))
    assert placement.encoders[0].groups == [1, *[32] * 9, 12]  # the warm-up first


async def test_no_texts_have_no_vectors(manager: Manager) -> None:
    assert (await manager.embed(EmbedRequest(ENCODER, ()))).shape == (0, find(ENCODER).dimensions)


async def test_a_broken_encoder_is_loaded_again(manager: Manager, placement: ScriptedPlacement) -> None:
    with pytest.raises(EngineFailed):
        await manager.embed(EmbedRequest(ENCODER, ("break",)))
    assert (await manager.embed(EmbedRequest(ENCODER, ("texto",))))[0, 0] == 5
    assert len(placement.encoders) == 2


async def test_embedding_with_a_chat_model_is_refused(manager: Manager) -> None:
    with pytest.raises(ModelMissing):
        await manager.embed(EmbedRequest(CHAT, ("texto",)))


async def test_tokens_are_counted_without_the_model_where_a_tokenizer_is_enough(
    manager: Manager, placement: ScriptedPlacement
) -> None:
    placement.counters.append(lambda texts: [42 for _ in texts])
    assert await manager.count_tokens(CHAT, ["uno dos"]) == [42]
    assert placement.chats == []


async def test_a_tokenizer_is_dropped_once_its_model_is_loaded(manager: Manager, placement: ScriptedPlacement) -> None:
    def counter(texts: Sequence[str]) -> list[int]:
        return [42 for _ in texts]

    kept = weakref.ref(counter)
    placement.counters.append(counter)
    assert await manager.count_tokens(CHAT, ["uno dos"]) == [42]
    del counter
    placement.counters.clear()
    assert kept() is not None
    await loaded(manager, placement)
    await until(lambda: kept() is None)


async def test_half_a_character_is_refused_before_any_engine(manager: Manager, placement: ScriptedPlacement) -> None:
    half = "\ud83d"
    with pytest.raises(BadInput):
        await anext(manager.stream(ask(half)))
    with pytest.raises(BadInput):
        await manager.embed(EmbedRequest(ENCODER, ("texto", half)))
    with pytest.raises(BadInput):
        await manager.count_tokens(ENCODER, ["texto", half])
    assert placement.loads == []


async def test_a_closed_lane_refuses_calls() -> None:
    lane = Lane("closed")
    lane.close()
    with pytest.raises(EngineFailed):
        await lane.run(int)


async def test_a_closed_slot_loads_nothing() -> None:
    async def load(model: Model) -> Loaded[Worker]:
        raise AssertionError(model)

    async def end(loaded: Loaded[Worker], seconds: float) -> None:
        raise AssertionError(loaded)

    slot = Slot(find(CHAT), Housing(load, end), 1)
    await slot.close(0)
    with pytest.raises(EngineFailed):
        slot.load()


async def test_tokens_are_counted_by_the_model_where_it_is_needed(
    manager: Manager, placement: ScriptedPlacement
) -> None:
    placement.gate.set()
    assert await manager.count_tokens(CHAT, ["uno dos", ""]) == [2, 0]
    assert await manager.count_tokens(ENCODER, ["uno"]) == [3]
    assert len(placement.chats) == 1


async def test_tokens_are_counted_by_a_model_that_is_on_its_way(manager: Manager, placement: ScriptedPlacement) -> None:
    placement.counters.append(lambda texts: [42 for _ in texts])  # a second tokenizer, which nobody needs then
    preloading = asyncio.create_task(manager.preload([CHAT]))
    await until(placement.loading.is_set)
    counting = asyncio.create_task(manager.count_tokens(CHAT, ["uno dos"]))
    placement.gate.set()
    assert await counting == [2]
    await preloading


async def test_preloading_waits_while_somebody_is_answered(
    manager: Manager, placement: ScriptedPlacement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manager_module, "_QUIET_SECONDS", 0.01)
    listener = Listener(manager, ask(tokens=2))
    await listener.heard(Waiting("loading"))
    preloading = asyncio.create_task(manager.preload([CHAT, ENCODER]))
    placement.gate.set()
    await until(lambda: placement.chats)
    placement.chats[0].allow(1)
    await listener.wrote("0 ")
    assert placement.loads == [CHAT]
    placement.chats[0].allow(1)
    await listener.done()
    await preloading
    assert placement.loads == [CHAT, ENCODER]


async def test_an_engine_that_died_while_idle_is_loaded_again(manager: Manager, placement: ScriptedPlacement) -> None:
    dead = await loaded(manager, placement)
    dead.alive = False
    assert state(manager).state == "failed"
    listener = Listener(manager, ask())
    await until(lambda: len(placement.chats) == 2)
    placement.chats[-1].allow(100)
    await listener.done()
    assert state(manager).state == "loaded"
    await until(dead.closed.is_set)
