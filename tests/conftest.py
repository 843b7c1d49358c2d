"""The front door: a bot that runs against a playground over HTTP, and people who talk with it."""

import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
import numpy as np
import pytest

from bot import app
from bot.config import Settings
from bot.errors import ModelMissing
from bot.inference.api import (
    ChatRequest,
    ClassifyRequest,
    Done,
    EmbedRequest,
    Event,
    Finish,
    Label,
    ModelState,
    Piece,
    Reading,
    ReadRequest,
    RewriteRequest,
    Span,
    Status,
    TagRequest,
    Vectors,
    Waiting,
)
from bot.playground.server import running as serve_world
from bot.playground.world import PLAYGROUND_TOKEN, World

LUCIA, BEN, GROUP = 1001, 1002, -4001
T = TypeVar("T")
# Seconds; far more than anything here takes, so that only a missing event runs into it.
PATIENCE = 40
JSON = dict[str, Any]


@dataclass
class Script:
    """A model that says what a test tells it to, at the moment that the test chooses.

    It stands in for weights where the bot around them is under test; the real models have tests of their own.
    """

    answer: Callable[[ChatRequest], Sequence[str | Waiting | Exception]] = lambda _: ["Una ", "respuesta."]
    requests: list[ChatRequest] = field(default_factory=list)
    closed: int = 0
    running: int = 0
    most: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    hold_after: int | None = None  # wait for `gate` after this many pieces
    finish: Finish = "stop"

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Event]:
        if request.model not in [state.id for state in self.states() if state.state == "loaded"]:
            raise ModelMissing(model=request.model)
        self.requests.append(request)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            async for event in self._events(request):
                yield event
        except (asyncio.CancelledError, GeneratorExit):
            self.closed += 1
            raise
        finally:
            self.running -= 1

    async def _events(self, request: ChatRequest) -> AsyncGenerator[Event]:
        text = ""
        for number, item in enumerate(self.answer(request)):
            if number == self.hold_after:
                await self.gate.wait()
            if isinstance(item, Exception):
                raise item
            if isinstance(item, Waiting):
                yield item
            else:
                text += item
                yield Piece(item)
        yield Done(
            text, prompt_tokens=10, new_tokens=len(text.split()), finish=self.finish, first_token_s=0.1, seconds=0.2
        )

    async def generate(self, request: ChatRequest) -> Done:
        return [event async for event in self.stream(request)][-1]  # type: ignore[return-value]

    async def rewrite(self, request: RewriteRequest) -> list[str]:
        return [text.upper() for text in request.texts]

    async def classify(self, request: ClassifyRequest) -> list[tuple[Label, ...]]:
        return [(Label("positive", 1.0),) for _ in request.texts]

    async def tag(self, request: TagRequest) -> list[tuple[Span, ...]]:
        return [() for _ in request.texts]

    async def read(self, request: ReadRequest) -> list[Reading]:
        return [Reading("", 0, 0, 1.0) for _ in request.texts]

    async def embed(self, request: EmbedRequest) -> Vectors:
        return np.ones((len(request.texts), 1), dtype=np.float32)

    async def count_tokens(self, model: str, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def states(self) -> list[ModelState]:
        return [
            ModelState("qwen2.5-coder-1.5b", "loaded", "chat", "Apache-2.0", "openvino", "cpu", 3 * 2**30),
            ModelState("qwen2.5-coder-0.5b", "loaded", "chat", "Apache-2.0", "torch", "cpu", 2**30),
            ModelState("multilingual-e5-small", "missing", "encoder", "MIT", memory_bytes=600 * 2**20),
        ]

    def status(self) -> Status:
        return Status(("CPU, 2 threads",), 3 * 2**30, 8 * 2**30, self.running, 0, 0.0, tuple(self.states()))


class Visitor:
    """People's side of the playground, as its page uses it."""

    def __init__(self, http: httpx.AsyncClient, patience: float = PATIENCE) -> None:
        self.http = http
        self.patience = patience
        self.seen: dict[int, list[JSON]] = {}
        self.last: dict[int, int] = {}

    async def say(self, text: str, who: int = LUCIA, chat: int | None = None, **more: object) -> JSON:
        """Send a message as a person (by default in the private chat with the bot)."""
        response = await self.http.post(f"/api/chats/{chat or who}/messages", json={"from": who, "text": text, **more})
        response.raise_for_status()
        return dict(response.json())

    async def send(
        self, name: str, content: bytes, caption: str = "", who: int = LUCIA, chat: int | None = None, **more: str
    ) -> JSON:
        """Send a file as a person (by default in the private chat with the bot)."""
        data = {"from": str(who), "as": "document", "text": caption} | more
        path = f"/api/chats/{chat or who}/messages"
        response = await self.http.post(path, data=data, files={"file": (name, content)})
        response.raise_for_status()
        return dict(response.json())

    async def tap(self, message: JSON, data: str, who: int = LUCIA) -> None:
        """Tap a button of a message."""
        path = f"/api/chats/{message['chat']['id']}/messages/{message['message_id']}/taps"
        (await self.http.post(path, json={"from": who, "data": data})).raise_for_status()

    async def until(self, wanted: Callable[[JSON], bool], chat: int = LUCIA) -> JSON:
        """Wait for an event of a chat that was not waited for before, and return it."""
        known = self.seen.setdefault(chat, [])
        for event in known:
            if wanted(event):
                known.remove(event)
                return event
        try:
            async with asyncio.timeout(self.patience):
                while True:
                    for event in await self._more(chat):
                        if wanted(event):
                            known.remove(event)
                            return event
        except TimeoutError:
            pytest.fail(f"this did not come; what came: {known}")

    async def _more(self, chat: int) -> list[JSON]:
        after = self.last.get(chat, 0)
        response = await self.http.get(f"/api/chats/{chat}/events", params={"after": after, "wait": 30}, timeout=60)
        events: list[JSON] = response.raise_for_status().json()["events"]
        if events:
            self.last[chat] = events[-1]["seq"]
        self.seen[chat] += events
        return events

    async def hear(self, words: str = "", chat: int = LUCIA, kind: str = "message") -> JSON:
        """Wait for a message (or edit) of the bot's that contains some words; return it."""

        def wanted(event: JSON) -> bool:
            message = event.get("message", {})
            return event["type"] == kind and message["from"]["is_bot"] and words in message.get("text", "")

        return dict((await self.until(wanted, chat))["message"])

    async def until_true(self, look: Callable[[], Awaitable[T]], good: Callable[[T], bool]) -> T:
        """Look again and again until what is seen is good; for state that no event announces."""
        async with asyncio.timeout(self.patience):
            while not good(seen := await look()):
                await asyncio.sleep(0.02)
        return seen

    async def events(self, chat: int = LUCIA) -> list[JSON]:
        """Return everything that happened in a chat."""
        response = await self.http.get(f"/api/chats/{chat}/events", params={"after": 0, "wait": 0})
        return list(response.json()["events"])

    async def messages(self, chat: int = LUCIA) -> list[JSON]:
        """Return the chat's messages as they stand now, edits applied, deleted ones included."""
        found: dict[int, JSON] = {}
        for event in await self.events(chat):
            if event["type"] in ("message", "edit"):
                found[event["message"]["message_id"]] = event["message"]
        return list(found.values())


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own settings out: tests must not write into a real database."""
    for name in [name for name in os.environ if name.startswith("TERTULIA_") and name != "TERTULIA_DATA_DIR"]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("TELEGRAM_BOT_TOKEN", raising=False)
    monkeypatch.setitem(Settings.model_config, "env_file", None)


@pytest.fixture
def script() -> Script:
    """The model of the bot under test."""
    return Script()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a bot of its own."""
    return Settings(data_dir=tmp_path, telegram_bot_token=None)


@pytest.fixture
async def world() -> World:
    """A world that outlives the bot."""
    return World(flood_limits=False)


@pytest.fixture
async def address(world: World) -> AsyncGenerator[str]:
    """The playground's address."""
    async with serve_world(world) as base:
        yield base


@pytest.fixture
async def visitor(address: str) -> AsyncGenerator[Visitor]:
    """Somebody at the playground, without a bot."""
    async with httpx.AsyncClient(base_url=address) as http:
        yield Visitor(http)


@pytest.fixture
async def bot(address: str, settings: Settings, script: Script) -> AsyncGenerator[app.Running]:
    """The whole bot, running against the playground."""
    settings.telegram_url = address
    async with app.running(settings, PLAYGROUND_TOKEN, script) as running:
        yield running


@pytest.fixture
def people(bot: app.Running, visitor: Visitor) -> Visitor:
    """Somebody at the playground, with the bot running."""
    assert bot.application.running is False  # PTB's own loop stays out of the way: the inbox feeds it
    return visitor
