"""People who talk with a bot through a playground, over HTTP as the playground's page does."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

PATIENCE = 600
"""Seconds that somebody waits for an answer."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: when its first words were seen and when all of it, in seconds from the question."""

    first_s: float
    seconds: float
    text: str


@dataclass(slots=True)
class _Asked:
    start: float
    whole: asyncio.Future[Reply]
    drafts: list[tuple[float, str]] = field(default_factory=list)

    def end(self, text: str) -> None:
        now = time.monotonic()
        # Before the answer drafts may tell that it has to wait; they begin unlike it.
        like = [
            seen for seen, draft in self.drafts if _beginning(draft) and _letters(text).startswith(_beginning(draft))
        ]
        if not self.whole.done():
            self.whole.set_result(Reply(min([*like, now]) - self.start, now - self.start, text))


def _letters(text: str) -> str:
    # Marks of formatting come and go while a text grows.
    return "".join(letter for letter in text if letter.isalnum())


def _beginning(text: str) -> str:
    return _letters(text)[:12]


class People:
    """Everybody who talks with the bot. One stream of events tells them what it says, so that watching costs little."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._asked: dict[int, _Asked] = {}
        self.on_message: Callable[[int], None] = lambda _: None
        """Called with the chat of each message of the bot."""

    async def invite(self, number: int, language: str = "es") -> list[int]:
        """Let new people in; returns their private chats."""
        person = {"first_name": "P", "language_code": language}
        answers = [await self._http.post("/api/people", json=person) for _ in range(number)]
        return [int(answer.raise_for_status().json()["id"]) for answer in answers]

    async def write(self, chat: int, text: str) -> None:
        """Write to the bot and look away."""
        body = {"from": chat, "text": text}
        (await self._http.post(f"/api/chats/{chat}/messages", json=body)).raise_for_status()

    def expect(self, chat: int) -> asyncio.Future[Reply]:
        """Return what becomes of the bot's next message in a private chat; its times count from now."""
        whole: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._asked[chat] = _Asked(time.monotonic(), whole)
        return whole

    async def ask(self, chat: int, text: str) -> Reply:
        """Write to the bot and wait for its message."""
        whole = self.expect(chat)
        await self.write(chat, text)
        async with asyncio.timeout(PATIENCE):
            return await whole

    async def ask_together(self, chats: Sequence[int], texts: Sequence[str]) -> list[Reply]:
        """Let everybody ask at once."""
        asking = (self.ask(chat, text) for chat, text in zip(chats, texts, strict=True))
        return list(await asyncio.gather(*asking))

    async def watch(self) -> None:
        """Follow all chats until cancelled."""
        kind = ""
        async with self._http.stream("GET", "/api/events", params={"after": 0}, timeout=None) as response:
            async for line in response.raise_for_status().aiter_lines():
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                elif line.startswith("data: ") and kind in {"draft", "message"}:
                    self._see(kind, json.loads(line.removeprefix("data: ")))

    def _see(self, kind: str, event: dict[str, Any]) -> None:
        asked = self._asked.get(event["chat_id"])
        if kind == "draft":
            if asked is not None:
                asked.drafts.append((time.monotonic(), event["text"]))
        elif event["message"].get("from", {}).get("is_bot"):
            self.on_message(event["chat_id"])
            if asked is not None:
                asked.end(event["message"].get("text", ""))


@contextlib.asynccontextmanager
async def people(address: str) -> AsyncGenerator[People]:
    """Let people into the playground at an address. Should they lose sight of it, the block is cancelled."""
    # As many may write at once as a benchmark lets in.
    limits = httpx.Limits(max_connections=100)
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as http, asyncio.TaskGroup() as group:
        everybody = People(http)
        watching = group.create_task(everybody.watch())
        yield everybody
        watching.cancel()
