"""/classify: which of a person's own labels fits a text."""

import re

from bot.context import Context
from bot.errors import BadInput
from bot.routing import Command
from bot.taking import take
from bot.tasks.classify import classify
from bot.tasks.models import Models
from bot.working import Outcome, work


async def run(ctx: Context) -> None:
    """Choose among the labels, which go before a colon or a line's end, for what follows or is replied to."""
    if not ctx.words:
        await ctx.ask(ctx.t("ask-classify-labels"), "classify", "")
        return
    labels, words = _labels(ctx.words)
    if len(labels) < 2:
        raise BadInput("classify-usage")
    given = await take(ctx, words, "classify", f"{', '.join(labels)}:")
    if given is None:
        return

    async def do(models: Models) -> Outcome:
        found = await classify(models, given.text, labels)
        lines = [ctx.t("classify-line", label=label.name, percent=round(label.score * 100)) for label in found]
        return Outcome("\n".join([f"**{lines[0]}**", *lines[1:]]))

    await work(ctx, do)


def _labels(words: str) -> tuple[list[str], str]:
    """Return the labels, each once, and the text after them."""
    named, *rest = re.split(r"[:\n]", words, maxsplit=1)
    labels = [" ".join(label.split()) for label in re.split("[,;]", named)]
    return list(dict.fromkeys(filter(None, labels))), "".join(rest).strip()


HANDLERS = [Command("classify", run, {"es": "clasificar"}, topic="texts")]
