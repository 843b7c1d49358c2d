"""How good /classify is: the share of texts that get their label first."""

from collections.abc import Sequence

from bot.evaluation import Case, Output
from bot.inference.api import ChatRequest, Turn
from bot.tasks.classify import classify
from bot.tasks.models import Models

TASK = "classify"


async def ours(models: Models, case: Case) -> Output:
    """Return the labels, the likeliest first."""
    found = await classify(models, case["text"], case["labels"])
    return {"labels": [label.name for label in found], "scores": [label.score for label in found]}


async def bare(models: Models, case: Case) -> Output:
    """Return the label that the chat model's words begin with or contain first; none where they contain none."""
    prompt = f"Classify the text into one of these labels: {', '.join(case['labels'])}. Answer with the label only."
    turns = (Turn("user", f"{prompt}\n\n{case['text']}"),)
    done = await models.generate(ChatRequest(models.chat, turns, max_new_tokens=20, temperature=0.0))
    said = done.text.lower()
    # Of labels that are part of each other ("urgent", "not urgent") the longer one is meant.
    named = [label for label in sorted(case["labels"], key=len, reverse=True) if label.lower() in said]
    return {"labels": named[:1]}


def score(cases: Sequence[Case], outputs: Sequence[Output]) -> dict[str, float]:
    """Return the accuracy in each language."""
    right: dict[str, list[bool]] = {}
    for case, output in zip(cases, outputs, strict=True):
        right.setdefault(case["lang"], []).append(output.get("labels", [])[:1] == [case["label"]])
    return {f"accuracy {language}": sum(found) / len(found) for language, found in sorted(right.items())}
