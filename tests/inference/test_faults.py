"""What goes wrong around a model, and what of it people get to feel."""

import asyncio
import threading
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from bot.errors import Busy, EngineFailed, ModelMissing, OutOfMemory
from bot.inference.api import EmbedRequest, Waiting
from bot.inference.catalog import find
from bot.inference.manager import Manager
from tests.inference.asking import CHAT, ENCODER, Listener, ask, install, loaded, state, until
from tests.inference.conftest import closed
from tests.inference.scripted import ScriptedBatch, ScriptedChat, ScriptedPlacement

GREETING = EmbedRequest(ENCODER, ("texto",))


@pytest.fixture
async def large(weights_dir: Path, placement: ScriptedPlacement) -> AsyncGenerator[Manager, None]:
    """Four requests run at once, and a hundred may wait."""
    manager = Manager(weights_dir, max_running=4, max_queued=100, placement=placement)
    yield manager
    await closed(manager, placement)


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


# Loading


async def test_a_load_that_fails_half_way_gives_everything_back(manager: Manager, placement: ScriptedPlacement) -> None:
    halves: list[ScriptedChat | ScriptedBatch] = []

    def spoil(engine: ScriptedChat | ScriptedBatch) -> None:
        assert isinstance(engine, ScriptedChat)
        engine.step_failures.append(RuntimeError("half-way"))
        halves.append(engine)

    placement.prepare.append(spoil)
    placement.gate.set()
    with pytest.raises(EngineFailed, match="error-load-failed"):
        await Listener(manager, ask()).done()
    assert halves[0].closed.is_set()
    assert state(manager).state == "failed"
    assert manager.status().memory_bytes == 0
    engine = await loaded(manager, placement)
    engine.allow(1)
    assert (await Listener(manager, ask(tokens=1)).done()).text == "0 "


async def test_weights_that_vanish_while_the_model_is_loaded_are_not_missed(
    manager: Manager, placement: ScriptedPlacement, weights_dir: Path
) -> None:
    await manager.embed(GREETING)
    (weights_dir / ENCODER / find(ENCODER).file).unlink()
    assert (await manager.embed(GREETING))[0, 0] == 5


async def test_weights_that_vanish_between_loads_are_missing_until_they_are_back(
    weights_dir: Path, placement: ScriptedPlacement
) -> None:
    manager = Manager(weights_dir, placement=placement, idle_seconds=0.001)
    await manager.embed(GREETING)
    (weights_dir / ENCODER / find(ENCODER).file).unlink()
    await until(lambda: state(manager, ENCODER).state == "missing")
    with pytest.raises(ModelMissing):
        await manager.embed(GREETING)
    (weights_dir / ENCODER).rmdir()
    install(weights_dir, find(ENCODER))
    assert (await manager.embed(GREETING))[0, 0] == 5
    await manager.close()


async def test_out_of_memory_at_a_load_evicts_and_tries_again(manager: Manager, placement: ScriptedPlacement) -> None:
    await manager.embed(GREETING)
    before = counted("tertulia_evictions_total", model=ENCODER, reason="memory")
    placement.failures.append(OutOfMemory())
    await loaded(manager, placement)
    assert state(manager).state == "loaded"
    assert state(manager, ENCODER).state == "installed"
    assert placement.loads == [ENCODER, CHAT, CHAT]
    assert counted("tertulia_evictions_total", model=ENCODER, reason="memory") == before + 1


async def test_out_of_memory_at_both_tries_is_told_and_the_next_request_tries_again(
    manager: Manager, placement: ScriptedPlacement
) -> None:
    placement.failures.extend([OutOfMemory(), OutOfMemory()])
    listeners = [Listener(manager, ask()) for _ in range(2)]
    await listeners[1].heard(Waiting("loading"))
    placement.gate.set()
    for listener in listeners:
        with pytest.raises(OutOfMemory):
            await listener.done()
    assert placement.loads == [CHAT, CHAT]
    assert manager.status().memory_bytes == 0
    await loaded(manager, placement)
    assert state(manager).state == "loaded"


