"""The people's side over HTTP: how this Telegram treats the bot, and what the bot calls itself."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground.json_text import JSON
from bot.playground.params import read_object
from bot.playground.people.asking import answer, refuse
from bot.playground.world import World


class SettingsApi:
    """Shows the settings and changes them."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes of the settings."""
        return [
            Route("/api/settings", self.show, methods=["GET"]),
            Route("/api/settings", self.change, methods=["PATCH"]),
        ]

    async def show(self, _: Request) -> Response:
        """Return the settings."""
        return answer(self._shown())

    async def change(self, request: Request) -> Response:
        """Change privacy mode or flood limits; limits that are switched on begin with nothing counted."""
        given = await read_object(request)
        privacy = _switch(given, "privacy_mode", default=self._world.privacy_mode)
        limits = _switch(given, "flood_limits", default=self._world.floods.on)
        self._world.privacy_mode = privacy
        if limits != self._world.floods.on:
            self._world.floods.switch(on=limits)
        return answer(self._shown())

    def _shown(self) -> JSON:
        bot = {name: self._world.me[name] for name in ("id", "first_name", "username")}
        return {"privacy_mode": self._world.privacy_mode, "flood_limits": self._world.floods.on, **bot}


def _switch(given: JSON, name: str, *, default: bool) -> bool:
    value = given.get(name, default)
    if not isinstance(value, bool):
        raise refuse(f"{name} must be true or false")
    return value
