"""The composition root: builds settings, storage, inference and the Telegram application; nothing else builds."""

import asyncio
import importlib
import pkgutil
import signal
from collections.abc import AsyncGenerator, Coroutine, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import httpx
from filelock import FileLock, Timeout
from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, ExtBot
from telegram.request import HTTPXRequest

import handlers
from bot import menus, routing, webhook
from bot.config import Settings
from bot.connections import Connections
from bot.context import Context
from bot.delivery import Delivery, reach
from bot.errors import StartError
from bot.guard import Lanes
from bot.housekeeping import keeping_house
from bot.inbox import Inbox
from bot.inference import placement
from bot.inference.api import Inference
from bot.inference.catalog import CATALOG, STARTER
from bot.inference.manager import Manager
from bot.jobs import Jobs
from bot.library.library import Library
from bot.playground.password import bot_token
from bot.playground.server import running as serve_world
from bot.playground.state import open_world
from bot.playground.world import PLAYGROUND_TOKEN
from bot.services import ServedApplication, Services
from bot.storage.database import Database, opened

_DATA_DIR = "TERTULIA_DATA_DIR"
# Connections to the Bot API: as many answers may be streaming at once.
_CONNECTIONS = 64


@dataclass(frozen=True, slots=True)
class Running:
    """A bot that is running, for those who started it."""

    application: ServedApplication
    inbox: Inbox
    database: Database
    inference: Inference


@dataclass(frozen=True, slots=True)
class Stage:
    """How a playground is set up: where its world is kept (None: in the data folder), and whether sends are limited."""

    state: Path | None = None
    flood_limits: bool = True


_STAGE = Stage()


