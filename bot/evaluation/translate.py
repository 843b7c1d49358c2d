"""How good /translate is: chrF (Popović 2015), by sacrebleu; terms of the glossary, and what must stay, that did."""

from collections.abc import Sequence

from bot import texts
from bot.evaluation import Case, Output
from bot.inference.api import ChatRequest, Turn
from bot.tasks.models import Models
from bot.tasks.translate import translate
from bot.tasks.translating import layout, terms, tongues
from bot.tasks.translating.request import room

TASK = "translate"


async def ours(models: Models, case: Case) -> Output:
    """Return the task's translation; the source language is for the task to find out."""
    done = await translate(models, case["text"], case["target"], glossary=_glossary(case))
    return {"translation": done.text}


async def bare(models: Models, case: Case) -> Output:
    """Return the chat model's own translation; the glossary is told to it, too."""
    prompt = f"Translate into {tongues.name(case['target'], texts.DEFAULT)}."
    if case["glossary"]:
        prompt += " Use this glossary:\n" + "\n".join(f"{one} = {other}" for one, other in case["glossary"])
    turns = (Turn("user", f"{prompt}\n\n{case['text']}"),)
    done = await models.generate(ChatRequest(models.chat, turns, room(case["text"]), temperature=0.0))
    return {"translation": done.text.strip()}


def score(cases: Sequence[Case], outputs: Sequence[Output]) -> dict[str, float]:
    """Return chrF (0 to 1) for each way, and the shares of cases that obey the glossary and keep the layout."""
    from sacrebleu.metrics import CHRF

    figures = {}
    for language in sorted({case["lang"] for case in cases}):
        rows = [
            (case, output.get("translation", ""))
            for case, output in zip(cases, outputs, strict=True)
            if case["lang"] == language
        ]
        way = f"{language}→{rows[0][0]['target']}"
        written = [text for _, text in rows]
        figures[f"chrF {way}"] = CHRF().corpus_score(written, [[case["translation"] for case, _ in rows]]).score / 100
        figures[f"glossary obeyed {way}"] = _share([_obeyed(case, text) for case, text in rows if case["glossary"]])
        figures[f"layout kept {way}"] = _share([_kept(case["text"], text) for case, text in rows])
    return figures


def _glossary(case: Case) -> list[tuple[str, str]]:
    return [(one, other) for one, other in case["glossary"]]


def _obeyed(case: Case, text: str) -> bool:
    return terms.obeyed(text, terms.find(case["text"], _glossary(case), case["lang"], case["target"]))


def _kept(text: str, translation: str) -> bool:
    same = layout.kept(text) == layout.kept(translation)
    return same and text.count("\n") == translation.count("\n")


def _share(passed: Sequence[bool]) -> float:
    return sum(passed) / len(passed) if passed else 1.0
