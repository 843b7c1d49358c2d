"""Answer a question from passages, with the sentence that says so, or not at all.

A small chat model answers whatever it is asked. So its answer is taken only if nothing in it is foreign to the
passages, and if the model, shown the one sentence that the answer must come from, confirms that it says so.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot import texts
from bot.errors import BadInput
from bot.inference.api import ChatRequest, ReadRequest
from bot.tasks import answer_prompts as prompts
from bot.tasks.models import Doing, Models
from bot.tasks.reading.evidence import Sentence, about, closest, roots, sentences
from bot.tasks.reading.facts import Facts, facts, invented, mend

# Longer questions are no questions.
_LONGEST_QUESTION = 1000
# What the model reads of passages, in characters: more of it takes long, and a small model finds less in it.
_MOST_TEXT = 6000
# How often each reading of the sentence is looked at, and how often every one must be found to give an answer that the
# model was made to give.
_CHECKS = 4
_ENOUGH_IN_DOUBT = 3
# A reader's answer below this probability is none; its null answer competes with it already.
_SURE = 0.1
# A sentence's first letter, where small ones follow: "NASA" stays.
_BEGINNING = re.compile(r"(?:^|(?<=[.!?¿¡…]))\s*\w(?=[^\W\d_A-ZÁÉÍÓÚÑ])")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a text, its text's title and page, and the id that whoever asks knows it by."""

    text: str
    title: str = ""
    page: int = 0
    id: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """What states the answer: `text == passages[passage].text[start:end]`."""

    passage: int
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with what states it; if none was `found`, `text` says that and there are no quotes."""

    text: str
    found: bool
    quotes: tuple[Quote, ...] = ()


async def answer(models: Models, question: str, passages: Sequence[Passage], language: str) -> Answer:
    """Answer a question in a language from passages alone. Raises BadInput for an overlong question."""
    if len(question) > _LONGEST_QUESTION:
        raise BadInput("answer-question-too-long", limit=_LONGEST_QUESTION)
    nothing = Answer(texts.text(language, "answer-not-found"), found=False)
    # In threads: of a whole file this takes a while.
    passages = await asyncio.to_thread(_naming_the_same, question, passages, language)
    found = await asyncio.to_thread(sentences, [passage.text for passage in passages])
    if not question.strip() or not found:
        return nothing
    if reader := models.for_task("answer", language):
        return await _read(models, reader, question, passages) or nothing
    return await _asked(models, question, passages, found, language) or nothing


def _naming_the_same(question: str, passages: Sequence[Passage], language: str) -> list[Passage]:
    """Return the passages with the text of those emptied that do not know whom or what the question names.

    "ULMFiT's three steps" are not another section's three steps. A name may stand in another passage of the same page.
    """
    known = {place: roots(" ".join(_texts(passages, place))) for place in map(_place, passages)}
    named = invented(_uncapitalized(question), facts(""), language)
    names = [roots(name) for name in named if name != name.casefold() or any(map(str.isdigit, name))]
    able = {place for place in known if all(name <= known[place] for name in names)}
    return [one if _place(one) in able or not able else replace(one, text="") for one in passages]


def _place(passage: Passage) -> tuple[str, int]:
    return passage.title, passage.page


def _texts(passages: Sequence[Passage], place: tuple[str, int]) -> list[str]:
    return [place[0], *(passage.text for passage in passages if _place(passage) == place)]


async def _read(models: Models, reader: str, question: str, passages: Sequence[Passage]) -> Answer | None:
    request = ReadRequest(reader, question, tuple(p.text for p in passages), models.person, models.priority)
    models.used.models.add(reader)
    readings = await models.inference.read(request)
    best, reading = max(enumerate(readings), key=lambda pair: pair[1].score if pair[1].text else -1.0)
    if not reading.text or reading.score < _SURE:
        return None
    return Answer(reading.text, found=True, quotes=(Quote(best, reading.text, reading.start, reading.end),))


async def _asked(
    models: Models, question: str, passages: Sequence[Passage], found: Sequence[Sentence], language: str
) -> Answer | None:
    text = await asyncio.to_thread(_shown, passages, question)
    stated = await asyncio.to_thread(facts, "\n".join([text, *(passage.title for passage in passages)]))
    if any(not roots(word) <= roots(text) for word in invented(_uncapitalized(question), stated, language)):
        return None
    for doubted in (False, True):
        request = prompts.question(models.chat, text, question, language, forced=doubted)
        if said := await _draft(models, request, stated, language):
            models.tell(Doing("check"))
            sentence = await asyncio.to_thread(closest, found, question, said)
            confirmed = _confirmed_in_doubt if doubted else _confirmed
            if not await confirmed(models, found, sentence, question, said, language):
                return None
            return Answer(
                said, found=True, quotes=(Quote(sentence.passage, sentence.text, sentence.start, sentence.end),)
            )
    return None


def _uncapitalized(question: str) -> str:
    """Return a question whose sentences begin with small letters: their capital makes no name of "Who"."""
    return _BEGINNING.sub(lambda match: match.group().lower(), question)


def _shown(passages: Sequence[Passage], question: str) -> str:
    whole = [passage.text for passage in passages if passage.text]
    if sum(map(len, whole)) <= _MOST_TEXT:
        return "\n\n".join(whole)
    return "\n".join(sentence.text for sentence in about(whole, question, _MOST_TEXT))


async def _draft(models: Models, request: ChatRequest, stated: Facts, language: str) -> str:
    """Return what the model answers, "" if that is nothing or has a number or name that the passages have not."""
    said = mend((await models.generate(request)).text.strip(), stated, language)
    return said if prompts.says_something(said, language) and not invented(said, stated, language) else ""


def _readings(found: Sequence[Sentence], sentence: Sentence) -> list[str]:
    """Return a sentence alone and, as it may say "she" or "it", below the one before."""
    before = found[max(0, found.index(sentence) - 1)]
    joined = [f"{before.text} {sentence.text}"] if before.passage == sentence.passage and before != sentence else []
    return [sentence.text, *joined]


async def _confirmed(
    models: Models, found: Sequence[Sentence], sentence: Sentence, question: str, said: str, language: str
) -> bool:
    """Tell whether one reading of a sentence always gives that answer; if only at times, the model reads it again."""
    best = 0
    for reading in _readings(found, sentence):
        best = max(best, await _marks(models, reading, question, said, language))
        if best == _CHECKS:
            return True
    return best > 0 and await _found_again(models, _around(found, sentence), question, said, language)


async def _confirmed_in_doubt(
    models: Models, found: Sequence[Sentence], sentence: Sentence, question: str, said: str, language: str
) -> bool:
    """Tell whether one reading of a sentence always gives that answer, and every reading nearly always.

    The model first saw no answer in the text and was made to give one.
    """
    readings = _readings(found, sentence)
    marks = await asyncio.gather(*(_marks(models, reading, question, said, language) for reading in readings))
    return max(marks) == _CHECKS and min(marks) >= _ENOUGH_IN_DOUBT


async def _marks(models: Models, reading: str, question: str, said: str, language: str) -> int:
    """Return how many of the looks at a reading find that it gives that answer."""
    requests = [prompts.check(models.chat, reading, question, said, language, seed) for seed in range(_CHECKS)]
    done = await asyncio.gather(*map(models.generate, requests))
    return sum(prompts.says_yes(one.text, language) for one in done)


def _around(found: Sequence[Sentence], sentence: Sentence) -> str:
    """Return a sentence between its neighbours in the same passage."""
    place = found.index(sentence)
    near = found[max(0, place - 1) : place + 2]
    return " ".join(one.text for one in near if one.passage == sentence.passage)


async def _found_again(models: Models, text: str, question: str, said: str, language: str) -> bool:
    """Tell whether the model gives the same answer, or part of it, when it has only these few sentences to read."""
    again = (await models.generate(prompts.question(models.chat, text, question, language))).text
    one, other = roots(said), roots(again)
    return prompts.says_something(again, language) and (one <= other or other <= one)