# Out of memory at work


async def test_out_of_memory_in_a_step_evicts_the_idle_and_goes_on(
    manager: Manager, placement: ScriptedPlacement
) -> None:
    engine = await loaded(manager, placement)
    await manager.embed(GREETING)
    listener = Listener(manager, ask(tokens=2))
    await until(engine.stepping.is_set)
    engine.step_failures.append(OutOfMemory())
    engine.allow(3)
    assert (await listener.done()).text == "0 1 "
    assert placement.encoders[0].closed.is_set()
    assert len(placement.chats) == 1


async def test_out_of_memory_twice_in_a_step_fails_those_that_run_and_no_others(
    manager: Manager, placement: ScriptedPlacement
) -> None:
    engine = await loaded(manager, placement, together=2)
    running = [Listener(manager, ask(f"runs {n}", 100)) for n in range(2)]
    await until(lambda: state(manager).running == 2)
    waits = Listener(manager, ask("waits", 1))
    await waits.heard(Waiting("queued", 0))
    engine.step_failures.extend([OutOfMemory(), OutOfMemory()])
    engine.allow(3)
    for listener in running:
        with pytest.raises(OutOfMemory):
            await listener.done()
    assert (await waits.done()).text == "0 "
    assert engine.left == {}
    assert placement.chats == [engine]


@pytest.mark.parametrize("times", [1, 2])
async def test_out_of_memory_as_a_request_begins(manager: Manager, placement: ScriptedPlacement, times: int) -> None:
    engine = await loaded(manager, placement)
    stays = Listener(manager, ask("stays", 3))
    await until(engine.stepping.is_set)
    engine.begin_failures.extend([OutOfMemory()] * times)
    comes = Listener(manager, ask("comes", 1))
    engine.allow(100)
    if times == 1:
        assert (await comes.done()).text == "0 "
    else:
        with pytest.raises(OutOfMemory):
            await comes.done()
    assert (await stays.done()).text == "0 1 2 "
    assert placement.chats == [engine]


async def test_out_of_memory_in_a_batch(manager: Manager, placement: ScriptedPlacement) -> None:
    chat = await loaded(manager, placement)
    await manager.embed(GREETING)
    placement.encoders[0].failures.append(OutOfMemory())
    assert (await manager.embed(GREETING))[0, 0] == 5
    assert chat.closed.is_set()  # it was idle, and its memory was wanted
    placement.encoders[0].failures.extend([OutOfMemory(), OutOfMemory()])
    with pytest.raises(OutOfMemory):
        await manager.embed(GREETING)
    assert (await manager.embed(GREETING))[0, 0] == 5
    assert len(placement.encoders) == 1


# Engines that break


async def test_an_engine_that_breaks_again_and_again_is_not_loaded_for_ever(
    manager: Manager, placement: ScriptedPlacement
) -> None:
    for times in range(1, 5):
        with pytest.raises(EngineFailed):
            await manager.embed(EmbedRequest(ENCODER, ("break",)))
        await until(placement.encoders[times - 1].closed.is_set)
        if times < 4:
            await until(lambda: state(manager, ENCODER).state == "loaded")
    await until(lambda: "scripted-batch" not in [thread.name for thread in threading.enumerate()])
    await asyncio.sleep(0)  # by now the loop has heard that the fourth one broke
    assert state(manager, ENCODER).state == "failed"
    assert len(placement.encoders) == 4
    assert (await manager.embed(GREETING))[0, 0] == 5  # a request that goes well: it counts from the beginning
    with pytest.raises(EngineFailed):
        await manager.embed(EmbedRequest(ENCODER, ("break",)))
    await until(lambda: len(placement.encoders) == 6)


