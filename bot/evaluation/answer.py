"""How well /answer answers, and how well it says that a text does not have the answer."""

import re
from collections.abc import Sequence

from bot.evaluation import Case, Output
from bot.inference.api import ChatRequest, Turn
from bot.letters import unaccented
from bot.tasks.answer import Passage, answer
from bot.tasks.models import Models

TASK = "answer"

_PLAIN = {
    "es": "Responde a la pregunta con el texto. Si el texto no contiene la respuesta, escribe solo: NOT FOUND.",
    "en": "Answer the question from the text. If the text does not contain the answer, write only: NOT FOUND.",
}
# Letters and figures apart: "28th" has a 28, "38€" a 38.
_WORD = re.compile(r"\d+|[^\W\d_]+")
_MOST = 90
# Who repeats the whole text has not answered: right answers are at most this many words long.
_LONGEST = 40


async def ours(models: Models, case: Case) -> Output:
    """Return the task's answer to a case."""
    done = await answer(models, case["question"], [Passage(case["context"])], case["lang"])
    return {"answer": done.text, "found": done.found, "quotes": [quote.text for quote in done.quotes]}


async def bare(models: Models, case: Case) -> Output:
    """Return the bare model's answer to a plain prompt; it may say that there is none."""
    asked = f"{_PLAIN[case['lang']]}\n\n{case['context']}\n\n{case['question']}"
    done = await models.generate(ChatRequest(models.chat, (Turn("user", asked),), max_new_tokens=_MOST, temperature=0))
    return {"answer": done.text, "found": "not found" not in done.text.casefold(), "quotes": []}


def score(cases: Sequence[Case], outputs: Sequence[Output]) -> dict[str, float]:
    """Return, in each language, which share of the answerable were answered rightly and of the others refused.

    `quoted` is the share of given answers whose quotes all stand in the text, and that have one.
    """
    figures = {}
    for language in sorted({case["lang"] for case in cases}):
        pairs = [pair for pair in zip(cases, outputs, strict=True) if pair[0]["lang"] == language]
        figures[f"right {language}"] = _share([right(case, out) for case, out in pairs if case["answers"]])
        figures[f"refused {language}"] = _share([_refused(out) for case, out in pairs if not case["answers"]])
        figures[f"quoted {language}"] = _share([_quoted(case, out) for case, out in pairs if out.get("found")])
    return figures


def _share(marks: Sequence[bool]) -> float:
    return sum(marks) / len(marks) if marks else 0.0


def right(case: Case, out: Output) -> bool:
    """Tell whether an output has one of the accepted answers, none of the wrong ones, and not the whole text."""
    said = _words(out.get("answer", ""))
    return (
        bool(out.get("found"))
        and len(said.split()) <= _LONGEST
        and any(_has(said, form) for form in case["answers"])
        and not any(_has(said, form) for form in case.get("wrong", []))
    )


def _refused(out: Output) -> bool:
    return out.get("found") is False


def _quoted(case: Case, out: Output) -> bool:
    return bool(out["quotes"]) and all(quote in case["context"] for quote in out["quotes"])


def _has(said: str, form: str) -> bool:
    wanted = _words(form)
    # A longer form may be the beginning of a word: "ped" is not, "pedestrian" is one of "pedestrians".
    return wanted in said if len(wanted) <= 6 else wanted.rstrip() in said


def _words(text: str) -> str:
    return f" {' '.join(_WORD.findall(unaccented(text.casefold())))} "
