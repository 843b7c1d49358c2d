"""Free talk on the group's own material: passages that have to do with what is said, and small talk left alone."""

from collections.abc import Sequence

from bot import texts
from bot.citing import shelf
from bot.context import Context
from bot.library.search import Hit

# Cosine of multilingual-e5-small between what somebody says and a passage. Over the starter course, 26 of 30 questions
# about it have a passage from here on, and none of 40 greetings, wishes and questions about other things (0.839 at the
# most): docs/models.md.
RELEVANT = 0.843
# More passages than these crowd out what was said before.
_MOST = 2


async def relevant(ctx: Context, words: str) -> list[Hit]:
    """Return the passages that a message has to do with, the nearest first; usually there are none."""
    hits = await ctx.services.library.search(shelf(ctx), words, limit=10)
    near = sorted((hit for hit in hits if hit.similarity >= RELEVANT), key=lambda hit: -hit.similarity)
    return near[:_MOST]


def with_passages(ctx: Context, words: str, hits: Sequence[Hit]) -> str:
    """Return what the model is told: the words, below the passages that there are."""
    if not hits:
        return words
    passages = "\n\n".join(hit.text for hit in hits)
    return texts.text(ctx.language, "prompt-chat-passages", passages=passages, words=words)
