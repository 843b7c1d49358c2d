"""Telegram's command menus, in each language and kind of chat."""

from functools import partial

import structlog
from telegram import BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from bot import texts
from bot.delivery import reach
from bot.routing import Command
from bot.services import ServedApplication

_log = structlog.get_logger(__name__)

_SCOPES = {"private": BotCommandScopeAllPrivateChats(), "group": BotCommandScopeAllGroupChats()}


def menu(commands: list[Command], language: str, where: str) -> list[BotCommand]:
    """Return the menu of one language and kind of chat."""
    return [
        BotCommand(command.name_in(language), texts.text(language, f"command-{command.name}"))
        for command in commands
        if where in command.where
    ]


async def publish(application: ServedApplication) -> None:
    """Send all menus to Telegram. People whose language has none of its own get the default language's."""
    commands, send = list(application.services.commands), application.bot.set_my_commands
    try:
        for where, scope in _SCOPES.items():
            await reach(partial(send, menu(commands, texts.DEFAULT, where), scope))
            for language in texts.languages():
                await reach(partial(send, menu(commands, language, where), scope, language))
    except TelegramError as error:
        _log.warning("command menus were not set", error=type(error).__name__)
