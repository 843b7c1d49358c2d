"""Whether texts sound positive, neutral or negative.

By a classifier where one is installed for the text's language; else by a head on the encoder's vectors
(sentiment_head.safetensors; bot/evaluation/train_sentiment.py trains it on people's ratings); else by the chat model.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from pydantic import BaseModel, Field

from bot import texts as locales
from bot.errors import BadInput, EngineFailed
from bot.inference.api import ChatRequest, ClassifyRequest, Turn
from bot.tasks.detect import detect
from bot.tasks.encoder_head import ENCODER, Head, embed
from bot.tasks.models import Models, Part
from bot.tasks.reading.sentences import sentences

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

Feeling: TypeAlias = Literal["negative", "neutral", "positive"]
FEELINGS: tuple[Feeling, ...] = get_args(Feeling)
HEAD = Path(__file__).with_name("sentiment_head.safetensors")

# Characters of all texts of one call; the encoder takes a minute for as many on two cores.
MOST = 400_000
# Characters of a piece. Encoders read 512 tokens, and the head was trained on sentences.
_PIECE = 400
# Questions to the chat model in flight together; more of one person would only keep the queue full.
_QUESTIONS = 8
# Texts between two looks at how far it is.
_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Mood:
    """How a text sounds, and the probability of each of FEELINGS; they add up to 1."""

    label: Feeling
    scores: dict[str, float]

    @property
    def balance(self) -> float:
        """From -1, surely negative, to 1, surely positive."""
        return self.scores["positive"] - self.scores["negative"]


class Judgement(BaseModel):
    """What the chat model says of a text; `certainty` in percent."""

    feeling: Feeling
    certainty: int = Field(ge=34, le=100)


async def sentiment(models: Models, texts: Sequence[str]) -> list[Mood]:
    """Return the mood of each text, of a long one that of its pieces on the whole.

    Raises BadInput for more than MOST characters in all, EngineFailed for a classifier with labels of other things.
    """
    if sum(map(len, texts)) > MOST:
        raise BadInput("error-sentiment-too-long", limit=MOST)
    cut = [pieces(text) for text in texts]
    moods = await _moods(models, [piece for each in cut for piece in each])
    found = iter(moods)
    return [_whole([(next(found), len(piece)) for piece in each]) for each in cut]


def pieces(text: str) -> list[str]:
    """Return a text as pieces of whole sentences, at least one; only a sentence that is very long is cut itself."""
    if len(text) <= _PIECE:
        return [text]
    found = [""]
    for sentence in sentences(text):
        for start in range(0, len(sentence), _PIECE):
            part = sentence[start : start + _PIECE]
            if len(found[-1]) + len(part) >= _PIECE:
                found.append("")
            found[-1] = f"{found[-1]} {part}".strip()
    return [piece for piece in found if piece] or [text[:_PIECE]]


def _whole(moods: Sequence[tuple[Mood, int]]) -> Mood:
    total = sum(length for _, length in moods) or 1
    weights = [(mood, length / total if len(moods) > 1 else 1.0) for mood, length in moods]
    return _mood({feeling: sum(mood.scores[feeling] * weight for mood, weight in weights) for feeling in FEELINGS})


def _mood(scores: dict[str, float]) -> Mood:
    return Mood(max(FEELINGS, key=scores.__getitem__), scores)


async def _moods(models: Models, texts: Sequence[str]) -> list[Mood]:
    moods: list[Mood] = []
    starts = range(0, len(texts), _AT_ONCE)
    for number, start in enumerate(starts, 1):
        if len(starts) > 1:
            models.tell(Part(number, len(starts)))
        moods += await _some_moods(models, texts[start : start + _AT_ONCE])
    return moods


async def _some_moods(models: Models, texts: Sequence[str]) -> list[Mood]:
    languages = await asyncio.to_thread(lambda: [detect(text) for text in texts])
    chosen = [models.for_task("sentiment", language) for language in languages]
    found: dict[int, Mood] = {}
    for model, places in groupby(sorted(range(len(texts)), key=chosen.__getitem__), key=chosen.__getitem__):
        order = list(places)
        moods = await _by(models, model, [texts[place] for place in order])
        found.update(zip(order, moods, strict=True))
    return [found[place] for place in range(len(texts))]


async def _by(models: Models, classifier: str, texts: Sequence[str]) -> list[Mood]:
    if classifier:
        return await _by_classifier(models, classifier, texts)
    if has_encoder(models):
        return await _by_head(models, texts)
    return await _by_chat(models, texts)


async def _by_classifier(models: Models, model: str, texts: Sequence[str]) -> list[Mood]:
    models.used.models.add(model)
    request = ClassifyRequest(model, tuple(texts), person=models.person, priority=models.priority)
    return [
        _mood(_named({label.name: label.score for label in labels}))
        for labels in await models.inference.classify(request)
    ]


def _named(scores: dict[str, float]) -> dict[str, float]:
    """Return scores by FEELINGS from a model's own labels, which begin like them: "NEG", "Positive"."""
    found: dict[str, float] = dict.fromkeys(FEELINGS, 0.0)
    for name, score in scores.items():
        feeling = next((feeling for feeling in FEELINGS if name.lower()[:3] == feeling[:3]), None)
        if feeling is None:
            raise EngineFailed
        found[feeling] += score
    return found


def has_encoder(models: Models) -> bool:
    """Tell whether the encoder that the head was trained on is installed."""
    states = models.inference.states()
    return any(state.id == ENCODER and state.state not in ("missing", "failed") for state in states)


async def _by_head(models: Models, texts: Sequence[str]) -> list[Mood]:
    return await asyncio.to_thread(judge, head(), await embed(models, texts))


@cache
def head() -> Head:
    """Return the head that comes with the bot."""
    from safetensors.numpy import load_file

    tensors = load_file(HEAD)
    return Head(tensors["weight"], tensors["bias"])


def judge(weights: Head, vectors: "Floats") -> list[Mood]:
    """Return the mood of each vector of shape (texts, dimensions)."""
    rows = weights.probabilities(vectors)
    return [_mood(dict(zip(FEELINGS, map(float, row), strict=True))) for row in rows]


def quick(models: Models) -> bool:
    """Tell whether many texts can be judged in little time: the chat model would take a second for each."""
    return has_encoder(models) or bool(models.for_task("sentiment"))


async def _by_chat(models: Models, texts: Sequence[str]) -> list[Mood]:
    free = asyncio.Semaphore(_QUESTIONS)

    async def one(text: str) -> Mood:
        async with free:
            return await _by_question(models, text)

    return list(await asyncio.gather(*map(one, texts)))


async def _by_question(models: Models, text: str) -> Mood:
    turns = (Turn("system", locales.text(detect(text), "prompt-sentiment")), Turn("user", text))
    said = await models.structured(ChatRequest(models.chat, turns, max_new_tokens=40, temperature=0), Judgement)
    sure = said.certainty / 100
    return _mood({feeling: sure if feeling == said.feeling else (1 - sure) / 2 for feeling in FEELINGS})
