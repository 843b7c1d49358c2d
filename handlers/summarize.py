"""/summarize: what a text, a message or a file says, in at most half of its length."""

import re
from typing import get_args

from bot import texts
from bot.context import Context
from bot.errors import BadInput
from bot.markdown import escape
from bot.routing import Command
from bot.taking import Given, take
from bot.tasks.models import Models
from bot.tasks.summarize import summarize
from bot.tasks.summarizing.lengths import Length
from bot.working import Outcome, work

_ONLY_LINKS = re.compile(r"(?:\s*https?://\S+)+\s*")


async def run(ctx: Context) -> None:
    """Summarize what is given, short unless another length is named first."""
    length, words = _length(ctx.words)
    given = await take(ctx, words, "summarize", length or "")
    if given is None:
        return
    if _ONLY_LINKS.fullmatch(given.text):
        raise BadInput("summarize-only-link")
    await work(ctx, lambda models: _summary(ctx, models, given, length or "short"))


async def _summary(ctx: Context, models: Models, given: Given, length: Length) -> Outcome:
    done = await summarize(models, given.text, ctx.language, length=length)
    title = ctx.t("summarize-title", title=given.title) if given.title else ""
    return Outcome("\n\n".join(part for part in (title, _shown(done.text)) if part))


def _shown(summary: str) -> str:
    # The dash of a point is ours, what follows it is not.
    lines = [line.removeprefix("- ") for line in summary.splitlines()]
    mark = "- " if summary.startswith("- ") else ""
    return "\n".join(mark + escape(line) for line in lines)


def _length(words: str) -> tuple[Length | None, str]:
    """Return the length that the words begin with, in any language or by its own name, and the other words."""
    first, *rest = words.split(maxsplit=1) or [""]
    for length in get_args(Length):
        names = {texts.text(language, f"length-{length}") for language in texts.languages()}
        if first.lower().rstrip(":") in {length, *names}:
            return length, "".join(rest)
    return None, words


HANDLERS = [Command("summarize", run, {"es": "resumir"}, topic="texts")]
