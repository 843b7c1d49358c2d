"""What a handlers file puts in its HANDLERS, and how that becomes PTB's handlers."""

import operator
import re
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Literal, get_args

import structlog
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.context import Context
from bot.errors import BadInput, BotError, Busy, EngineFailed, FetchFailed, OutOfMemory
from bot.slash import PATTERN, slash

Run = Callable[[Context], Awaitable[None]]
Where = Literal["private", "group", "channel"]
# What /help lists a command under, in this order: the text `topic-<topic>`.
Topic = Literal["material", "texts", "group", "bot"]

EVERYWHERE: frozenset[Where] = frozenset(("private", "group", "channel"))
PRIVATE: frozenset[Where] = frozenset(("private",))
TOPICS: tuple[Topic, ...] = get_args(Topic)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name, other languages' names for it, where it is offered, and what /help lists it under.

    Its menu line is the text `command-<name>` of each locale.
    """

    name: str
    run: Run
    names: Mapping[str, str] = field(default_factory=dict)
    where: frozenset[Where] = EVERYWHERE
    topic: Topic = "bot"

    def name_in(self, language: str) -> str:
        """Return the command's name in a language's menu."""
        return self.names.get(language, self.name)


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text in private chats; what begins like a command is none."""

    run: Run


@dataclass(frozen=True, slots=True)
class File:
    """A document, sent or forwarded, wherever the bot sees it; one with a command below it goes to the command."""

    run: Run


@dataclass(frozen=True, slots=True)
class Overheard:
    """What people say to each other in groups and channels, where the bot sees it. It has been stored already."""

    run: Run


@dataclass(frozen=True, slots=True)
class Membership:
    """The bot was added to a chat, or removed, or its rights changed. The context is not opened: nobody spoke."""

    run: Run


@dataclass(frozen=True, slots=True)
class Moved:
    """A group has become a supergroup, as each of the two says. The context is not opened: nobody spoke."""

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


Handler = Command | Text | File | Overheard | Membership | Moved | Other | Button
PtbHandler = BaseHandler[Any, Any, Any]

# What may go well at another time: people can ask for the same once more.
_PASSING = (Busy, EngineFailed, FetchFailed, OutOfMemory)

# Edits are not new messages, and channel posts come under a name of their own.
_NEW = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST
_PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE


def to_ptb(handlers: Sequence[Handler]) -> list[PtbHandler]:
    """Return PTB's handlers, the most particular first."""
    order: list[type[Handler]] = [Command, Button, Membership, Moved, File, Text, Overheard, Other]
    return [_one(handler) for kind in order for handler in handlers if isinstance(handler, kind)]


def commands(handlers: Iterable[Handler]) -> list[Command]:
    """Return the commands among the handlers."""
    return [handler for handler in handlers if isinstance(handler, Command)]


def _one(handler: Handler) -> PtbHandler:  # noqa: PLR0911 - one for each kind
    run = _serve(handler.run)
    match handler:
        case Command(name, _, names, where):
            return CommandHandler({name, *names.values()}, run, filters=_NEW & _chats(where))
        case Button(prefix):
            return CallbackQueryHandler(run, pattern=re.compile(f"{re.escape(prefix)}:"))
        case File():
            return MessageHandler(_NEW & filters.Document.ALL, run)
        case Overheard():
            return MessageHandler(
                _NEW & ~filters.ChatType.PRIVATE & (filters.TEXT | filters.CAPTION) & ~filters.COMMAND, run
            )
        case Membership():
            return ChatMemberHandler(_notice(handler.run), ChatMemberHandler.MY_CHAT_MEMBER)
        case Moved():
            return MessageHandler(filters.StatusUpdate.MIGRATE, _notice(handler.run))
        case Text():
            return MessageHandler(_PRIVATE & filters.TEXT & ~filters.COMMAND & ~filters.Regex(PATTERN), run)
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
            await (_meant(ctx) or run)(ctx)
        except Exception as error:  # noqa: BLE001 - the one place where errors become replies
            await explain(ctx, error)
        finally:
            await ctx.answer_button()

    return serve


def _meant(ctx: Context) -> Run | None:
    """Return what a message without a command of its own asks for: it answers a question, or has one in other form."""
    if ctx.incoming.callback_query:
        return None
    name = ctx.asked.command if ctx.asked else _written(ctx)
    here = (command for command in ctx.services.commands if ctx.asked or _here(ctx) in command.where)
    found = (command for command in here if name in {command.name, *command.names.values()})
    return next((command.run for command in found), None)


def _written(ctx: Context) -> str:
    """Return the name of a command that Telegram does not report as one: in a caption, or with accents."""
    command = slash(ctx.message.text or ctx.message.caption or "")
    ours = command and command.addressed in ("", (ctx.bot.username or "").lower())
    return command.name if command and ours else ""


def _here(ctx: Context) -> Where:
    return "private" if ctx.place.private else "group" if ctx.is_group else "channel"


def _notice(run: Run) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
    async def notice(_: Update, ctx: Context) -> None:
        await run(ctx)

    return notice


async def explain(ctx: Context, error: Exception) -> None:
    """Tell the person what happened and what to do; for faults of ours with a reference that the log carries too."""
    reference = secrets.token_hex(3)
    if isinstance(error, BotError):
        _log.warning("refused", reference=reference, key=error.key)
        words = ctx.t(error.key, **error.values)
    else:
        _log.error("failed", reference=reference, exc_info=error)
        words = ctx.t("error-unexpected")
    if isinstance(error, TelegramError):
        return  # Telegram did not take a message: another one would not do better
    if not isinstance(error, BadInput):
        words += f"\n\n{ctx.t('error-reference', reference=reference)}"
    try:
        again = [[(ctx.t("button-again"), await ctx.keep_for_another_try())]] if isinstance(error, _PASSING) else []
        await ctx.reply(words, again)
    except TelegramError as refusal:
        _log.warning("no reply", reference=reference, error=type(refusal).__name__)