async def test_a_reload_that_fails_leaves_nobody_hanging(manager: Manager, placement: ScriptedPlacement) -> None:
    engine = await loaded(manager, placement)
    listener = Listener(manager, ask())
    await until(engine.stepping.is_set)
    placement.failures.append(OSError("the disk is gone"))
    engine.step_failures.append(RuntimeError("broken"))
    engine.allow(1)
    with pytest.raises(EngineFailed):
        await listener.done()
    await until(lambda: not placement.failures and state(manager).state == "failed")
    await loaded(manager, placement)
    assert len(placement.chats) == 2


async def test_an_engine_that_cannot_even_close_is_replaced(manager: Manager, placement: ScriptedPlacement) -> None:
    engine = await loaded(manager, placement)
    listener = Listener(manager, ask())
    await until(engine.stepping.is_set)
    engine.close_failure = OSError("no such process")
    engine.step_failures.append(RuntimeError("broken"))
    engine.allow(1)
    with pytest.raises(EngineFailed):
        await listener.done()
    await until(lambda: len(placement.chats) == 2 and state(manager).state == "loaded")


async def test_a_batch_engine_that_died_idle_is_loaded_again(manager: Manager, placement: ScriptedPlacement) -> None:
    await manager.embed(GREETING)
    placement.encoders[0].alive = False
    assert state(manager, ENCODER).state == "failed"
    assert (await manager.embed(GREETING))[0, 0] == 5
    assert len(placement.encoders) == 2


async def test_an_engine_that_dies_as_a_request_begins_is_loaded_again(
    manager: Manager, placement: ScriptedPlacement
) -> None:
    engine = await loaded(manager, placement)

    def die(text: str) -> None:
        engine.alive = False
        raise EngineFailed

    engine.on_begin = die
    with pytest.raises(EngineFailed):
        await Listener(manager, ask()).done()
    await until(lambda: len(placement.chats) == 2 and state(manager).state == "loaded")


# Cancelling


async def test_cancelled_in_the_prefill(manager: Manager, placement: ScriptedPlacement) -> None:
    engine = await loaded(manager, placement)
    leaves = Listener(manager, ask("leaves", 100))
    await until(engine.stepping.is_set)  # in the first step, before any token
    await leaves.leave()
    assert leaves.events == []
    engine.allow(1)
    await until(engine.cancelled.is_set)
    assert engine.left == {}
    engine.allow(1)
    assert (await Listener(manager, ask("next", 1)).done()).text == "0 "


async def test_cancelled_while_it_begins(manager: Manager, placement: ScriptedPlacement) -> None:
    engine = await loaded(manager, placement)
    begins, go_on = threading.Event(), threading.Event()

    def hold(text: str) -> None:
        if text == "leaves":
            begins.set()
            go_on.wait(60)

    engine.on_begin = hold
    leaves = Listener(manager, ask("leaves", 100))
    await until(begins.is_set)
    await leaves.leave()
    go_on.set()
    await until(engine.cancelled.is_set)
    assert engine.left == {}


async def test_cancelled_before_its_turn_to_begin(manager: Manager, placement: ScriptedPlacement) -> None:
    engine = await loaded(manager, placement, together=1)
    begins, go_on = threading.Event(), threading.Event()

    def hold(text: str) -> None:
        if text == "first":
            begins.set()
            go_on.wait(60)

    runs = Listener(manager, ask("runs", 2))
    await until(engine.stepping.is_set)
    runs_too = Listener(manager, ask("runs too", 1))
    waiting = [Listener(manager, ask(text, 1)) for text in ("first", "second")]
    await waiting[1].heard(Waiting("queued", 1))
    engine.on_begin = hold
    engine.allow(2)  # both places become free at once, and the next two are admitted together
    await until(begins.is_set)
    await waiting[1].leave()
    go_on.set()
    engine.allow(100)
    for listener in (runs, runs_too, waiting[0]):
        await listener.done()
    assert "second" not in engine.begun


