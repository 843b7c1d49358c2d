"""How good summaries are: near to what a person wrote, within half of the source, with nothing in them invented.

The last is looked for here in another way than the task does: more simply, and rather too strictly.
"""

import re
from collections.abc import Sequence
from statistics import mean
from typing import Any

from bot.evaluation import Case, Output
from bot.inference.api import ChatRequest, Turn
from bot.tasks.models import Models
from bot.tasks.summarize import summarize

TASK = "summarize"

_PROMPTS = {
    "es": "Resume en pocas frases el texto siguiente:",
    "en": "Summarize the following text in a few sentences:",
}
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
# A word in the middle of a sentence: what stands before it ends none.
_INNER = re.compile(r"(?<=[\w,;)] )[^\W\d_]\w+")


async def ours(models: Models, case: Case) -> Output:
    """Return the task's short summary, in the language of the text."""
    return {"summary": (await summarize(models, case["text"], case["lang"])).text}


async def bare(models: Models, case: Case) -> Output:
    """Return the bare model's summary; it may write as many tokens as the task may, half of the source."""
    asked = f"{_PROMPTS[case['lang']]}\n\n{case['text']}"
    request = ChatRequest(
        models.chat, (Turn("user", asked),), max_new_tokens=len(case["text"].split()), temperature=0, copies=True
    )
    return {"summary": (await models.generate(request)).text.strip()}


def score(cases: Sequence[Case], outputs: Sequence[Output]) -> dict[str, float]:
    """Return ROUGE-1, ROUGE-2 and ROUGE-L (F1), and the shares within half of the source and without inventions."""
    found: dict[str, float] = {}
    for language in sorted({case["lang"] for case in cases}):
        pairs = [pair for pair in zip(cases, outputs, strict=True) if pair[0]["lang"] == language]
        measured = [_measured(case, str(output.get("summary", ""))) for case, output in pairs]
        found |= {f"{name} {language}": round(mean(one[name] for one in measured), 4) for name in measured[0]}
    return found


def _measured(case: Case, summary: str) -> dict[str, float]:
    rouge = _scorer().score(case["summary"], summary)
    return {
        "ROUGE-1": rouge["rouge1"].fmeasure,
        "ROUGE-2": rouge["rouge2"].fmeasure,
        "ROUGE-L": rouge["rougeL"].fmeasure,
        "within half": float(bool(summary) and within_half(case["text"], summary)),
        "nothing invented": float(bool(summary) and not strangers(case["text"], summary)),
        "length": len(summary) / len(case["text"]),
    }


def within_half(source: str, summary: str) -> bool:
    """Tell whether a summary has at most half of its source's characters, and of its words."""
    return 2 * len(summary) <= len(source) and 2 * len(summary.split()) <= len(source.split())


def strangers(source: str, summary: str) -> list[str]:
    """Return the numbers of a summary that its source does not have, and the words with a capital letter likewise."""
    numbers, lower = set(_NUMBER.findall(source)), source.casefold()
    unknown = [number for number in _NUMBER.findall(summary) if number not in numbers]
    names = [word for word in _INNER.findall(summary) if word[0].isupper()]
    return unknown + [name for name in names if name.casefold() not in lower]


def _scorer() -> Any:
    from rouge_score import rouge_scorer
    from rouge_score.tokenizers import Tokenizer

    class Words(Tokenizer):  # type: ignore[misc]
        """The library's own takes accented letters for spaces."""

        def tokenize(self, text: str) -> list[str]:
            return re.findall(r"\w+", text.casefold())

    return rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL"], tokenizer=Words())
