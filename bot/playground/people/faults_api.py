"""The people's side over HTTP: the faults that the bot shall meet."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground.calls import knows
from bot.playground.faults import EVERY, KINDS, LONGEST_RETRY, MOST_FAULTS, MOST_TIMES, Fault
from bot.playground.json_text import JSON
from bot.playground.params import read_object
from bot.playground.people.asking import answer, refuse
from bot.playground.world import World


class FaultsApi:
    """Asks for faults and takes them back."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes of the faults."""
        return [
            Route("/api/faults", self.show, methods=["GET"]),
            Route("/api/faults", self.add, methods=["POST"]),
            Route("/api/faults", self.clear, methods=["DELETE"]),
        ]

    async def show(self, _: Request) -> Response:
        """List the faults still to come."""
        return answer([fault.shown() for fault in self._world.faults.pending])

    async def add(self, request: Request) -> Response:
        """Let the next calls of a method meet a fault."""
        fault = _fault(await read_object(request))
        if len(self._world.faults.pending) >= MOST_FAULTS:
            raise refuse("there are too many faults", 409)
        self._world.faults.pending.append(fault)
        return answer(fault.shown(), 201)

    async def clear(self, _: Request) -> Response:
        """Take back all faults still to come."""
        self._world.faults.pending.clear()
        return answer({})


def _fault(given: JSON) -> Fault:
    method = given.get("method", EVERY)
    if not isinstance(method, str) or not (method == EVERY or knows(method)):
        raise refuse("method must be the name of a method, or * for every one")
    kind = KINDS.get(str(given.get("fault")))
    if kind is None:
        raise refuse(f"fault must be one of {', '.join(KINDS)}")
    times = _between(given.get("times", 1), "times", MOST_TIMES)
    return Fault(method, kind, times, _between(given.get("retry_after", 1), "retry_after", LONGEST_RETRY))


def _between(value: object, name: str, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise refuse(f"{name} must be an integer from 1 to {most}")
    return value
