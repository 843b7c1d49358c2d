"""Free talk on the group's own material: passages that have to do with what is said, and small talk left alone."""

from collections.abc import Sequence

from bot import texts
from bot.citing import shelf
from bot.context import Context
from bot.library.search import Hit
from bot.storage import materials
from bot.storage.materials import Shelf
from bot.tasks.reading.evidence import roots

# Cosine of multilingual-e5-small between what somebody says and a passage. Over the starter course, 26 of 30 questions
# about it have a passage from here on, and none of 40 greetings, wishes and questions about other things (0.839 at the
# most): docs/models.md.
RELEVANT = 0.843
# Share of an answer's words that a passage has when it was used, and of a question's when it may answer it; shorter
# words stand in every text.
_USED, _TELLING = 0.5, 4
# More passages than these crowd out what was said before.
_MOST = 2


async def relevant(ctx: Context, words: str) -> list[Hit]:
    """Return the passages that a message has to do with, the nearest first; usually there are none."""
    own = _near(await ctx.services.library.search(shelf(ctx), words, limit=10))
    # What the chat studies comes before the course, which all have.
    return (own or _near(await ctx.services.library.search(Shelf(None), words, limit=10)))[:_MOST]


def _near(hits: Sequence[Hit]) -> list[Hit]:
    return sorted((hit for hit in hits if hit.similarity >= RELEVANT), key=lambda hit: -hit.similarity)


async def may_answer(ctx: Context, question: str) -> bool:
    """Tell whether passages may answer a question: they are near it, or one of the chat's own has most of its words."""
    own = await ctx.transact(materials.count, shelf(ctx))
    hits = await ctx.services.library.search(shelf(ctx), question, limit=_MOST) if own else []
    asked = _content(question)
    if any(asked and len(asked & _content(hit.text)) >= _USED * len(asked) for hit in hits):
        return True
    return bool(await relevant(ctx, question))


def used(hits: Sequence[Hit], written: str) -> list[Hit]:
    """Return the passages that an answer draws on: those that have most of its words."""
    words = _content(written)
    return [hit for hit in hits if words and len(words & _content(hit.text)) >= _USED * len(words)]


def _content(text: str) -> set[str]:
    return {root for root in roots(text) if len(root) >= _TELLING}


def with_passages(ctx: Context, words: str, hits: Sequence[Hit]) -> str:
    """Return what the model is told: the words, below the passages that there are."""
    if not hits:
        return words
    passages = "\n\n".join(hit.text for hit in hits)
    return texts.text(ctx.language, "prompt-chat-passages", passages=passages, words=words)
