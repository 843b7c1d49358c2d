"""What somebody asks who goes on from the question before: "and in English?", "why?"."""

from functools import cache

from bot import texts
from bot.inference.api import ChatRequest, Turn
from bot.tasks.models import Models

# Who goes on says little; longer questions stand for themselves.
_MOST_WORDS = 8
_LONGEST_ANSWER, _LONGEST_QUESTION = 300, 60


def may_follow(question: str) -> bool:
    """Tell whether a question may need the one before to be understood."""
    return len(question.split()) <= _MOST_WORDS


async def standalone(models: Models, question: str, before: tuple[str, str], language: str) -> str:
    """Return a question that says by itself what one asks after (question, answer); itself if it did already."""
    turns = (*_examples(language), Turn("user", _shown(language, *before, question)))
    request = ChatRequest(models.chat, turns, max_new_tokens=_LONGEST_QUESTION, temperature=0)
    written = (await models.generate(request)).text.strip()
    return written if written and "\n" not in written else question


@cache
def _examples(language: str) -> tuple[Turn, ...]:
    turns = [Turn("system", texts.text(language, "prompt-followup"))]
    for line in texts.text(language, "prompt-followup-examples").splitlines():
        asked, answered, then, whole = line.split(" | ")
        turns += [Turn("user", _shown(language, asked, answered, then)), Turn("assistant", whole)]
    return tuple(turns)


def _shown(language: str, asked: str, answered: str, then: str) -> str:
    answered = " ".join(answered.split())[:_LONGEST_ANSWER]
    return texts.text(language, "prompt-followup-shown", asked=asked, answered=answered, then=then)
