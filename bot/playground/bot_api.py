"""The bot's side over HTTP: /bot{token}/{method} and /file/bot{token}/{file_path}."""

import hmac
import logging
import re
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground.api_error import ApiError
from bot.playground.calls import carry_out
from bot.playground.faults import NoAnswer, Unanswered
from bot.playground.json_text import to_json
from bot.playground.params import read_params
from bot.playground.webhook import Pusher
from bot.playground.world import World

_TOKEN = re.compile(r"\d{1,20}:[\w-]{30,100}", re.ASCII)

log = logging.getLogger(__name__)


class BotApi:
    """Answers a bot's calls; with `token` only that one is accepted, else any of Telegram's form."""

    def __init__(self, world: World, pusher: Pusher, token: str | None) -> None:
        self._world = world
        self._pusher = pusher
        self._token = token

    def routes(self) -> list[Route]:
        """Return the routes of methods and of file downloads."""
        return [
            Route("/bot{token}/{method}", self.call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self.download, methods=["GET"]),
        ]

    async def call(self, request: Request) -> Response:
        """Run one method and wrap what it returns, or why it refuses, as Telegram does."""
        try:
            return _answer({"ok": True, "result": await self._result(request)})
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

    async def _result(self, request: Request) -> Any:
        self._check(request.path_params["token"])
        try:
            return await carry_out(self._world, request.path_params["method"], await read_params(request))
        finally:
            self._pusher.ensure()

    def _check(self, token: str) -> None:
        if not (_same(token, self._token) if self._token else _TOKEN.fullmatch(token)):
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


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _answer(body: dict[str, Any], status: int = 200) -> Response:
    return Response(to_json(body), status, media_type="application/json")


def _refusal(error: ApiError) -> Response:
    body = {"ok": False, "error_code": error.code, "description": error.description}
    more = {"parameters": error.parameters} if error.parameters else {}
    return _answer(body | more, error.code)
