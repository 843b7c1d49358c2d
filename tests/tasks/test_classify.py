import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.inference.api import ChatRequest, ClassifyRequest, EmbedRequest, Label, ModelState, Vectors
from bot.tasks.classify import MOST, MOST_LABELS, MOST_LETTERS, classify, plain
from bot.tasks.models import Models
from tests.conftest import Script

CHAT = "qwen2.5-coder-1.5b"
LABELS = ["deportes", "economía", "cultura"]


def offered(request: ChatRequest) -> list[str]:
    return list(json.loads(request.schema)["properties"]["label"]["enum"])


class Encoding(Script):
    """With an encoder that finds the text like the last label alone."""

    def states(self) -> list[ModelState]:
        return [*super().states()[:2], ModelState("e5", "installed", "encoder")]

    async def embed(self, request: EmbedRequest) -> Vectors:
        vectors = np.zeros((len(request.texts), 2), dtype=np.float32)
        vectors[1:-1, 1] = 1
        vectors[[0, -1], 0] = 1
        return vectors


class Inferring(Script):
    """With a model of inference."""

    asked: ClassifyRequest

    def states(self) -> list[ModelState]:
        return [*super().states(), ModelState("nli", "installed", "classifier", tasks=("classify",))]

    async def classify(self, request: ClassifyRequest) -> list[tuple[Label, ...]]:
        self.asked = request
        return [(Label("cultura", 0.7), Label("deportes", 0.2), Label("economía", 0.1))]


def choosing(place: int) -> Script:
    """A chat model that takes the label at one place, whatever it says."""
    return Script(lambda request: [json.dumps({"label": offered(request)[place]})])


async def scores(script: Script, text: str = "El equipo ganó", labels: list[str] = LABELS) -> list[tuple[str, float]]:
    return [(one.name, round(one.score, 3)) for one in await classify(Models(script, CHAT), text, labels)]


async def test_the_chat_model_is_asked_with_the_labels_in_either_order() -> None:
    script = choosing(0)
    assert await scores(script) == [("deportes", 0.5), ("cultura", 0.5), ("economía", 0.0)]
    names = ["deportes", "economia", "cultura"]
    assert sorted(map(offered, script.requests)) == sorted([names, names[::-1]])


async def test_a_sure_choice_counts_whole() -> None:
    script = choosing(1)
    assert (await scores(script))[0] == ("economía", 1.0)


async def test_the_encoder_counts_as_much() -> None:
    script = Encoding(choosing(0).answer)
    assert await scores(script) == [("cultura", 0.667), ("deportes", 0.333), ("economía", 0.0)]


async def test_a_model_of_inference_is_used() -> None:
    script = Inferring()
    assert await scores(script) == [("cultura", 0.7), ("deportes", 0.2), ("economía", 0.1)]
    assert script.asked.hypothesis == "Este texto trata de {}."
    assert script.requests == []


async def test_one_label_needs_no_model() -> None:
    script = choosing(0)
    assert await scores(script, labels=["a", " a ", ""]) == [("a", 1.0)]
    assert script.requests == []


@pytest.mark.parametrize(
    ("text", "labels", "key"),
    [
        ("x", [], "classify-labels"),
        ("x", [" "], "classify-labels"),
        ("x", [str(number) for number in range(MOST_LABELS + 1)], "classify-labels"),
        ("x", ["a", "b" * (MOST_LETTERS + 1)], "classify-labels"),
        ("x" * (MOST + 1), ["a", "b"], "classify-too-long"),
    ],
)
async def test_what_cannot_be_classified_is_said(text: str, labels: list[str], key: str) -> None:
    with pytest.raises(BadInput, match=key):
        await classify(Models(choosing(0), CHAT), text, labels)


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=8, unique=True))
def test_each_label_has_a_plain_name_of_its_own(labels: list[str]) -> None:
    names = plain(labels)
    assert list(names.values()) == labels
    assert all(name.isascii() and name for name in names)


def test_plain_names_read_like_their_labels() -> None:
    assert list(plain(["economía", "año", "ano", "音楽"])) == ["economia", "ano", "ano 3", "4"]
