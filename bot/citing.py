"""Where an answer stands: citations, and buttons that show the passages."""

import re
from collections.abc import Sequence
from functools import cache

from bot import texts
from bot.context import Context
from bot.delivery import Keyboard
from bot.library.documents import unit
from bot.library.search import Hit
from bot.markdown import escape
from bot.storage.materials import Shelf

# A button's label is cut on phones when it is longer.
_LONGEST_TITLE = 28
# Data of a button that shows a passage: this, a colon, and the passage's id.
PREFIX = "passage"


def shelf(ctx: Context) -> Shelf:
    """Return the shelf of the chat and topic at hand."""
    return Shelf(ctx.place.chat_id, ctx.place.thread_id)


def place(ctx: Context, kind: str, page: int, last_page: int) -> str:
    """Return "p. 12", "slides 3–4" or what else a material's pages are, as Markdown."""
    return ctx.t(f"place-{unit(kind)}", number=str(page) if page == last_page else f"{page}–{last_page}")


def citation(ctx: Context, hit: Hit) -> str:
    """Return "[title, p. 12]" as Markdown."""
    return f"{escape('[')}{escape(hit.title)}, {place(ctx, hit.kind, hit.page, hit.last_page)}{escape(']')}"


def uncited(text: str) -> str:
    """Return what a model wrote without "[title, p. 2]": it copies how citations look, and nobody looked these up."""
    return _forged().sub("", text)


@cache
def _forged() -> re.Pattern[str]:
    keys = ("place-page", "place-slide", "place-section")
    places = {texts.text(language, key, number="0") for language in texts.languages() for key in keys}
    said = "|".join(re.escape(place).replace("0", r"\d+(?:[–-]\d+)?") for place in sorted(places))
    return re.compile(rf"[ \t]*\[[^\[\]\n]{{1,200}},[ \t]*(?:{said})\](?!\()", re.IGNORECASE)


def buttons(ctx: Context, hits: Sequence[Hit]) -> Keyboard:
    """Return a button for each passage, one a row."""
    return [[(_label(ctx, hit), f"{PREFIX}:{hit.chunk_id}")] for hit in hits]


def _label(ctx: Context, hit: Hit) -> str:
    title = hit.title if len(hit.title) <= _LONGEST_TITLE else f"{hit.title[: _LONGEST_TITLE - 1]}…"
    return f"📄 {title}, {place(ctx, hit.kind, hit.page, hit.last_page)}"
