"""The text that a command works on: after it, in the message replied to, in a file, or asked for."""

import asyncio
import re
from dataclasses import dataclass
from typing import Literal

from telegram import Document, Message
from telegram.error import RetryAfter, TelegramError

from bot.context import Context
from bot.delivery import seconds_to_wait
from bot.errors import BadInput, FetchFailed
from bot.storage import people

# https://core.telegram.org/bots/api#getfile
MOST_BYTES = 20 * 2**20
# Seconds before a file that could not be fetched is tried again, and that Telegram may have us wait for one.
_PAUSES, _LONGEST = (0.5, 2.0), 30.0
# The text `footer`, the same in all languages, as it stands at a message's end.
_FOOTER = re.compile(r"\n.* · \d+(?:[.,]\d+)? s(?: · [^\n]*\btokens?)?\Z")


@dataclass(frozen=True, slots=True)
class Given:
    """What a command got to work on, and where it was found; `title` is a file's name."""

    text: str
    kind: Literal["words", "reply", "file"]
    title: str = ""


async def take(ctx: Context, words: str, command: str, options: str = "") -> Given | None:
    """Return what `command` shall work on, None after asking for it: whoever answers has it run with `options` first.

    In this order: `words`, the quoted part of the message replied to, that message's text or file, the file that the
    command is the caption of. The question is the text `ask-<command>`. Raises BadInput for a file that cannot be read.
    """
    if words:
        return Given(words, "words")
    message, replied = ctx.message, await replied_to(ctx)
    if message.quote and replied:
        return Given(message.quote.text, "reply")
    # What a person attaches to the command is meant before what they reply to.
    for source in (message, replied):
        if source and source.document:
            return await _from_file(ctx, source.document)
    if replied and (said := _said(replied, ctx.bot.id)):
        return Given(said, "reply")
    await ctx.ask(ctx.t(f"ask-{command}"), command, options)
    return None


async def replied_to(ctx: Context) -> Message | None:
    """Return the message that a command replies to.

    Raises BadInput where it is of somebody who wants nothing of what they say stored: what is made of it would be.
    """
    replied = None if ctx.asked else ctx.message.reply_to_message
    author = replied.from_user if replied else None
    if author and author.id != ctx.user_id and await ctx.transact(people.silent, ctx.chat.id, author.id):
        raise BadInput("error-opted-out")
    return replied


def _said(message: Message, me: int) -> str:
    """Return what a message says; of the bot's own without the line that /verbose puts below it."""
    said = (message.text or message.caption or "").strip()
    own = message.from_user is not None and message.from_user.id == me
    return _FOOTER.sub("", said).strip() if own else said


async def _from_file(ctx: Context, document: Document) -> Given:
    async with ctx.services.library.room:
        name, data = await download(document)
        read = await ctx.services.library.read(name, data)
    text = "\n\n".join(page.text for page in read.pages if page.text.strip())
    return Given(text, "file", name)


async def download(document: Document) -> tuple[str, bytes]:
    """Return a file's name and content.

    Raises BadInput for more than bots may fetch, FetchFailed where Telegram does not hand it out.
    """
    if (document.file_size or 0) > MOST_BYTES:
        raise BadInput("error-file-too-large", limit=MOST_BYTES // 2**20)
    for pause in _PAUSES:
        try:
            return document.file_name or "", await _fetched(document)
        except TelegramError as error:
            await asyncio.sleep(min(seconds_to_wait(error), _LONGEST) if isinstance(error, RetryAfter) else pause)
    try:
        return document.file_name or "", await _fetched(document)
    except TelegramError as error:
        raise FetchFailed from error


async def _fetched(document: Document) -> bytes:
    file = await document.get_file()
    return bytes(await file.download_as_bytearray())
