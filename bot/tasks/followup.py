"""What somebody asks who goes on from the question before: "and in English?", "why?"."""

import re
from functools import cache

from bot import texts
from bot.inference.api import ChatRequest, Turn
from bot.letters import unaccented
from bot.tasks.models import Models

# Who goes on says little; longer questions stand for themselves.
_MOST_WORDS = 8
_WORD = re.compile(r"\w+")
_LONGEST_ANSWER, _LONGEST_QUESTION = 300, 60


def asks(words: str) -> bool:
    """Tell whether what somebody says looks like a question."""
    said = _words(words)
    first = said[1:] if said[:1] and said[0] in _listed("asked-beginnings") else said
    return "?" in words or (bool(first) and first[0] in _listed("asked-words"))


def adds(words: str) -> bool:
    """Tell whether what somebody says begins like something added: "and", "but"."""
    said = _words(words)
    return bool(said) and said[0] in _listed("asked-beginnings")


def same(one: str, other: str) -> bool:
    """Tell whether two questions have the same words."""
    return _words(one) == _words(other)


def language_asked(words: str) -> str:
    """Return the language that somebody asks for who asks for nothing else ("and in English?"), or ""."""
    said = f" {' '.join(_words(words))} "
    for language in texts.languages():
        for phrase in texts.text(language, "asked-in").split("|"):
            wanted = f" {' '.join(_words(phrase))} "
            if wanted in said and set(said.replace(wanted, " ", 1).split()) <= _listed("asked-politely"):
                return language
    return ""


@cache
def _listed(key: str) -> frozenset[str]:
    return frozenset(word for language in texts.languages() for word in _words(texts.text(language, key)))


def _words(text: str) -> list[str]:
    """Return the words without case and accents."""
    return _WORD.findall(unaccented(text.casefold()))


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
