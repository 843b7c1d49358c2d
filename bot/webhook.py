"""The HTTP side: updates by webhook, /healthz and /metrics."""

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
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.asgi import serving
from bot.config import Settings
from bot.delivery import reach
from bot.inbox import ALLOWED_UPDATES, Inbox, poll
from bot.services import ServedApplication
from bot.storage import updates
from bot.storage.database import Database

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
        routes=[Route(path, receive, methods=["POST"]), *_watching_routes(application)],
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


def _watching_routes(application: ServedApplication) -> list[Route]:
    async def health(_: Request) -> Response:
        report = await state(application)
        return JSONResponse(report, status_code=200 if report["ok"] else 503)

    async def metrics(_: Request) -> Response:
        # What is counted as it happens, and what is looked up now.
        return Response(generate_latest() + await _gauges(application), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", health), Route("/metrics", metrics)]


async def state(application: ServedApplication) -> dict[str, object]:
    """Return whether database, inbox and models are fine, for /healthz."""
    services = application.services
    waiting = await _waiting(services.database)
    models = {model.id: model.state for model in services.inference.states()}
    chat_model = models.get(services.settings.chat_model, "missing")
    fine = waiting is not None and chat_model not in ("missing", "failed")
    inbox = {"waiting": -1 if waiting is None else waiting}
    return {"ok": fine, "database": waiting is not None, "inbox": inbox, "models": models}


async def _waiting(database: Database) -> int | None:
    """Return how many updates wait, None where the database does not answer."""
    try:
        async with asyncio.timeout(5):
            return await database.transact(updates.count_waiting)
    except (SQLAlchemyError, TimeoutError):
        return None


async def _gauges(application: ServedApplication) -> bytes:
    waiting, now = await _waiting(application.services.database), application.services.inference.status()
    registry = CollectorRegistry()
    for name, meaning, value in (
        ("inbox_waiting", "Updates stored and not yet handled.", waiting),
        ("models_loaded", "Models in memory.", sum(model.state == "loaded" for model in now.models)),
        ("memory_bytes", "Memory that models take.", now.memory_bytes),
        ("memory_limit_bytes", "Memory that models may take.", now.memory_limit),
        ("requests_running", "Requests that models work on.", now.running),
        ("requests_queued", "Requests that wait for their turn.", now.queued),
    ):
        if value is not None:
            Gauge(f"tertulia_{name}", meaning, registry=registry).set(value)
    return generate_latest(registry)


def _serving(app: Starlette, settings: Settings) -> AbstractAsyncContextManager[str]:
    return serving(app, settings.http_host, DEFAULT_PORT if settings.http_port is None else settings.http_port)


@asynccontextmanager
async def listening(
    settings: Settings, application: ServedApplication, inbox: Inbox
) -> AsyncGenerator[Callable[[], Coroutine[Any, Any, None]]]:
    """Serve what the settings ask for, the webhook, /healthz and /metrics, and yield what makes updates come.

    Raises StartError when the port is taken.
    """
    bot, url = application.bot, settings.webhook_url
    if url:
        secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else secrets.token_urlsafe(32)
        tell = partial(bot.set_webhook, url, secret_token=secret, allowed_updates=list(ALLOWED_UPDATES))
        async with _serving(create_app(inbox, application, urlsplit(url).path or "/", secret), settings):
            yield partial(reach, tell)
    elif settings.http_port is not None:
        async with _serving(Starlette(routes=_watching_routes(application)), settings):
            yield partial(poll, bot, inbox)
    else:
        yield partial(poll, bot, inbox)
