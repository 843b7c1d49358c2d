"""What all commands of the command line share: the settings, the models, and ending with one clear sentence."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NoReturn

import typer
from rich.console import Console

from bot import config, logs, texts
from bot.config import Settings
from bot.errors import BotError, StartError

if TYPE_CHECKING:
    from bot.tasks.models import Models

# Here one program asks for everything: its requests may wait, and nobody is turned away.
_MOST_QUEUED = 1000

# What reads differently in a terminal than in a chat.
_HERE = {
    "error-model-missing": "{model} is not installed; `python -m bot models pull {model}` fetches it.",
    "error-model-engine": "{engine} does not run {model} here.",
    "error-model-unknown": "There is no model {model}; `python -m bot models list` shows those there are.",
}


def settings() -> Settings:
    """Read the settings and set logging up; a wrong setting ends the program with its name and a remedy."""
    try:
        loaded = config.load()
    except StartError as error:
        fail(str(error))
    logs.set_up(loaded.log_level, loaded.log_format)
    return loaded


@asynccontextmanager
async def models(chosen: Settings) -> "AsyncGenerator[Models]":
    """Open this machine's models for a task, as the bot has them; each is loaded when it is first needed."""
    from bot.inference.manager import Manager
    from bot.tasks.models import Models

    manager = Manager(
        chosen.weights_dir,
        engine=chosen.engine,
        device=chosen.device,
        threads=chosen.threads,
        max_running=chosen.max_running,
        max_queued=max(chosen.max_queued, _MOST_QUEUED),
        memory_limit=chosen.memory_limit,
    )
    try:
        yield Models(manager, chosen.chat_model)
    finally:
        await manager.close()


def explained(error: BotError) -> str:
    """Return in words what went wrong and what to do, for whoever sits at the terminal."""
    return _HERE.get(error.key, "").format_map(error.values) or texts.text(texts.DEFAULT, error.key, **error.values)


def fail(message: str) -> NoReturn:
    """Say what is wrong on standard error and end with status 2."""
    Console(stderr=True).print(logs.redact(message), style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(2)
