"""Loads models where there is room for them, and makes room by unloading those that nobody uses."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError
from typing import Any, TypeVar

import structlog

from bot.errors import OutOfMemory
from bot.inference import metrics
from bot.inference.budget import Booking, Budget
from bot.inference.catalog import Model
from bot.inference.engines.protocol import BatchEngine, ChatEngine
from bot.inference.lane import Lane
from bot.inference.placement import Device, Placement, Target
from bot.inference.slot import Loaded, Resident, Slot
from bot.inference.warmup import warm_up
from bot.inference.worker import Help

log = structlog.get_logger(__name__)

R = TypeVar("R", bound=Resident)

_CLOSE_SECONDS = 5.0  # how long a model that nobody waits for any more has to end by itself
_MAKE_ROOM_SECONDS = 60  # how long an engine's thread waits for others to leave, which takes some seconds each


class Loader:
    """Decides where a model goes, books its memory, loads it in a thread, and unloads idle ones for it.

    Its methods belong to one event loop; what blocks happens in threads. Models that somebody uses are never unloaded.
    """

    def __init__(self, placement: Placement, slots: Callable[[], Iterable[Slot[Any]]]) -> None:
        self.devices: tuple[Device, ...] = ()
        self.budget = Budget()
        self._placement = placement
        self._slots = slots
        self._placing = asyncio.Lock()
        self._ending: set[asyncio.Task[None]] = set()

    async def load(self, model: Model, employ: Callable[[Any, Help], R], broken: Callable[[], None]) -> Loaded[R]:
        """Load a model and let `employ` put its engine to work; `broken` is called when that breaks.

        Raises OutOfMemory where it does not fit beside those in use, and what Placement.load and the warm-up raise.
        """
        started = time.monotonic()
        target, booking = await self._place(model)
        helped = self._help(target.device, broken)
        try:
            resident = await self._load_twice(model, target, lambda engine: employ(engine, helped))
        except BaseException:
            self.budget.release(booking)
            metrics.LOADS.labels(model.id, "failed").inc()
            raise
        self.budget.measured(booking, resident.engine.memory_bytes)
        seconds = time.monotonic() - started
        metrics.LOADS.labels(model.id, "loaded").inc()
        metrics.LOAD_SECONDS.labels(model.id).observe(seconds)
        log.info("model loaded", model=model.id, device=target.device, seconds=round(seconds, 1))
        return Loaded(resident, booking)

    async def end(self, loaded: Loaded[Any], timeout: float) -> None:  # noqa: ASYNC109 - a bound for a thread
        """Stop a loaded model, its engine in the middle of its work after `timeout` seconds; give its memory back."""
        ending = asyncio.create_task(self._end(loaded, timeout))
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)
        await asyncio.shield(ending)

    async def _end(self, loaded: Loaded[Any], timeout: float) -> None:  # noqa: ASYNC109 - a bound for a thread
        try:
            await asyncio.to_thread(loaded.resident.close, timeout)
        finally:
            self.budget.release(loaded.booking)

    async def fits(self, model: Model) -> bool:
        """Tell whether a model can be loaded now without unloading another; into an empty device it is tried."""
        await self._look()
        target = self._placement.target(model, self.budget.room())
        return self._need(model, target) <= self._room(target.device) or not self.budget.used(target.device)

    async def make_room(self, device: str) -> None:
        """Unload whatever nobody uses on a device."""
        for slot in self._idle(device):
            await _unload(slot, "memory")

    async def unload_unused(self, seconds: float) -> None:
        """Unload what nobody has used for so long."""
        for slot in self._slots():
            if slot.idle and slot.rested(seconds):
                await _unload(slot, "idle")

    async def _place(self, model: Model) -> tuple[Target, Booking]:
        # One after another: what is free for the next is known only when this one's memory is booked.
        async with self._placing:
            await self._look()
            target = self._placement.target(model, self.budget.room())
            if self._need(model, target) > self._room(target.device):
                await self._left()
                target = self._placement.target(model, self._attainable())
                await self._make_fit(model, target)
            return target, self.budget.book(model.id, target.engine, target.device, self._need(model, target))

    async def _make_fit(self, model: Model, target: Target) -> None:
        """Unload the longest unused until a model fits. On an empty device the estimate is not believed."""
        need, device = self._need(model, target), target.device
        idle = self._idle(device)
        in_use = self.budget.used(device) - sum(slot.loaded.booking.size for slot in idle if slot.loaded)
        if not in_use or need <= self._attainable().get(device, 0):
            for slot in idle:
                if need > self._room(device):
                    await _unload(slot, "memory")
        await self._left()  # one of them may have been leaving already
        if need > self._room(device) and self.budget.used(device):
            raise OutOfMemory(model=model.id, needed=need, free=self._room(device), device=device)

    async def _left(self) -> None:
        """Wait until the models that are leaving have left: nobody uses them, and their memory is still booked."""
        if self._ending:
            await asyncio.wait(self._ending)

    async def _load_twice(self, model: Model, target: Target, employ: Callable[[Any], R]) -> R:
        try:
            return await self._load_in_thread(model, target, employ)
        except OutOfMemory:
            log.warning("out of memory while loading, making room", model=model.id, device=target.device)
        await self.make_room(target.device)
        await self._left()
        return await self._load_in_thread(model, target, employ)

    async def _load_in_thread(self, model: Model, target: Target, employ: Callable[[Any], R]) -> R:
        def load() -> R:
            return employ(_warm(self._placement.load(model, target), model))

        lane = Lane(f"load-{model.id}")
        try:
            return await lane.run(load, lost=_close_lost)
        finally:
            lane.close()

    async def _look(self) -> None:
        """Find out what devices there are, once, and what the loaded models take by now."""
        if not self.devices:
            # The first look asks the GPUs' driver, which may take a second.
            self.devices = await asyncio.to_thread(self._placement.devices)
            self.budget.capacity = {device.name: device.capacity for device in self.devices}
        for slot in self._slots():
            if slot.loaded is not None and slot.resident is not None:
                self.budget.measured(slot.loaded.booking, slot.resident.engine.memory_bytes)

    def _help(self, device: str, broken: Callable[[], None]) -> Help:
        loop = asyncio.get_running_loop()

        def make_room() -> None:
            making = self.make_room(device)
            try:
                asyncio.run_coroutine_threadsafe(making, loop).result(_MAKE_ROOM_SECONDS)
            except RuntimeError:
                making.close()  # the loop is closed, and nothing else will leave
            except (TimeoutError, CancelledError):
                log.warning("no room was made", device=device)

        def tell() -> None:
            try:
                loop.call_soon_threadsafe(broken)
            except RuntimeError:
                # The loop is closed: nobody needs the model any more.
                return

        return Help(make_room, tell)

    def _need(self, model: Model, target: Target) -> int:
        estimate = self._placement.memory(model, target)
        return self.budget.need(model.id, target.engine, target.device, estimate)

    def _room(self, device: str) -> int:
        return self.budget.room().get(device, 0)

    def _attainable(self) -> dict[str, int]:
        return self.budget.room(slot.loaded.booking for slot in self._slots() if slot.idle and slot.loaded)

    def _idle(self, device: str) -> list[Slot[Any]]:
        """Return what nobody uses on a device, the longest unused first."""
        idle = (slot for slot in self._slots() if slot.idle and slot.loaded and slot.loaded.booking.device == device)
        return sorted(idle, key=lambda slot: slot.last_used)


def _warm(engine: ChatEngine | BatchEngine, model: Model) -> ChatEngine | BatchEngine:
    try:
        warm_up(engine, model)
    except BaseException:
        engine.close()
        raise
    return engine


def _close_lost(resident: Resident) -> None:
    # Not in the event loop: an engine may take seconds to end.
    threading.Thread(target=resident.close, args=(_CLOSE_SECONDS,), name="close-lost", daemon=True).start()


async def _unload(slot: Slot[Any], reason: str) -> None:
    if await slot.unload():
        metrics.EVICTIONS.labels(slot.model.id, reason).inc()
        log.info("model unloaded", model=slot.model.id, reason=reason)
