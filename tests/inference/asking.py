"""People who ask a manager, and how a test waits for what comes of it."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

from bot.inference.api import ChatRequest, Done, Event, ModelState, Piece, Priority, Turn
from bot.inference.catalog import Kind, Model, find
from bot.inference.manager import Manager
from tests.inference.scripted import ScriptedChat, ScriptedPlacement

CHAT, ENCODER = "qwen2.5-coder-1.5b", "multilingual-e5-small"


def install(weights_dir: Path, model: Model) -> Model:
    """Let weights look installed: a file of the right size without content, so it takes no space."""
    (weights_dir / model.id).mkdir()
    with (weights_dir / model.id / model.file).open("wb") as file:
        file.truncate(model.bytes)
    return model


def another(weights_dir: Path, name: str, kind: Kind = "encoder") -> Model:
    """Install one more model that is not a chat model."""
    return install(weights_dir, replace(find(ENCODER), id=name, kind=kind))


def ask(
    text: str = "Hola, ¿qué tal?",
    tokens: int = 3,
    model: str = CHAT,
    person: int = 0,
    priority: Priority = "interactive",
) -> ChatRequest:
    return ChatRequest(model, (Turn("user", text),), max_new_tokens=tokens, person=person, priority=priority)


class Listener:
    """One request, read in a task of its own."""

    def __init__(self, manager: Manager, request: ChatRequest) -> None:
        self.events: list[Event] = []
        self.stream = manager.stream(request)
        self._news = asyncio.Condition()
        self.task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async with aclosing(self.stream) as events:
            async for event in events:
                async with self._news:
                    self.events.append(event)
                    self._news.notify_all()

    async def until(self, wanted: Callable[[list[Event]], object]) -> None:
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: wanted(self.events)), 60)

    async def heard(self, event: Event) -> None:
        await self.until(lambda events: event in events)

    async def wrote(self, text: str) -> None:
        await self.until(lambda events: self.text == text)

    async def leave(self) -> None:
        self.task.cancel()
        await asyncio.wait({self.task})

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, Piece))

    async def done(self) -> Done:
        await asyncio.wait_for(self.task, 60)
        assert isinstance(self.events[-1], Done)
        return self.events[-1]


async def loaded(manager: Manager, placement: ScriptedPlacement, together: int = 1) -> ScriptedChat:
    """Load the engine; it writes nothing before `together` requests are in it."""
    placement.gate.set()
    await manager.preload([CHAT])
    placement.chats[-1].together = together
    return placement.chats[-1]


def state(manager: Manager, model: str = CHAT) -> ModelState:
    return next(state for state in manager.states() if state.id == model)


async def until(condition: Callable[[], object]) -> None:
    """Wait for what another thread is about to do."""
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.001)
