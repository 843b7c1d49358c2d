"""What people do at the playground, over its plain HTTP."""

from collections.abc import Callable
from typing import Any

import httpx

from tests.conftest import JSON, PATIENCE, Visitor

LUCIA, BEN, INES, BOT = 1001, 1002, 1003, 7000
GROUP, FORUM, CHANNEL = -4001, -1001000004002, -1001000004003


class People(Visitor):
    """Anybody at the playground; sees what happens from `seq` on."""

    def __init__(self, http: httpx.AsyncClient, chats: list[int], seq: int) -> None:
        super().__init__(http, PATIENCE)
        self.last = dict.fromkeys(chats, seq)

    async def _ask(self, method: str, path: str, **more: Any) -> Any:
        response = await self.http.request(method, path, **more)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response.json()

    async def share(self, chat: int, **content: object) -> JSON:
        """Send a message that is no text: a location, a contact, a poll."""
        return dict(await self._ask("POST", f"/api/chats/{chat}/messages", json=content))

    async def send_file(self, name: str, data: bytes, who: int = LUCIA, **fields: str) -> JSON:
        """Send a file to the bot in private."""
        form = {"from": str(who), **fields}
        return dict(await self._ask("POST", f"/api/chats/{who}/messages", data=form, files={"file": (name, data)}))

    async def edit(self, message: JSON, text: str, who: int = LUCIA) -> None:
        """Edit an own message."""
        await self._ask("PATCH", path_of(message), json={"from": who, "text": text})

    async def vote(self, message: JSON, options: list[int], who: int = LUCIA) -> None:
        """Vote in a poll, or retract with no options."""
        await self._ask("POST", f"{path_of(message)}/votes", json={"from": who, "options": options})

    async def react(self, message: JSON, emoji: str, who: int = LUCIA) -> None:
        """React to a message."""
        await self._ask("POST", f"{path_of(message)}/reactions", json={"from": who, "emoji": emoji})

    async def set_member(self, chat: int, user: int, status: str, who: int = LUCIA) -> JSON:
        """Change what somebody, or the bot, is in a chat."""
        path = f"/api/chats/{chat}/members/{user}"
        return dict(await self._ask("PUT", path, json={"from": who, "status": status}))

    async def get(self, path: str) -> Any:
        """Look something up."""
        return await self._ask("GET", path)

    async def post(self, path: str, **content: object) -> Any:
        """Do anything else."""
        return await self._ask("POST", path, json=content)

    async def see(self, kind: str, chat: int = LUCIA, good: Callable[[JSON], bool] = lambda _: True) -> JSON:
        """Wait for an event of a kind."""
        return await self.until(lambda event: event["type"] == kind and good(event), chat)

    async def hear(self, words: str = "", chat: int = LUCIA, kind: str = "message") -> JSON:
        """Wait for a message (or edit) of the bot's, in a channel anybody's, that contains some words; return it."""

        def wanted(event: JSON) -> bool:
            message = event.get("message", {})
            by_bot = message.get("from", {"is_bot": True})["is_bot"]
            return event["type"] == kind and by_bot and words in message.get("text", message.get("caption", ""))

        return dict((await self.until(wanted, chat))["message"])


def path_of(message: JSON) -> str:
    """Return where a message is."""
    return f"/api/chats/{message['chat']['id']}/messages/{message['message_id']}"
