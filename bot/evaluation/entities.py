"""How many names /entities finds, each with its exact ends and the right type: strict F1, by seqeval."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.evaluation import Case, Output
from bot.inference.api import ChatRequest, Turn
from bot.tasks import entities
from bot.tasks.models import Models

TASK = "entities"
_MOST = 400
_PROMPT = (
    "Extract the named entities of the text: people (PER), organizations (ORG) and places (LOC). "
    "Answer with JSON: a list of objects with text and type."
)


class _Named(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(max_length=80)]
    type: Literal["PER", "ORG", "LOC"]


class _All(BaseModel):
    model_config = ConfigDict(extra="forbid")

    entities: Annotated[list[_Named], Field(max_length=20)]


async def ours(models: Models, case: Case) -> Output:
    """Return what the task finds."""
    found = await entities.entities(models, case["text"], case["lang"])
    return {"entities": [{"text": e.text, "type": e.type, "start": e.start, "end": e.end} for e in found]}


async def bare(models: Models, case: Case) -> Output:
    """Return what the chat model finds with one plain prompt; a name counts at its first place in the text."""
    turns = (Turn("system", _PROMPT), Turn("user", case["text"]))
    answer = await models.structured(ChatRequest(models.chat, turns, max_new_tokens=_MOST, temperature=0), _All)
    return {"entities": list(_placed(case["text"], answer.entities))}


def _placed(text: str, found: Sequence[_Named]) -> Iterable[Output]:
    for named in found:
        start = text.find(named.text)
        if named.text and start >= 0:
            yield {"text": named.text, "type": named.type, "start": start, "end": start + len(named.text)}


def score(cases: Sequence[Case], outputs: Sequence[Output]) -> dict[str, float]:
    """Return strict F1 over the names of each language; MISC, which the set does not mark, is not counted."""
    figures = {}
    for language in sorted({case["lang"] for case in cases}):
        pairs = [pair for pair in zip(cases, outputs, strict=True) if pair[0]["lang"] == language]
        figures[f"strict F1 {language}"] = _f1(pairs)
    return figures


def _f1(pairs: Sequence[tuple[Case, Output]]) -> float:
    from seqeval.metrics import f1_score
    from seqeval.scheme import IOB2

    tags = [
        (_tags(case["text"], case["entities"]), _tags(case["text"], out.get("entities", []))) for case, out in pairs
    ]
    expected, given = [tag for tag, _ in tags], [tag for _, tag in tags]
    return float(f1_score(expected, given, mode="strict", scheme=IOB2, zero_division=0))


def _tags(text: str, found: Iterable[Output]) -> list[str]:
    """Return an IOB tag for each character, so that a name counts only with its exact ends."""
    tags = ["O"] * len(text)
    for entity in found:
        place = range(entity["start"], entity["end"])
        if entity["type"] == "MISC" or any(tags[index] != "O" for index in place):
            continue
        for index in place:
            tags[index] = f"{'B' if index == entity['start'] else 'I'}-{entity['type']}"
    return tags
