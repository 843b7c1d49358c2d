"""The composition root: builds settings, storage, inference and the Telegram application; nothing else builds."""

import asyncio
import contextlib
import importlib
import pkgutil
import signal
from collections.abc import AsyncGenerator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from telegram import Update
from telegram.error import InvalidToken, NetworkError
from telegram.ext import ApplicationBuilder, ContextTypes, ExtBot
from telegram.request import HTTPXRequest

import handlers
from bot import menus, routing, webhook
from bot.config import Settings
from bot.context import Context, ServedApplication, Services
from bot.delivery import Delivery
from bot.guard import Lanes
from bot.inbox import Inbox, poll
from bot.inference.api import Inference
from bot.inference.manager import Manager
from bot.jobs import Jobs
from bot.playground.server import running as serve_world
from bot.playground.state import open_world
from bot.playground.world import PLAYGROUND_TOKEN
from bot.storage import updates
from bot.storage.database import Sessions, opened

_log = structlog.get_logger(__name__)

# Connections to the Bot API: as many answers may be streaming at once.
_CONNECTIONS = 64


@dataclass(frozen=True, slots=True)
class Running:
    """A bot that is running, for those who started it."""

    application: ServedApplication
    inbox: Inbox
    sessions: Sessions
    inference: Inference


def discover() -> list[routing.Handler]:
    """Return what all files in handlers/ register, in the order of their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(handlers.__path__))
    return [handler for name in names for handler in importlib.import_module(f"handlers.{name}").HANDLERS]


def build(settings: Settings, sessions: Sessions, inference: Inference, token: str) -> tuple[ServedApplication, Inbox]:
    """Put the Telegram application together with its inbox."""
    bot = _bot(settings, token)
    registered = discover()
    services = Services(
        settings=settings,
        sessions=sessions,
        inference=inference,
        delivery=Delivery(bot),
        commands=routing.commands(registered),
        jobs=Jobs(),
        arrivals=Lanes(),
        conversations=Lanes(),
    )
    built = (
        ApplicationBuilder()
        .application_class(ServedApplication, {"services": services})
        .bot(bot)
        .updater(None)
        .job_queue(None)
        .context_types(ContextTypes(context=Context))
        .build()
    )
    application = cast("ServedApplication", built)
    application.add_handlers(routing.to_ptb(registered))

    async def handle(update: Update) -> None:
        await application.process_update(update)

    return application, Inbox(sessions, bot, services.arrivals, handle)


def _bot(settings: Settings, token: str) -> ExtBot[None]:
    return ExtBot(
        token,
        base_url=f"{settings.telegram_url}/bot",
        base_file_url=f"{settings.telegram_url}/file/bot",
        request=HTTPXRequest(connection_pool_size=_CONNECTIONS, read_timeout=20, pool_timeout=10),
        get_updates_request=HTTPXRequest(connection_pool_size=1),
    )


@asynccontextmanager
async def running(settings: Settings, token: str, inference: Inference | None = None) -> AsyncGenerator[Running]:
    """Run the bot for the length of the block: receive, handle, answer.

    Raises InvalidToken when Telegram does not know the token.
    """
    async with AsyncExitStack() as stack:
        sessions = await stack.enter_async_context(opened(settings.database))
        models: Inference = await stack.enter_async_context(_models(settings)) if inference is None else inference
        application, inbox = build(settings, sessions, models, token)
        await _connect(application)
        stack.push_async_callback(application.shutdown)
        tasks = [inbox.run(), _receive(settings, application, inbox), menus.publish(application)]
        await stack.enter_async_context(_background(*tasks))
        await stack.enter_async_context(_housekeeping(sessions))
        yield Running(application, inbox, sessions, models)


@asynccontextmanager
async def _models(settings: Settings) -> AsyncGenerator[Manager]:
    manager = Manager(
        settings.weights_dir,
        engine=settings.engine,
        device=settings.device,
        threads=settings.threads,
        max_running=settings.max_running,
        max_queued=settings.max_queued,
    )
    try:
        # In the background: people are answered while models load.
        async with _background(manager.preload([settings.chat_model])):
            yield manager
    finally:
        await manager.close()


async def _connect(application: ServedApplication) -> None:
    # A machine that boots may start us before its network is up.
    pause = 1.0
    while True:
        try:
            await application.initialize()
        except InvalidToken:
            raise
        except NetworkError as error:
            _log.warning("Telegram cannot be reached, trying again", error=type(error).__name__, seconds=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 60)
        else:
            return


async def _receive(settings: Settings, application: ServedApplication, inbox: Inbox) -> None:
    if settings.webhook_url:
        await webhook.serve(settings, application, inbox)
        return
    async with contextlib.AsyncExitStack() as stack:
        if settings.http_port is not None:
            await stack.enter_async_context(webhook.health_server(settings, application))
        await poll(application.bot, inbox)


@asynccontextmanager
async def _background(*work: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    tasks = [asyncio.create_task(one) for one in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def _housekeeping(sessions: Sessions) -> AsyncGenerator[None]:
    async def tidy() -> None:
        async with sessions.begin() as session:
            await updates.forget_finished(session)

    scheduler = AsyncIOScheduler(timezone="UTC")
    # Late is better than never: without a grace time a busy moment would skip the run.
    scheduler.add_job(tidy, "interval", hours=6, misfire_grace_time=None)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


async def until_stopped() -> None:
    """Wait for Ctrl-C or a request to terminate."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    await stopped.wait()


async def telegram(settings: Settings, token: str) -> None:
    """Run the bot in Telegram until it is stopped."""
    async with running(settings, token) as bot:
        print(f"@{bot.application.bot.username} is running in Telegram. Ctrl-C ends it.")  # noqa: T201
        await until_stopped()


async def playground(settings: Settings) -> None:
    """Run the playground and the bot in it until they are stopped."""
    async with _playground(settings) as address:
        local = settings.model_copy(update={"telegram_url": address, "webhook_url": ""})
        async with running(local, PLAYGROUND_TOKEN):
            print(f"The playground is at {address} - open it in a browser. Ctrl-C ends it.", flush=True)  # noqa: T201
            await until_stopped()


async def serve_playground(settings: Settings) -> None:
    """Run the playground's server alone until it is stopped."""
    async with _playground(settings) as address:
        print(f"The playground is at {address}; bots find it by base URL {address}/bot", flush=True)  # noqa: T201
        await until_stopped()


@asynccontextmanager
async def _playground(settings: Settings) -> AsyncGenerator[str]:
    state = settings.data_dir / "playground.json"
    world = open_world(state)
    async with serve_world(world, settings.playground_host, settings.playground_port, state=state) as address:
        yield address
