"""What a chat model is asked for a translation."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import texts
from bot.inference.api import ChatRequest, Turn
from bot.tasks.translating import tongues

_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Manner:
    """One way of asking for the same: the first of the examples shown (0: none), how freely it is written, its seed."""

    first: int
    temperature: float
    seed: int


# The first so many are written as the model is surest; the freer ones are for what it will not get right then.
SURE = 3
MANNERS = (Manner(1, 0.0, 0), Manner(6, 0.0, 0), Manner(0, 0.0, 0), Manner(1, 0.6, 1), Manner(6, 0.6, 2))


def request(
    model: str, text: str, source: str, target: str, wanted: Sequence[tuple[str, str]], manner: Manner
) -> ChatRequest:
    """Return the request for a stretch's translation, in which the `wanted` terms are to be translated so."""
    language = _of_prompt(source, target)
    system = texts.text(
        language,
        "prompt-translate",
        source=tongues.name(source, language),
        target=tongues.name(target, language),
    )
    if wanted:
        listed = "; ".join(f"{term} = {translation}" for term, translation in dict(wanted).items())
        system = f"{system} {texts.text(language, 'prompt-translate-terms', terms=listed)}"
    turns = [Turn("system", system)]
    if manner.first and {source, target} <= set(texts.languages()):
        for number in range(manner.first, manner.first + _EXAMPLES):
            turns.append(Turn("user", texts.text(source, f"prompt-translate-example-{number}")))
            turns.append(Turn("assistant", texts.text(target, f"prompt-translate-example-{number}")))
    turns.append(Turn("user", text))
    return ChatRequest(model, tuple(turns), room(text), temperature=manner.temperature, top_p=0.95, seed=manner.seed)


def room(text: str) -> int:
    """Return how many tokens a translation may take: twice what it should, so that one that repeats itself ends."""
    return len(text.encode()) // 2 + 40


def _of_prompt(source: str, target: str) -> str:
    """Return the language to ask in: the one to answer in, if there are texts in it, else the other or the default."""
    return next((code for code in (target, source) if code in texts.languages()), texts.DEFAULT)
