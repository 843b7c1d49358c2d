"""Models that take texts: turns, shared calls, cancelling, and every kind through the manager."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Coroutine
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.errors import BadInput, EngineFailed, ModelMissing
from bot.inference.api import (
    ClassifyRequest,
    EmbedRequest,
    Label,
    Priority,
    Reading,
    ReadRequest,
    RewriteRequest,
    Span,
    TagRequest,
    Vectors,
)
from bot.inference.catalog import find
from bot.inference.manager import Manager
from tests.inference.asking import ENCODER, another, until
from tests.inference.conftest import closed
from tests.inference.scripted import ScriptedBatch, ScriptedPlacement


@pytest.fixture
async def roomy(weights_dir: Path, placement: ScriptedPlacement) -> AsyncGenerator[Manager, None]:
    """A manager with the encoder loaded and places for many."""
    manager = Manager(weights_dir, placement=placement)
    await manager.preload([ENCODER])
    yield manager
    await closed(manager, placement)


async def held(placement: ScriptedPlacement, manager: Manager) -> ScriptedBatch:
    """Return the encoder at work on one text, so that whatever comes now waits for its gate."""
    engine = placement.encoders[-1]
    engine.gate.clear()
    engine.computing.clear()
    asking(manager, "first", person=99)
    await until(engine.computing.is_set)
    engine.calls.clear()
    return engine


TASKS = set[asyncio.Task[Any]]()


def asking(
    manager: Manager, *texts: str, person: int = 0, priority: Priority = "interactive", passage: bool = True
) -> "asyncio.Task[Vectors]":
    request = EmbedRequest(ENCODER, texts, "passage" if passage else "query", person, priority)
    return started(manager.embed(request))


def started(work: Coroutine[Any, Any, Vectors]) -> "asyncio.Task[Vectors]":
    task = asyncio.create_task(work)
    TASKS.add(task)
    task.add_done_callback(TASKS.discard)
    return task


async def waiting(manager: Manager, groups: int) -> None:
    await until(lambda: manager.status().queued == groups)


async def test_small_requests_of_several_people_share_a_call(roomy: Manager, placement: ScriptedPlacement) -> None:
    engine = await held(placement, roomy)
    tasks = [asking(roomy, "x" * n, "y" * 10 * n, person=n) for n in range(1, 5)]
    await waiting(roomy, 4)
    engine.gate.set()
    for n, task in enumerate(tasks, start=1):
        np.testing.assert_array_equal(await task, [[n, 1], [10 * n, 1]])
    assert engine.groups == [8]


async def test_requests_that_differ_do_not_share(roomy: Manager, placement: ScriptedPlacement) -> None:
    engine = await held(placement, roomy)
    tasks = [
        asking(roomy, "passage", person=1),
        asking(roomy, "query", person=2, passage=False),
        asking(roomy, "later", person=3, priority="background"),
        asking(roomy, *["long"] * 9, person=4),
    ]
    await waiting(roomy, 4)
    engine.gate.set()
    await asyncio.gather(*tasks)
    assert engine.calls == [("passage",), ("query",), ("long",) * 9, ("later",)]


async def test_shared_calls_are_bounded(roomy: Manager, placement: ScriptedPlacement) -> None:
    engine = await held(placement, roomy)
    tasks = [asking(roomy, *["x"] * 8, person=n) for n in range(1, 7)]
    await waiting(roomy, 6)
    engine.gate.set()
    await asyncio.gather(*tasks)
    assert engine.groups == [32, 16]


async def test_texts_to_be_rewritten_go_a_few_at_a_time(weights_dir: Path, placement: ScriptedPlacement) -> None:
    placement.catalog.append(another(weights_dir, "s", "seq2seq"))
    manager = Manager(weights_dir, placement=placement)
    assert len(await manager.rewrite(RewriteRequest("s", ("x",) * 20))) == 20
    engine = placement.encoders[0]
    assert engine.groups[1:] == [8, 8, 4]  # the warm-up first
    engine.gate.clear()
    tasks = [asyncio.create_task(manager.rewrite(RewriteRequest("s", ("x",) * 5))) for _ in range(3)]
    await waiting(manager, 2)
    engine.gate.set()
    await asyncio.gather(*tasks)
    assert engine.groups[4:] == [5, 5, 5]  # no two fit into one call
    await closed(manager, placement)


async def test_a_long_job_lets_others_in_between(roomy: Manager, placement: ScriptedPlacement) -> None:
    engine = await held(placement, roomy)
    long = asking(roomy, *["long"] * 96, person=1)
    await waiting(roomy, 3)
    short = asking(roomy, "short", person=2)
    await waiting(roomy, 4)
    engine.gate.set()
    await asyncio.gather(long, short)
    assert [texts[0] for texts in engine.calls] == ["long", "short", "long", "long"]
    assert (await long).shape == (96, 2)


async def test_background_work_lets_whoever_waits_go_first(roomy: Manager, placement: ScriptedPlacement) -> None:
    engine = await held(placement, roomy)
    index = asking(roomy, *["chunk"] * 64, person=1, priority="background")
    await waiting(roomy, 2)
    question = asking(roomy, "question", person=1)
    await waiting(roomy, 3)
    engine.gate.set()
    await asyncio.gather(index, question)
    assert [texts[0] for texts in engine.calls] == ["question", "chunk", "chunk"]


async def test_one_bad_text_fails_its_own_request_alone(roomy: Manager, placement: ScriptedPlacement) -> None:
    engine = await held(placement, roomy)
    good, bad = asking(roomy, "good", person=1), asking(roomy, "bad", person=2)
    await waiting(roomy, 2)
    engine.gate.set()
    np.testing.assert_array_equal(await good, [[4, 1]])
    with pytest.raises(BadInput):
        await bad
    assert engine.calls == [("good", "bad"), ("good",), ("bad",)]


async def test_who_is_cancelled_takes_what_waits_along(roomy: Manager, placement: ScriptedPlacement) -> None:
    engine = await held(placement, roomy)
    leaves, stays = asking(roomy, *["leaves"] * 70, person=1), asking(roomy, "stays", person=2)
    await waiting(roomy, 4)
    leaves.cancel()
    await waiting(roomy, 1)
    engine.gate.set()
    await stays
    assert engine.calls == [("stays",)]
    assert leaves.cancelled()


async def test_who_is_cancelled_at_work_does_not_break_the_engine(roomy: Manager, placement: ScriptedPlacement) -> None:
    engine = placement.encoders[0]
    engine.gate.clear()
    leaves = asking(roomy, *["leaves"] * 40)
    await until(lambda: roomy.status().running == 1)
    leaves.cancel()
    await waiting(roomy, 0)
    stays = asking(roomy, "stays")
    await waiting(roomy, 1)
    engine.gate.set()
    np.testing.assert_array_equal(await stays, [[5, 1]])
    assert engine.groups == [1, 32, 1]  # the warm-up first
    assert len(placement.encoders) == 1


async def test_missing_results_are_an_engine_that_broke(roomy: Manager, placement: ScriptedPlacement) -> None:
    with pytest.raises(EngineFailed):
        await roomy.embed(EmbedRequest(ENCODER, ("lose",)))
    await until(placement.encoders[0].closed.is_set)


async def test_closing_fails_requests_at_once(roomy: Manager, placement: ScriptedPlacement) -> None:
    engine = await held(placement, roomy)
    task = asking(roomy, *["text"] * 40)
    await waiting(roomy, 2)
    await roomy.close(timeout=0)
    with pytest.raises(EngineFailed):
        await task
    assert engine.closed.is_set()  # in the middle of its call
    assert "scripted-batch" not in [thread.name for thread in threading.enumerate()]


async def test_every_kind_of_model_answers(weights_dir: Path, placement: ScriptedPlacement) -> None:
    seq2seq, classifier = another(weights_dir, "s", "seq2seq"), another(weights_dir, "c", "classifier")
    tagger, reader = another(weights_dir, "t", "tagger"), another(weights_dir, "r", "reader")
    placement.catalog.extend([find(ENCODER), seq2seq, classifier, tagger, reader])
    manager = Manager(weights_dir, placement=placement)
    words = tuple(f"w{n}" for n in range(40))
    assert await manager.rewrite(RewriteRequest("s", words, "es", "en")) == [word.upper() for word in words]
    assert await manager.classify(ClassifyRequest("c", words)) == [(Label(word, 1.0),) for word in words]
    assert await manager.tag(TagRequest("t", ("Lucía",))) == [(Span("Lucía", "PER", 0, 5, 1.0),)]
    assert await manager.read(ReadRequest("r", "¿Quién?", ("Ben",))) == [Reading("¿Quién? Ben", 0, 3, 1.0)]
    assert await manager.count_tokens("t", ["abc"]) == [3]
    assert await manager.tag(TagRequest("t", ())) == []
    with pytest.raises(ModelMissing):
        await manager.read(ReadRequest("t", "¿Quién?", ("Ben",)))
    await manager.close()
