"""The HTTP side: updates by webhook, and /healthz."""

import asyncio
import hmac
import json
import secrets
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.asgi import serving
from bot.config import Settings
from bot.context import ServedApplication
from bot.delivery import reach
from bot.inbox import ALLOWED_UPDATES, Inbox, poll
from bot.storage import updates

_log = structlog.get_logger(__name__)

# Updates are a few kilobytes; the longest texts with all their entities stay far below this.
MAX_BODY = 1_000_000
DEFAULT_PORT = 8081
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name


def create_app(inbox: Inbox, application: ServedApplication, path: str, secret: str) -> Starlette:
    """Return the ASGI application that stores updates sent to `path` with the right secret."""

    async def receive(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(_SECRET_HEADER, "").encode(), secret.encode()):
            return Response(status_code=403)
        body = await request.body()
        update_id = _update_id(body)
        if update_id is None:
            return Response(status_code=400)
        try:
            await inbox.store([(update_id, body.decode())])
        except SQLAlchemyError as error:
            _log.error("an update could not be stored", error=type(error).__name__)
            return Response(status_code=503)  # Telegram sends it again
        return Response()

    return Starlette(
        routes=[Route(path, receive, methods=["POST"]), _health_route(application)],
        middleware=[Middleware(RequestBodyLimitMiddleware, max_body_size=MAX_BODY)],
    )


def _update_id(body: bytes) -> int | None:
    try:
        update = json.loads(body)
        update_id = update["update_id"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    # 63 bits: what the database's column holds.
    return update_id if type(update_id) is int and 0 <= update_id < 2**63 else None


def _health_route(application: ServedApplication) -> Route:
    async def health(_: Request) -> Response:
        report = await state(application)
        return JSONResponse(report, status_code=200 if report["ok"] else 503)

    return Route("/healthz", health)


async def state(application: ServedApplication) -> dict[str, object]:
    """Return whether database, inbox and models are fine, for /healthz."""
    services = application.services
    try:
        async with asyncio.timeout(5), services.sessions() as session:
            waiting = await updates.count_waiting(session)
        database = True
    except (SQLAlchemyError, TimeoutError):
        database, waiting = False, -1
    models = {model.id: model.state for model in services.inference.states()}
    chat_model = models.get(services.settings.chat_model, "missing")
    fine = database and chat_model not in ("missing", "failed")
    return {"ok": fine, "database": database, "inbox": {"waiting": waiting}, "models": models}


def _serving(app: Starlette, settings: Settings) -> AbstractAsyncContextManager[str]:
    return serving(app, settings.http_host, DEFAULT_PORT if settings.http_port is None else settings.http_port)


@asynccontextmanager
async def listening(
    settings: Settings, application: ServedApplication, inbox: Inbox
) -> AsyncGenerator[Callable[[], Coroutine[Any, Any, None]]]:
    """Serve what the settings ask for, the webhook or /healthz, and yield what makes updates come.

    Raises StartError when the port is taken.
    """
    bot, url = application.bot, settings.webhook_url
    if url:
        secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else secrets.token_urlsafe(32)
        tell = partial(bot.set_webhook, url, secret_token=secret, allowed_updates=list(ALLOWED_UPDATES))
        async with _serving(create_app(inbox, application, urlsplit(url).path or "/", secret), settings):
            yield partial(reach, tell)
    elif settings.http_port is not None:
        async with _serving(Starlette(routes=[_health_route(application)]), settings):
            yield partial(poll, bot, inbox)
    else:
        yield partial(poll, bot, inbox)
