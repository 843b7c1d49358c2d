"""Which models stay in memory: what fits, who has to leave, and who never does."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.errors import OutOfMemory
from bot.inference.api import EmbedRequest, Waiting
from bot.inference.manager import Manager
from bot.inference.placement import Device
from tests.inference.asking import CHAT, ENCODER, Listener, another, ask, loaded, state, until
from tests.inference.conftest import closed
from tests.inference.scripted import ScriptedPlacement

NAMES = ("a", "b", "c", "d")


@pytest.fixture(autouse=True)
def _small_machine(weights_dir: Path, placement: ScriptedPlacement) -> None:
    """Ten bytes of memory, and models of four."""
    placement.catalog.extend([*placement.models(), *(another(weights_dir, name) for name in NAMES)])
    placement.machine[:] = [Device("cpu", 10, "float32", "CPU, tiny")]
    placement.estimates.update(dict.fromkeys([CHAT, *NAMES], 4))
    placement.sizes.update(dict.fromkeys([CHAT, *NAMES], 4))


async def use(manager: Manager, *names: str) -> None:
    for name in names:
        await manager.embed(EmbedRequest(name, ("texto",)))


def resident(manager: Manager) -> set[str]:
    return {state.id for state in manager.states() if state.state == "loaded"}


@asynccontextmanager
async def at_work(manager: Manager, placement: ScriptedPlacement, name: str) -> AsyncGenerator[None]:
    """Keep a model in use for the length of the block."""
    await use(manager, name)
    engine = placement.encoders[-1]
    engine.gate.clear()
    task = asyncio.create_task(use(manager, name))
    await until(lambda: state(manager, name).running)
    try:
        yield
    finally:
        engine.gate.set()
        await task


async def test_the_longest_unused_leaves_for_a_new_one(manager: Manager, placement: ScriptedPlacement) -> None:
    await use(manager, "a", "b", "a", "c")
    assert resident(manager) == {"a", "c"}
    assert placement.encoders[1].closed.is_set()
    assert state(manager, "b").state == "installed"
    await use(manager, "b")
    assert resident(manager) == {"b", "c"}
    assert placement.loads == ["a", "b", "c", "b"]


async def test_as_many_leave_as_are_in_the_way(manager: Manager, placement: ScriptedPlacement) -> None:
    placement.estimates["c"] = placement.sizes["c"] = 9
    await use(manager, "a", "b", "c")
    assert resident(manager) == {"c"}


async def test_nobody_leaves_where_there_is_room(manager: Manager, placement: ScriptedPlacement) -> None:
    await use(manager, "a", "b", "a", "b")
    assert placement.loads == ["a", "b"]


async def test_a_model_in_use_never_leaves(manager: Manager, placement: ScriptedPlacement) -> None:
    async with at_work(manager, placement, "a"):
        await use(manager, "b", "c")
        assert resident(manager) == {"a", "c"}
        placement.estimates["d"] = 9
        with pytest.raises(OutOfMemory):
            await use(manager, "d")
        assert resident(manager) == {"a", "c"}  # c would not have been enough, and stays
    assert not placement.encoders[0].closed.is_set()
    await use(manager, "d")
    assert resident(manager) == {"d"}


async def test_two_loads_at_once_book_their_memory_first(manager: Manager, placement: ScriptedPlacement) -> None:
    placement.estimates["a"] = 7
    chat = Listener(manager, ask(tokens=1))
    await until(placement.loading.is_set)  # four bytes, on their way
    with pytest.raises(OutOfMemory):
        await use(manager, "a")
    engine = await loaded(manager, placement)
    engine.allow(100)
    await chat.done()
    await use(manager, "a")
    assert resident(manager) == {"a"}


async def test_who_comes_first_gets_the_memory_that_is_made_free(
    manager: Manager, placement: ScriptedPlacement
) -> None:
    placement.estimates["a"] = placement.sizes["a"] = 7
    placement.estimates[CHAT] = 5
    await use(manager, "d")
    leaves = placement.encoders[0]
    leaves.may_close.clear()
    first = asyncio.create_task(use(manager, "a"))
    await until(leaves.closing.is_set)
    chat = Listener(manager, ask(tokens=1))  # its five bytes are free all the while, and wanted by the first
    await chat.heard(Waiting("loading"))
    leaves.may_close.set()
    with pytest.raises(OutOfMemory):
        await chat.done()
    await first
    assert resident(manager) == {"a"}


async def test_who_is_leaving_is_waited_for(weights_dir: Path, placement: ScriptedPlacement) -> None:
    placement.estimates["a"] = placement.sizes["a"] = 7
    manager = Manager(weights_dir, placement=placement, idle_seconds=0.02)
    await use(manager, "d")
    leaves = placement.encoders[0]
    leaves.may_close.clear()
    await until(leaves.closing.is_set)  # nobody has used it for a while; its four bytes are still taken
    comes = asyncio.create_task(use(manager, "a"))
    await until(lambda: state(manager, "a").state == "loading")
    leaves.may_close.set()
    await comes
    await closed(manager, placement)


async def test_an_estimate_is_not_believed_on_an_empty_device(manager: Manager, placement: ScriptedPlacement) -> None:
    placement.estimates["a"] = 1000
    await use(manager, "b", "a")
    assert resident(manager) == {"a"}


async def test_what_was_measured_counts_from_then_on(manager: Manager, placement: ScriptedPlacement) -> None:
    placement.estimates["a"], placement.sizes["a"] = 2, 8
    await use(manager, "b", "a")  # thought to fit beside b; then it takes eight bytes
    assert manager.status().memory_bytes == 12
    await use(manager, "c")
    assert resident(manager) == {"c"}  # b alone would not have freed enough
    await use(manager, "a")
    assert resident(manager) == {"a"}  # now known not to fit beside c


async def test_a_model_that_grows_is_measured_again(manager: Manager, placement: ScriptedPlacement) -> None:
    placement.sizes["a"] = 2
    await use(manager, "b", "a")
    placement.encoders[1].memory_bytes = 3
    await use(manager, "c")
    assert resident(manager) == {"a", "c"}


async def test_devices_are_counted_apart(manager: Manager, placement: ScriptedPlacement) -> None:
    placement.machine.append(Device("cuda:0", 5, "bfloat16", "GPU, tiny"))
    placement.where.update(b="cuda:0", c="cuda:0")
    await use(manager, "a", "b", "c")
    assert resident(manager) == {"a", "c"}
    assert state(manager, "c").device == "cuda:0"
    status = manager.status()
    assert (status.devices, status.memory_bytes, status.memory_limit) == (("CPU, tiny", "GPU, tiny"), 8, 15)


async def test_preloading_drives_nobody_out(manager: Manager, placement: ScriptedPlacement) -> None:
    await manager.preload(["a", "b", "c"])
    assert resident(manager) == {"a", "b"}
    await use(manager, "c")
    assert resident(manager) == {"b", "c"}


async def test_preloading_tries_what_may_not_fit_where_nothing_is(
    manager: Manager, placement: ScriptedPlacement
) -> None:
    placement.estimates["a"] = 1000
    await manager.preload(["a", "b"])
    assert resident(manager) == {"a", "b"}


async def test_counting_tokens_keeps_a_model(manager: Manager, placement: ScriptedPlacement) -> None:
    await use(manager, "a", "b")
    assert await manager.count_tokens("a", ["abc"]) == [3]
    await use(manager, "c")
    assert resident(manager) == {"a", "c"}


async def test_the_unused_leave_after_a_while(weights_dir: Path, placement: ScriptedPlacement) -> None:
    manager = Manager(weights_dir, placement=placement, idle_seconds=0.02)
    placement.gate.set()
    listener = Listener(manager, ask(tokens=1))
    await until(lambda: resident(manager) == {CHAT})
    await use(manager, "a")
    await until(placement.encoders[0].closed.is_set)
    assert resident(manager) == {CHAT}
    placement.chats[0].allow(1)
    await listener.done()
    await until(placement.chats[0].closed.is_set)
    await until(lambda: manager.status().memory_bytes == 0)
    assert state(manager).state == "installed"
    await use(manager, "a")
    assert placement.loads == [CHAT, "a", "a"]
    await closed(manager, placement)


async def test_the_dead_make_room_first_of_all(manager: Manager, placement: ScriptedPlacement) -> None:
    await use(manager, "b", "a")
    placement.encoders[0].alive = False
    await use(manager, "c")
    assert resident(manager) == {"a", "c"}


async def test_status_adds_up(manager: Manager, placement: ScriptedPlacement) -> None:
    assert manager.status().devices == ()
    engine = await loaded(manager, placement, together=2)
    listeners = [Listener(manager, ask(tokens=2)) for _ in range(3)]
    await until(lambda: manager.status().queued == 1)
    assert manager.status().running == 2
    engine.allow(100)
    for listener in listeners:
        await listener.done()
    status = manager.status()
    assert (status.running, status.queued, status.memory_bytes) == (0, 0, 4)
    assert status.tokens_per_second > 0
    assert ENCODER in {model.id for model in status.models}
