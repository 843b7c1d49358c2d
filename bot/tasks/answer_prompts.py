"""What the chat model is shown to answer from a text, and to check an answer. Examples stand in the locales."""

from collections.abc import Iterator
from functools import cache

from bot import texts
from bot.inference.api import ChatRequest, Turn

# Between an example's question and its answer; the answer that there is none.
_ARROW, _NONE = " → ", "–"
_LONGEST_ANSWER = 90
_LONGEST_CHECK = 3


def question(model: str, text: str, asked: str, language: str, *, forced: bool = False) -> ChatRequest:
    """Return the request for an answer; `forced`, it has no example of there being none."""
    turns = (*_examples(language, forced=forced), Turn("user", f"{text}\n\n{asked}"))
    return ChatRequest(model, turns, max_new_tokens=_LONGEST_ANSWER, temperature=0)


def says_something(said: str, language: str) -> bool:
    """Tell whether an answer is one, and not that the text has none."""
    nothing = texts.text(language, "prompt-answer-nothing").casefold()
    return bool(said.strip()) and nothing not in said.casefold()


def check(model: str, sentence: str, asked: str, said: str, language: str, seed: int) -> ChatRequest:
    """Return the request that asks whether a sentence gives that answer to that question."""
    turns = (*_checks(language), Turn("user", _checked(language, sentence, asked, said)))
    return ChatRequest(model, turns, max_new_tokens=_LONGEST_CHECK, temperature=1.0, top_p=0.9, seed=seed)


def says_yes(said: str, language: str) -> bool:
    """Tell whether a check came out well."""
    return said.strip().casefold().startswith(texts.text(language, "prompt-answer-yes"))


@cache
def _examples(language: str, *, forced: bool) -> tuple[Turn, ...]:
    instructions = Turn("system", texts.text(language, "prompt-answer-forced" if forced else "prompt-answer"))
    blocks = texts.text(language, "prompt-answer-examples").split("\n\n")
    return (instructions, *(turn for block in blocks for turn in _example(block, language, forced=forced)))


def _example(block: str, language: str, *, forced: bool) -> Iterator[Turn]:
    text, *lines = block.splitlines()
    pairs = [line.split(_ARROW) for line in lines if not (forced and line.endswith(_NONE))]
    for number, (asked, said) in enumerate(pairs):
        yield Turn("user", asked if number else f"{text}\n\n{asked}")
        yield Turn("assistant", texts.text(language, "prompt-answer-nothing") if said == _NONE else said)


@cache
def _checks(language: str) -> tuple[Turn, ...]:
    turns = [Turn("system", texts.text(language, "prompt-answer-check"))]
    for line in texts.text(language, "prompt-answer-check-examples").splitlines():
        sentence, asked, said, verdict = line.split(" | ")
        turns.append(Turn("user", _checked(language, sentence, asked, said)))
        turns.append(Turn("assistant", texts.text(language, f"prompt-answer-{'no' if verdict == _NONE else 'yes'}")))
    return tuple(turns)


def _checked(language: str, sentence: str, asked: str, said: str) -> str:
    return texts.text(language, "prompt-answer-checked", sentence=sentence, question=asked, answer=said)
