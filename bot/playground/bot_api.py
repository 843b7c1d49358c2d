"""The bot's side over HTTP: /bot{token}/{method} and /file/bot{token}/{file_path}."""

import logging
import re
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.playground.api_error import ApiError
from bot.playground.calls import carry_out
from bot.playground.faults import NoAnswer, Unanswered
from bot.playground.json_text import to_json
from bot.playground.methods.method import Told
from bot.playground.params import read_params
from bot.playground.webhook import Pusher
from bot.playground.world import World

EVERY_METHOD = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_TOKEN = re.compile(r"\d{1,20}:[\w-]{30,100}", re.ASCII)

log = logging.getLogger(__name__)


class BotApi:
    """Answers a bot's calls, whose token may be any of Telegram's form."""

    def __init__(self, world: World, pusher: Pusher) -> None:
        self._world = world
        self._pusher = pusher

    def routes(self) -> list[Route]:
        """Return the routes of methods and of file downloads."""
        return [
            Route("/bot{token}/{method}", self.call, methods=["GET", "POST"]),
            Route("/bot{rest:path}", self.nothing, methods=EVERY_METHOD),
            Route("/file/bot{token}/{path:path}", self.download, methods=["GET"]),
        ]

    async def call(self, request: Request) -> Response:
        """Run one method and wrap what it returns, or why it refuses, as Telegram does."""
        try:
            result = await self._result(request)
            told = {"description": result.description} if isinstance(result, Told) else {}
            return _answer({"ok": True, "result": result.result if isinstance(result, Told) else result, **told})
        except ApiError as error:
            return _refusal(error)
        except Unanswered as silence:
            return NoAnswer(self._world.faults.closing if silence.hold else None)
        except HTTPException as error:
            return _refusal(ApiError(error.status_code, error.detail))
        except Exception:
            # A client must get JSON whatever happens; the name of the method is all that may be logged.
            log.exception("The playground failed in %s", request.path_params["method"][:64])
            return _refusal(ApiError(500, "Internal Server Error"))

    async def nothing(self, _: Request) -> Response:
        """Refuse, in the Bot API's form, what is no call."""
        return _refusal(ApiError(404, "Not Found"))

    async def _result(self, request: Request) -> Any:
        self._check(request.path_params["token"])
        self._world.call_bot(int(request.path_params["token"].partition(":")[0]))
        try:
            return await carry_out(self._world, request.path_params["method"], await read_params(request))
        finally:
            self._pusher.ensure()

    def _check(self, token: str) -> None:
        if not _TOKEN.fullmatch(token):
            raise ApiError(401, "Unauthorized")

    async def download(self, request: Request) -> Response:
        """Return the bytes of a file by the path that getFile told."""
        try:
            self._check(request.path_params["token"])
        except ApiError as error:
            return _refusal(error)
        path = request.path_params["path"]
        file = next((file for file in self._world.files.values() if file.path == path), None)
        if file is None:
            return _refusal(ApiError(404, "Not Found"))
        return Response(file.data, media_type="application/octet-stream")


class TooLarge:
    """Says in the Bot API's form that a body is too large, which the body's limit says as plain text."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and put another refusal in the place of a plain 413."""
        if scope["type"] != "http" or not scope["path"].startswith("/bot"):
            await self._app(scope, receive, send)
            return
        refused = False

        async def send_in_form(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and message["status"] == _TOO_LARGE.code:
                refused = True
                await _refusal(_TOO_LARGE)(scope, receive, send)
            elif not refused:
                await send(message)

        await self._app(scope, receive, send_in_form)


_TOO_LARGE = ApiError(413, "Request Entity Too Large")


def _answer(body: dict[str, Any], status: int = 200) -> Response:
    return Response(to_json(body), status, media_type="application/json")


def _refusal(error: ApiError) -> Response:
    body = {"ok": False, "error_code": error.code, "description": error.description}
    more = {"parameters": error.parameters} if error.parameters else {}
    return _answer(body | more, error.code)
