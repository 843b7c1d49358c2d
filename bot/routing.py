"""What a handlers file puts in its HANDLERS, and how that becomes PTB's handlers."""

import operator
import re
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Literal

import structlog
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import BaseHandler, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.context import Context
from bot.errors import BotError, Busy, EngineFailed, OutOfMemory

Run = Callable[[Context], Awaitable[None]]
Where = Literal["private", "group", "channel"]

EVERYWHERE: frozenset[Where] = frozenset(("private", "group", "channel"))
PRIVATE: frozenset[Where] = frozenset(("private",))

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name, other languages' names for it, and where it is offered.

    Its menu line is the text `command-<name>` of each locale.
    """

    name: str
    run: Run
    names: Mapping[str, str] = field(default_factory=dict)
    where: frozenset[Where] = EVERYWHERE

    def name_in(self, language: str) -> str:
        """Return the command's name in a language's menu."""
        return self.names.get(language, self.name)


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text in private chats."""

    run: Run


@dataclass(frozen=True, slots=True)
class Other:
    """Whatever nothing else takes in private chats: unknown commands, pictures, voices."""

    run: Run


@dataclass(frozen=True, slots=True)
class Button:
    """A tapped button whose data is `prefix`, a colon, and what `ctx.choice` returns."""

    prefix: str
    run: Run


Handler = Command | Text | Other | Button
PtbHandler = BaseHandler[Any, Any, Any]

# What may go well at another time: people can ask for the same once more.
_PASSING = (Busy, EngineFailed, OutOfMemory)

# Edits are not new messages, and channel posts come under a name of their own.
_NEW = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST
_PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE


def to_ptb(handlers: Sequence[Handler]) -> list[PtbHandler]:
    """Return PTB's handlers, the most particular first."""
    order: list[type[Handler]] = [Command, Button, Text, Other]
    return [_one(handler) for kind in order for handler in handlers if isinstance(handler, kind)]


def commands(handlers: Iterable[Handler]) -> list[Command]:
    """Return the commands among the handlers."""
    return [handler for handler in handlers if isinstance(handler, Command)]


def _one(handler: Handler) -> PtbHandler:
    run = _serve(handler.run)
    match handler:
        case Command(name, _, names, where):
            return CommandHandler({name, *names.values()}, run, filters=_NEW & _chats(where))
        case Button(prefix):
            return CallbackQueryHandler(run, pattern=re.compile(f"{re.escape(prefix)}:"))
        case Text():
            return MessageHandler(_PRIVATE & filters.TEXT & ~filters.COMMAND, run)
        case Other():
            return MessageHandler(_PRIVATE & ~filters.StatusUpdate.ALL, run)


def _chats(where: frozenset[Where]) -> filters.BaseFilter:
    kinds = {
        "private": filters.ChatType.PRIVATE,
        "group": filters.ChatType.GROUPS,
        "channel": filters.ChatType.CHANNEL,
    }
    return reduce(operator.or_, (kinds[kind] for kind in sorted(where)))


def _serve(run: Run) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    async def serve(_: Update, ctx: Context) -> None:
        try:
            await ctx.open()
            await run(ctx)
        except Exception as error:  # noqa: BLE001 - the one place where errors become replies
            await explain(ctx, error)
        finally:
            await ctx.answer_button()

    return serve


async def explain(ctx: Context, error: Exception) -> None:
    """Tell the person what happened and what to do, with a reference that the log carries too."""
    reference = secrets.token_hex(3)
    if isinstance(error, BotError):
        _log.warning("refused", reference=reference, key=error.key)
        words = ctx.t(error.key, **error.values)
    else:
        _log.error("failed", reference=reference, exc_info=error)
        words = ctx.t("error-unexpected")
    if isinstance(error, TelegramError):
        return  # Telegram did not take a message: another one would not do better
    try:
        again = [[(ctx.t("button-again"), await ctx.keep_for_another_try())]] if isinstance(error, _PASSING) else []
        await ctx.reply(f"{words}\n\n{ctx.t('error-reference', reference=reference)}", again)
    except TelegramError as refusal:
        _log.warning("no reply", reference=reference, error=type(refusal).__name__)
