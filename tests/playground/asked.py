"""What tests ask of both sides: a call as a bot, a request as a person, and the updates that came of it."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
from telegram import Bot

from bot.playground.world import PLAYGROUND_TOKEN

JSON = dict[str, Any]
PATIENCE = 30
"""Seconds; far more than anything here takes."""


async def call(people: httpx.AsyncClient, method: str, /, **params: Any) -> Any:
    """Call a method that must succeed and return its result."""
    answer = (await people.post(f"/bot{PLAYGROUND_TOKEN}/{method}", json=params)).json()
    assert answer["ok"], answer
    return answer["result"]


async def refused(people: httpx.AsyncClient, method: str, /, **params: Any) -> str:
    """Call a method that must be refused and return Telegram's words for it."""
    answer = (await people.post(f"/bot{PLAYGROUND_TOKEN}/{method}", json=params)).json()
    assert not answer["ok"], answer
    return str(answer["description"])


async def ask(people: httpx.AsyncClient, verb: str, path: str, status: int = 0, /, **body: Any) -> Any:
    """Send a request of the people's side and return its answer; it must succeed unless a status is named."""
    in_path = verb in {"GET", "DELETE"}
    answer = await people.request(verb, path, params=body if in_path else None, json=None if in_path else body)
    assert answer.status_code in ({status} if status else {200, 201}), answer.text
    return answer.json()


async def updates(people: httpx.AsyncClient, *kinds: str) -> list[JSON]:
    """Fetch and confirm what waits for the bot; from the first call on of these kinds, or of all that there are."""
    found = await call(people, "getUpdates", **({"allowed_updates": list(kinds)} if kinds else {}))
    if found:
        await call(people, "getUpdates", offset=found[-1]["update_id"] + 1)
    return [{name: value for name, value in update.items() if name != "update_id"} for update in found]


async def events(people: httpx.AsyncClient, chat: int, kind: str = "") -> list[JSON]:
    """Return what happened in a chat, all or of one kind."""
    found = await ask(people, "GET", f"/api/chats/{chat}/events", after=0)
    return [event for event in found["events"] if kind in {"", event["type"]}]


async def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition that no event announces."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.005)


async def until_none_pending(bot: Bot) -> None:
    """Wait until the bot's webhook has taken everything."""
    async with asyncio.timeout(PATIENCE):
        while (await bot.get_webhook_info()).pending_update_count:
            await asyncio.sleep(0.005)