async def test_cancelled_while_it_writes_its_last_token(manager: Manager, placement: ScriptedPlacement) -> None:
    engine = await loaded(manager, placement)
    leaves = Listener(manager, ask("leaves", 1))
    await until(engine.stepping.is_set)
    await leaves.leave()
    engine.allow(1)  # the engine ends the request by itself and knows it no more: it must not hear of the cancel
    await until(lambda: engine.left == {})
    engine.allow(1)
    assert (await Listener(manager, ask("next", 1)).done()).text == "0 "
    assert not engine.cancelled.is_set()
    assert placement.chats == [engine]


async def test_a_client_that_times_out_frees_its_place(manager: Manager, placement: ScriptedPlacement) -> None:
    engine = await loaded(manager, placement, together=2)
    before = counted("tertulia_cancels_total", model=CHAT, stage="running")
    limits: list[asyncio.Timeout] = []

    async def impatient() -> None:
        async with asyncio.timeout(None) as limit:
            limits.append(limit)
            await manager.generate(ask("late", 100))

    stays, late = Listener(manager, ask("stays", 1_000_000)), asyncio.create_task(impatient())
    await until(engine.stepping.is_set)
    limits[0].reschedule(0)
    with pytest.raises(TimeoutError):
        await late
    follows = Listener(manager, ask("follows", 1))
    await until(lambda: state(manager).queued == 1)
    engine.allow(2)
    assert (await follows.done()).text == "0 "
    assert counted("tertulia_cancels_total", model=CHAT, stage="running") == before + 1
    await stays.leave()


# Many people


async def test_two_hundred_requests_of_one_person_do_not_starve_another(
    large: Manager, placement: ScriptedPlacement
) -> None:
    engine = await loaded(large, placement, together=4)
    greedy = [Listener(large, ask("greedy", 2, person=1)) for _ in range(200)]
    await until(lambda: (state(large).running, state(large).queued) == (4, 48))
    other = Listener(large, ask("other", 2, person=2))
    await other.heard(Waiting("queued", 1))
    engine.allow(1000)
    assert (await other.done()).text == "0 1 "
    outcomes = await asyncio.gather(*(listener.task for listener in greedy), return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, Busy)]
    assert {error.key for error in refused} == {"error-too-many-questions"}
    assert (len(refused), len([outcome for outcome in outcomes if outcome is None])) == (148, 52)
    # The warm-up, four places taken, one more turn of the first, then the other.
    assert engine.begun.index("other") <= 6


async def test_background_requests_leave_half_of_the_places(large: Manager, placement: ScriptedPlacement) -> None:
    engine = await loaded(large, placement, together=3)
    quizzes = [Listener(large, ask("quiz", 3, person=1, priority="background")) for _ in range(6)]
    await quizzes[-1].heard(Waiting("queued", 3))
    await until(lambda: state(large).running == 2)
    question = Listener(large, ask("question", 1, person=1))
    engine.allow(1)
    await question.done()
    assert engine.begun == ["Hola", "quiz", "quiz", "question"]
    engine.allow(100)
    for quiz in quizzes:
        await quiz.done()
    assert engine.most == 3


async def test_interactive_requests_go_before_background_ones(manager: Manager, placement: ScriptedPlacement) -> None:
    engine = await loaded(manager, placement, together=2)
    running = [Listener(manager, ask("running", 1)) for _ in range(2)]
    await until(lambda: state(manager).running == 2)
    quiz = Listener(manager, ask("quiz", 1, priority="background"))
    await quiz.heard(Waiting("queued", 0))
    question = Listener(manager, ask("question", 1))
    await quiz.heard(Waiting("queued", 1))
    engine.allow(100)
    for listener in (*running, quiz, question):
        await listener.done()
    assert engine.begun.index("question") < engine.begun.index("quiz")


async def test_generate_returns_the_whole_answer(manager: Manager, placement: ScriptedPlacement) -> None:
    engine = await loaded(manager, placement)
    engine.allow(3)
    before = counted("tertulia_tokens_total", model=CHAT)
    assert (await manager.generate(ask(tokens=3))).text == "0 1 2 "
    assert counted("tertulia_tokens_total", model=CHAT) == before + 3
