"""The playground as an ASGI application: the bot's side, the people's side and the page."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.playground.api_error import ApiError
from bot.playground.bot_api import BotApi, TooLarge
from bot.playground.password import PasswordWall
from bot.playground.people.events_api import EventsApi
from bot.playground.people.faults_api import FaultsApi
from bot.playground.people.files_api import FilesApi
from bot.playground.people.inline_api import InlineApi
from bot.playground.people.members_api import MembersApi
from bot.playground.people.people_api import PeopleApi
from bot.playground.people.settings_api import SettingsApi
from bot.playground.people.voting_api import VotingApi
from bot.playground.people.writing_api import WritingApi
from bot.playground.protection import Protection
from bot.playground.rules.files import MAX_UPLOAD
from bot.playground.rules.polls import close_in_time
from bot.playground.webhook import Pusher
from bot.playground.world import World

PAGE = Path(__file__).parent / "page"
LOOPBACK_NAMES = ["localhost", "127.0.0.1", "::1", "[::1]"]
FRESH = {"Cache-Control": "no-cache"}
MAX_BODY = MAX_UPLOAD + 2**20


def create_app(world: World, *, password: str = "") -> Starlette:
    """Return the server of `world`.

    A bot may use any token of Telegram's form. With a password people need it, and bots the token made of it.

    `app.state.pusher` pushes to the webhook; it stops with the application's lifespan.
    """
    pusher = Pusher(world)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        pusher.ensure()
        close_in_time(world)
        yield
        world.alarm.cancel()
        await pusher.stop()

    app = Starlette(
        routes=[
            *BotApi(world, pusher).routes(),
            *PeopleApi(world).routes(),
            *WritingApi(world).routes(),
            *InlineApi(world).routes(),
            *MembersApi(world).routes(),
            *VotingApi(world).routes(),
            *FilesApi(world).routes(),
            *EventsApi(world).routes(),
            *FaultsApi(world).routes(),
            *SettingsApi(world).routes(),
            Route("/", page, methods=["GET"]),
            Mount("/page", Page(directory=PAGE)),
        ],
        middleware=[
            *_entrance(password),
            Middleware(TooLarge),
            Middleware(RequestBodyLimitMiddleware, max_body_size=MAX_BODY),
        ],
        exception_handlers={HTTPException: http_error, ApiError: api_error},
        lifespan=lifespan,
    )
    app.state.pusher = pusher
    return app


def _entrance(password: str) -> list[Middleware]:
    # A page elsewhere that takes the name of this machine (DNS rebinding) has no password, so any name will do.
    if password:
        return [Middleware(Protection), Middleware(PasswordWall, password)]
    loopback = Middleware(TrustedHostMiddleware, allowed_hosts=LOOPBACK_NAMES, www_redirect=False)
    return [loopback, Middleware(Protection)]


async def page(_: Request) -> Response:
    """Return the page."""
    index = PAGE / "index.html"
    if not index.exists():
        raise HTTPException(404, "the page is not installed")
    return FileResponse(index, headers=FRESH)


class Page(StaticFiles):
    """The page's files; a browser asks each time whether they changed, so that an update is seen at once."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Return a file that may be kept but must be checked."""
        response = super().file_response(*args, **kwargs)
        response.headers.update(FRESH)
        return response


async def http_error(_: Request, error: Exception) -> Response:
    """Answer the people's side with the reason."""
    if not isinstance(error, HTTPException):
        raise error
    return JSONResponse({"error": error.detail}, error.status_code, headers=error.headers)


async def api_error(_: Request, error: Exception) -> Response:
    """Answer the people's side where reading its request failed as a bot's would."""
    if not isinstance(error, ApiError):
        raise error
    return JSONResponse({"error": error.description}, error.code)
