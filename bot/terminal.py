"""What all commands of the command line share: reading the settings, and ending with one clear sentence."""

from typing import NoReturn

import typer
from rich.console import Console

from bot import config, logs
from bot.config import Settings
from bot.errors import StartError


def settings() -> Settings:
    """Read the settings and set logging up; a wrong setting ends the program with its name and a remedy."""
    try:
        loaded = config.load()
    except StartError as error:
        fail(str(error))
    logs.set_up(loaded.log_level, loaded.log_format)
    return loaded


def fail(message: str) -> NoReturn:
    """Say what is wrong on standard error and end with status 2."""
    Console(stderr=True).print(logs.redact(message), style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(2)
