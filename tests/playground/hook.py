"""A bot's own server, as webhooks meet it."""

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.asgi import serving

from .asked import until


def text_of(update: dict[str, Any]) -> str:
    return str(update["message"]["text"])


@dataclass
class Hook:
    """A bot's server; `answer` makes its answers, `hold` keeps those with a text in it waiting."""

    url: str = ""
    taken: list[str] = field(default_factory=list)
    under_way: int = 0
    most: int = 0
    hold: set[str] = field(default_factory=set)
    answer: Callable[[dict[str, Any]], Response] = lambda _: Response()

    async def receive(self, request: Request) -> Response:
        update = await request.json()
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await until(lambda: text_of(update) not in self.hold)
        self.under_way -= 1
        answer = self.answer(update)
        if answer.status_code == 200:
            self.taken.append(text_of(update))
        return answer


@contextlib.asynccontextmanager
async def running_hook() -> AsyncIterator[Hook]:
    """Serve a hook for the length of the block."""
    hook = Hook()
    app = Starlette(routes=[Route("/hook", hook.receive, methods=["POST"])])
    async with serving(app, "127.0.0.1", 0) as address:
        hook.url = f"{address}/hook"
        yield hook
        hook.hold.clear()