def discover() -> list[routing.Handler]:
    """Return what all files in handlers/ register, in the order of their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(handlers.__path__))
    return [handler for name in names for handler in importlib.import_module(f"handlers.{name}").HANDLERS]


def build(
    settings: Settings, database: Database, inference: Inference, bot: ExtBot[None]
) -> tuple[ServedApplication, Inbox]:
    """Put the Telegram application together with its inbox."""
    registered = discover()
    services = Services(
        settings=settings,
        database=database,
        inference=inference,
        delivery=Delivery(bot),
        commands=routing.commands(registered),
        library=Library(database, inference),
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

    return application, Inbox(database, bot, services.arrivals, handle)


@asynccontextmanager
async def _bot(settings: Settings, token: str) -> AsyncGenerator[ExtBot[None]]:
    # Once for all: it takes some time to read all the certificates.
    trusted = httpx.create_ssl_context()
    requests = (
        Connections(_CONNECTIONS, read_timeout=20, trusted=trusted),
        HTTPXRequest(1, httpx_kwargs={"verify": trusted}),
    )
    bot: ExtBot[None] = ExtBot(
        token,
        base_url=f"{settings.telegram_url}/bot",
        base_file_url=f"{settings.telegram_url}/file/bot",
        request=requests[0],
        get_updates_request=requests[1],
    )
    try:
        # A machine that boots may start us before its network is up.
        await reach(bot.initialize)
        yield bot
    finally:
        # Not the bot's own shutdown: it does nothing after a failed start, and connections would stay open.
        for request in requests:
            await request.shutdown()


@asynccontextmanager
async def running(settings: Settings, token: str, inference: Inference | None = None) -> AsyncGenerator[Running]:
    """Run the bot for the length of the block: receive, handle, answer.

    Raises InvalidToken when Telegram does not know the token, StartError when a port or the data folder is in use.
    Should a part that the bot cannot do without break later, the block is cancelled and the part's error raised.
    """
    _check_model(settings)
    _check_device(settings)
    async with AsyncExitStack() as stack:
        stack.enter_context(_alone(settings.data_dir / ".bot.lock", "bot", settings.data_dir))
        database = await stack.enter_async_context(opened(settings.database))
        models: Inference = await stack.enter_async_context(_models(settings)) if inference is None else inference
        bot = await stack.enter_async_context(_bot(settings, token))
        application, inbox = build(settings, database, models, bot)
        await application.initialize()
        stack.push_async_callback(application.shutdown)
        await stack.enter_async_context(keeping_house(application.services))
        receive = await stack.enter_async_context(webhook.listening(settings, application, inbox))
        parts = [inbox.run(), receive(), application.services.library.run(), menus.publish(application)]
        await stack.enter_async_context(_standing_or_falling(*parts))
        yield Running(application, inbox, database, models)


@asynccontextmanager
async def _models(settings: Settings) -> AsyncGenerator[Manager]:
    manager = Manager(
        settings.weights_dir,
        engine=settings.engine,
        device=settings.device,
        threads=settings.threads,
        max_running=settings.max_running,
        max_queued=settings.max_queued,
        memory_limit=settings.memory_limit,
        idle_seconds=60 * settings.idle_minutes,
    )
    try:
        # In the background: people are answered while models load.
        async with _background(manager.preload(_preloaded(settings, manager))):
            yield manager
    finally:
        await manager.close()


def _preloaded(settings: Settings, manager: Manager) -> list[str]:
    """Return the models that nearly every chat needs: the chat model, and the encoder that the search uses."""
    encoders = [state.id for state in manager.states() if (state.kind, state.state) == ("encoder", "installed")]
    return [settings.chat_model, *(model_id for model_id in STARTER if model_id in encoders)]


@asynccontextmanager
async def _background(work: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def _standing_or_falling(*work: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    # A bot that receives nothing must not look alive: when one part breaks, all of it ends.
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in work]
            yield
            for task in tasks:
                task.cancel()
    except BaseExceptionGroup as broken:
        raise broken.exceptions[0] from None


def _check_model(settings: Settings) -> None:
    chats = [model.id for model in CATALOG if model.kind == "chat"]
    if settings.chat_model not in chats:
        raise StartError(f"TERTULIA_CHAT_MODEL: there is no such chat model. There are: {', '.join(chats)}.")


def _check_device(settings: Settings) -> None:
    if not placement.has_device(settings.device):
        raise StartError(
            f"TERTULIA_DEVICE: there is no {settings.device} device here, or the installed PyTorch is not built for it."
            " Remove the setting, or install a PyTorch that supports it."
        )


@contextmanager
def _alone(path: Path, part: str, used: Path, setting: str = _DATA_DIR) -> Generator[None]:
    # Two bots on one database would each take the other's updates for their own; two playgrounds, each other's state.
    folder, lock = path.parent, FileLock(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise StartError(f"{setting}: another {part} is using {used}. End it, or choose another.") from None
    except OSError as error:
        raise StartError(f"{setting}: {folder} cannot be written ({error.strerror}). Choose another folder.") from None
    try:
        yield
    finally:
        lock.release()


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
        print(f"@{bot.application.bot.username} is running in Telegram. Ctrl-C ends it.", flush=True)  # noqa: T201
        await until_stopped()


async def playground(settings: Settings, stage: Stage = _STAGE) -> None:
    """Run the playground and the bot in it until they are stopped."""
    async with _playground(settings, stage) as (address, token):
        local = settings.model_copy(update={"telegram_url": address, "webhook_url": ""})
        async with running(local, token or PLAYGROUND_TOKEN):
            print(f"The playground is at {address} - open it in a browser. Ctrl-C ends it.", flush=True)  # noqa: T201
            await until_stopped()


async def serve_playground(settings: Settings, stage: Stage = _STAGE) -> None:
    """Run the playground's server alone until it is stopped."""
    async with _playground(settings, stage) as (address, token):
        accepted = f"with the token {token}" if token else "with any token"
        print(f"The playground is at {address}; bots find it by base URL {address}/bot {accepted}", flush=True)  # noqa: T201
        await until_stopped()


@asynccontextmanager
async def _playground(settings: Settings, stage: Stage) -> AsyncGenerator[tuple[str, str]]:
    """Serve a playground; yields its address and the one token that it accepts, "" if it takes any."""
    state = stage.state or settings.data_dir / "playground.json"
    password = settings.playground_password.get_secret_value() if settings.playground_password else ""
    host, port = settings.playground_host, settings.playground_port
    lock = state.with_name(f".{state.name}.lock")
    used, setting = (stage.state, "--state") if stage.state else (settings.data_dir, _DATA_DIR)
    with _alone(lock, "playground", used, setting):
        world = open_world(state)
        world.floods.switch(on=stage.flood_limits)
        async with serve_world(world, host, port, state=state, password=password) as address:
            yield address, bot_token(password) if password else ""
