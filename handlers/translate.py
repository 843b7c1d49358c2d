"""/translate: a text in another language; code in it stays code."""

import asyncio
from collections.abc import Iterator, Sequence

from telegram import MessageEntity
from telegram.constants import MessageEntityType

from bot import texts
from bot.context import Context
from bot.markdown import split
from bot.routing import Command
from bot.storage import glossary
from bot.taking import Given, take
from bot.tasks.detect import detect
from bot.tasks.models import Models
from bot.tasks.translate import languages, source_of, translate
from bot.tasks.translating import tongues
from bot.working import Outcome, work


async def run(ctx: Context) -> None:
    """Translate what is given into the language that is named, or by the person's language."""
    target, words = await asyncio.to_thread(_language, ctx.words)
    given = await take(ctx, words, "translate", target)
    if given is None:
        return
    terms = await ctx.transact(glossary.terms, ctx.chat.id)
    code = _code(ctx, given)
    source = await asyncio.to_thread(source_of, given.text, languages(ctx.models()), target)
    wanted = target or _other(ctx.language, source)

    async def do(models: Models) -> Outcome:
        done = await translate(
            models, given.text, wanted, source=source, glossary=terms, code=[text for text, _ in code]
        )
        return Outcome(parts=tuple(split(done.text, list(_marked(done.text, code)))))

    await work(ctx, do)


def _language(words: str) -> tuple[str, str]:
    """Return the language that the words begin with, "" for none, and the other words."""
    first, *rest = words.split(maxsplit=1)[:2] or [""]
    code, others = tongues.parse(first.rstrip(":")), "".join(rest)
    # "es un día bonito" names no language: nobody asks for Spanish text in Spanish.
    if code and not (others and first == code and detect(others) == code):
        return code, others
    return "", words


def _other(language: str, source: str) -> str:
    """Return the person's language; the next of the bot's languages for a text that is in the person's own."""
    if source != language:
        return language
    return next(code for code in texts.languages() if code != language)


def _code(ctx: Context, given: Given) -> list[tuple[str, MessageEntity]]:
    """Return what Telegram shows as code in the text, in its order: the marks that it was written with are gone."""
    message = ctx.message.reply_to_message if given.kind == "reply" else ctx.message
    if message is None or given.kind == "file":
        return []
    kinds: list[str | None] = [MessageEntityType.CODE, MessageEntityType.PRE]
    found = {**message.parse_entities(kinds), **message.parse_caption_entities(kinds)}
    return [
        (text, entity) for entity, text in sorted(found.items(), key=lambda one: one[0].offset) if text in given.text
    ]


def _marked(text: str, code: Sequence[tuple[str, MessageEntity]]) -> Iterator[MessageEntity]:
    """Yield entities for the code where it stands in the translation, in UTF-16 units."""
    place = 0
    for words, entity in code:
        start = text.find(words, place)
        if start >= 0:
            place = start + len(words)
            yield MessageEntity(entity.type, _units(text[:start]), _units(words), language=entity.language)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


HANDLERS = [Command("translate", run, {"es": "traducir"}, topic="texts")]
