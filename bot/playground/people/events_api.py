"""What people see happen: long polls and server-sent events."""

import asyncio
import math
from collections.abc import AsyncIterator, Callable

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from bot.playground.bell import Bell
from bot.playground.chat import Event
from bot.playground.people.asking import chat_in, number, refuse
from bot.playground.world import World

LONGEST_WAIT = 60
HEARTBEAT_SECONDS = 15

Newer = Callable[[int], list[Event]]


class EventsApi:
    """Tells those who ask what happened after a given event, at once or as soon as something does."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes of the events."""
        return [
            Route("/api/events", self.everywhere, methods=["GET"]),
            Route("/api/chats/{chat_id}/events", self.in_chat, methods=["GET"]),
        ]

    async def everywhere(self, request: Request) -> Response:
        """Stream the events of all chats."""
        return self._stream(request, self._world.events_after, self._world.bell)

    async def in_chat(self, request: Request) -> Response:
        """Return the events of one chat after a long poll, or stream them to who accepts a stream."""
        chat = chat_in(self._world, request)
        if "text/event-stream" in request.headers.get("accept", ""):
            return self._stream(request, chat.events_after, chat.bell)
        after = number(request.query_params.get("after", "0"), "after")
        wait = _seconds(request.query_params.get("wait", "0"))
        deadline = asyncio.get_running_loop().time() + wait
        while not (events := chat.events_after(after)) and not self._world.closed:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0 or not await chat.bell.wait(left):
                break
        body = ",".join(event.body for event in events)
        return Response(f'{{"events":[{body}]}}', media_type="application/json")

    def _stream(self, request: Request, newer: Newer, bell: Bell) -> Response:
        last = request.headers.get("last-event-id") or request.query_params.get("after", "0")
        frames = self._frames(number(last, "after"), newer, bell)
        return StreamingResponse(frames, media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def _frames(self, after: int, newer: Newer, bell: Bell) -> AsyncIterator[str]:
        yield "retry: 1000\n\n"
        while not self._world.closed:
            # Nothing is awaited between looking and waiting, so that no ring is missed.
            if events := newer(after):
                after = events[-1].seq
                yield "".join(f"id: {event.seq}\nevent: {event.type}\ndata: {event.body}\n\n" for event in events)
            elif not await bell.wait(HEARTBEAT_SECONDS):
                yield ": still here\n\n"


def _seconds(given: str) -> float:
    try:
        seconds = float(given)
    except ValueError:
        raise refuse("wait must be a number of seconds") from None
    return min(max(seconds, 0.0), LONGEST_WAIT) if math.isfinite(seconds) else 0.0
