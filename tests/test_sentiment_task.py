"""How texts sound: by a classifier, by the head on the encoder, by the chat model."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput, EngineFailed
from bot.inference.api import ChatRequest, ClassifyRequest, EmbedRequest, Label, ModelState, Vectors
from bot.tasks.models import Models, News, Part
from bot.tasks.sentiment import FEELINGS, MOST, Mood, head, pieces, sentiment
from tests.conftest import Script

ENCODER = ModelState("multilingual-e5-small", "installed", "encoder")
CLASSIFIER = ModelState("robertuito", "installed", "classifier", tasks=("sentiment",), languages=("es",))


@dataclass
class Installed(Script):
    """A machine with more than a chat model. Its encoder leans towards the feeling that a text names first."""

    more: Sequence[ModelState] = ()
    labels: Sequence[Label] = ()
    asked: list[ClassifyRequest] = field(default_factory=list)

    def states(self) -> list[ModelState]:
        return [*self.more, *super().states()[:2]]

    async def embed(self, request: EmbedRequest) -> Vectors:
        weight = head().weight
        directions = {feeling: 50 * weight[:, place] for place, feeling in enumerate(FEELINGS)}
        rows = [sum(text.count(name) * vector for name, vector in directions.items()) for text in request.texts]
        return np.array([row if np.ndim(row) else np.zeros(len(weight)) for row in rows], dtype=np.float32)

    async def classify(self, request: ClassifyRequest) -> list[tuple[Label, ...]]:
        self.asked.append(request)
        return [tuple(self.labels) for _ in request.texts]


def models(inference: Script) -> Models:
    return Models(inference, "qwen2.5-coder-1.5b")


def added_up(moods: Sequence[Mood]) -> list[float]:
    return [sum(mood.scores.values()) for mood in moods]


async def test_the_head_judges_each_text_by_its_vector() -> None:
    moods = await sentiment(models(Installed(more=[ENCODER])), list(FEELINGS))
    assert [mood.label for mood in moods] == list(FEELINGS)
    assert added_up(moods) == pytest.approx([1, 1, 1])
    assert moods[0].balance < moods[1].balance < moods[2].balance


async def test_the_head_names_the_encoder_that_it_used() -> None:
    used = models(Installed(more=[ENCODER]))
    await sentiment(used, ["positive"])
    assert used.used.models == {"multilingual-e5-small"}


async def test_a_long_text_has_the_mood_of_most_of_it() -> None:
    told: list[News] = []
    watched = replace(models(Installed(more=[ENCODER])), tell=told.append)
    mostly_good = "positive. " * 40 * 300 + "negative. " * 40
    [mood] = await sentiment(watched, [mostly_good])
    assert mood.label == "positive"
    assert sum(mood.scores.values()) == pytest.approx(1)
    assert told == [Part(1, 2), Part(2, 2)]


async def test_a_classifier_is_used_for_its_language_and_the_head_for_others() -> None:
    labels = [Label("NEG", 0.7), Label("NEU", 0.2), Label("POS", 0.1)]
    inference = Installed(more=[CLASSIFIER, ENCODER], labels=labels)
    spanish, english = "No me ha gustado nada el capítulo de hoy", "All in all the chapter was positive, I think"
    moods = await sentiment(models(inference), [english, spanish])
    assert [mood.label for mood in moods] == ["positive", "negative"]
    assert moods[1].scores == {"negative": 0.7, "neutral": 0.2, "positive": 0.1}
    assert [request.texts for request in inference.asked] == [(spanish,)]


async def test_a_classifier_of_something_else_is_refused() -> None:
    inference = Installed(more=[CLASSIFIER], labels=[Label("spam", 1.0)])
    with pytest.raises(EngineFailed):
        await sentiment(models(inference), ["No me ha gustado nada el capítulo de hoy"])


async def test_without_either_the_chat_model_is_asked() -> None:
    def answer(request: ChatRequest) -> list[str]:
        feeling = "negative" if "mal" in request.turns[-1].text else "positive"
        return [json.dumps({"feeling": feeling, "certainty": 80})]

    script = Script(answer)
    moods = await sentiment(models(script), ["todo mal", "todo bien"] * 10)
    assert [mood.label for mood in moods] == ["negative", "positive"] * 10
    assert moods[0].scores == pytest.approx({"negative": 0.8, "neutral": 0.1, "positive": 0.1})
    assert script.most <= 8


async def test_what_the_chat_model_cannot_say_in_form_is_an_error() -> None:
    with pytest.raises(EngineFailed, match="error-no-structure"):
        await sentiment(models(Script(lambda _: ['{"feeling": "sad", "certainty": 80}'])), ["hola"])


async def test_too_much_at_once_is_refused() -> None:
    with pytest.raises(BadInput, match="error-sentiment-too-long"):
        await sentiment(models(Installed(more=[ENCODER])), ["a" * MOST, "b"])
    assert await sentiment(models(Installed(more=[ENCODER])), []) == []


@given(st.text(max_size=3000))
def test_pieces_lose_nothing_and_are_short(text: str) -> None:
    found = pieces(text)
    assert all(len(piece) <= 400 for piece in found)
    assert len(found) > 0
    if any(not letter.isspace() for letter in text):
        kept = "".join("".join(found).split())
        assert kept == "".join(text.split())


def test_the_head_fits_the_encoder_and_is_sane() -> None:
    weights = head()
    assert weights.weight.shape == (384, 3)
    assert weights.bias.shape == (3,)
    assert math.isfinite(float(np.abs(weights.weight).sum()))


def test_no_sentence_is_both_learned_from_and_judged() -> None:
    root = Path(__file__).parents[1]
    learned = {row["text"].lower() for row in _rows(root / "bot/evaluation/sentiment_examples.jsonl")}
    judged = {row["text"].lower() for row in _rows(root / "tests/data/sentiment.jsonl")}
    assert len(judged) == 240
    assert learned.isdisjoint(judged)


def _rows(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
