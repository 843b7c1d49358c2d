"""How often /sentiment finds what a text sounds like: macro-F1 over positive, neutral and negative."""

from collections.abc import Sequence

from bot.evaluation import Case, Output
from bot.inference.api import ChatRequest, Turn
from bot.tasks.models import Models
from bot.tasks.sentiment import FEELINGS, sentiment

TASK = "sentiment"

_PLAIN = "What is the sentiment of this text? Answer with one word: positive, neutral or negative.\n\n{text}"


async def ours(models: Models, case: Case) -> Output:
    """Return what the task says."""
    [mood] = await sentiment(models, [case["text"]])
    return {"label": mood.label, "scores": mood.scores}


async def bare(models: Models, case: Case) -> Output:
    """Return the first of the three words that the bare model says."""
    turns = (Turn("user", _PLAIN.format(text=case["text"])),)
    done = await models.generate(ChatRequest(models.chat, turns, max_new_tokens=8, temperature=0))
    said = done.text.lower()
    places = {feeling: said.find(feeling) for feeling in FEELINGS if feeling in said}
    return {"label": min(places, key=places.__getitem__) if places else ""}


def score(cases: Sequence[Case], outputs: Sequence[Output]) -> dict[str, float]:
    """Return macro-F1 in each language. No label counts as a wrong one."""
    from sklearn.metrics import f1_score

    figures = {}
    for language in sorted({case["lang"] for case in cases}):
        pairs = [(c["label"], o.get("label", "")) for c, o in zip(cases, outputs, strict=True) if c["lang"] == language]
        right, said = zip(*pairs, strict=True)
        figures[f"macro-F1 {language}"] = float(
            f1_score(right, said, labels=list(FEELINGS), average="macro", zero_division=0)
        )
    return figures
