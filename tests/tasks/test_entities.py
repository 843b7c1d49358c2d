"""Names in texts: where they may be, what they are, and that each stands where it is said to."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.inference.api import ChatRequest, EmbedRequest, ModelState, Span, TagRequest, Vectors
from bot.tasks.entities import LONGEST, TYPES, Entity, entities, repair
from bot.tasks.models import Models, News, Part
from bot.tasks.naming import head as entity_head
from bot.tasks.naming.found import Candidate, candidates
from bot.tasks.naming.kinds import occurrences
from bot.tasks.naming.marks import NUMBER, context, marks
from tests.conftest import Script

CHAT = "qwen2.5-coder-1.5b"


def say(of: dict[str, str]) -> Script:
    """Return a chat model that says of each name what `of` says, and "other" of the rest."""

    def answer(request: ChatRequest) -> list[str]:
        names = json.loads(request.schema)["properties"]
        if "people" in names:
            return [json.dumps({"people": ["lola", "ausente"], "organizations": [], "places": ["de"]})]
        return [json.dumps({name: of.get(name.partition(" ")[2], "other") for name in names})]

    return Script(answer)


@dataclass
class Tagger(Script):
    """A tagger with labels of its own."""

    spans: Sequence[Span] = ()

    def states(self) -> list[ModelState]:
        return [*super().states(), ModelState("tagger", "installed", "tagger", tasks=("entities",), languages=("es",))]

    async def tag(self, request: TagRequest) -> list[tuple[Span, ...]]:
        return [tuple(self.spans) for _ in request.texts]


@dataclass
class Encoder(Script):
    """The starter encoder, with vectors that tell nothing, so that the marks decide."""

    embedded: int = 0

    def states(self) -> list[ModelState]:
        return [*super().states()[:2], ModelState("multilingual-e5-small", "loaded", "encoder")]

    async def embed(self, request: EmbedRequest) -> Vectors:
        self.embedded += len(request.texts)
        return np.zeros((len(request.texts), 384), dtype=np.float32)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ayer Marta Ruiz fue a Sevilla.", ["Marta Ruiz", "Sevilla"]),
        ("La Universidad de Granada y Ana firman.", ["Universidad de Granada", "Ana"]),
        ("El Ministerio de Ciencia e Innovación calla.", ["Ministerio de Ciencia e Innovación"]),
        ("Saluda a la Dra. Peña y a Mr. Smith.", ["Peña", "Smith"]),
        ("Trabaja en Indra S.A. Después se fue.", ["Indra S.A."]),
        ("She studied at the University of Oslo.", ["University of Oslo"]),
        ("Tom's sister was at Guy's Hospital.", ["Tom", "Guy's Hospital"]),
        ("Procter & Gamble hired J. K. Rowan.", ["Procter & Gamble", "J. K. Rowan"]),
        ("I speak English on Mondays. BERT too.", []),
        ("Escribe a ana@example.org o a @Marta, mira https://Madrid.es y `Lola`.", []),
        ("vivo en buenos aires con lucía", ["buenos aires", "lucía"]),
        ("Subimos despacio. Cruzamos el puente.", []),
        ("", []),
    ],
)
def test_stretches_that_may_be_names(text: str, names: list[str]) -> None:
    assert [item.text for item in candidates(text)] == names


@given(st.text(st.sampled_from("aé🎉 .-'&\nAnaLeónde SevillaTomS.A.'s,«»")) | st.text(max_size=200))
def test_candidates_stand_where_they_say_in_order_and_apart(text: str) -> None:
    position = 0
    for item in candidates(text):
        assert text[item.start : item.end] == item.text
        assert position <= item.start < item.end
        position = item.end


Spans = st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60), st.sampled_from(TYPES)), max_size=20)


@given(st.text(max_size=50), Spans)
def test_repaired_entities_are_in_the_text_trimmed_and_apart(text: str, spans: list[tuple[int, int, str]]) -> None:
    found = [Entity("made up", kind, start, end) for start, end, kind in spans]  # type: ignore[arg-type]
    position = 0
    for entity in repair(text, found):
        assert entity.text == text[entity.start : entity.end] == entity.text.strip()
        assert position <= entity.start < entity.end
        position = entity.end


def test_of_two_that_overlap_the_longer_stays() -> None:
    text = "Universidad de Granada"
    found = [Entity("Granada", "LOC", 15, 22), Entity(text, "ORG", 0, 22)]
    assert repair(text, found) == (Entity(text, "ORG", 0, 22),)


async def test_the_chat_model_says_what_each_name_is() -> None:
    script = say({"ana": "person", "cadiz": "place"})
    found = await entities(Models(script, CHAT), "Mañana llega Ana de Cádiz, y Ana trae Zumbix.", "es")
    assert [(e.text, e.type, e.start) for e in found] == [("Ana", "PER", 13), ("Cádiz", "LOC", 20), ("Ana", "PER", 29)]


async def test_without_capitals_the_chat_model_proposes_names_that_must_be_there() -> None:
    script = say({"lola": "person"})
    found = await entities(Models(script, CHAT), "de parte de lola, que llega tarde", "es")
    assert [(e.text, e.type) for e in found] == [("lola", "PER")]


async def test_with_the_encoder_the_chat_model_is_asked_only_in_doubt() -> None:
    encoder = Encoder(say({}).answer)
    text = "Los de Procter & Gamble callan."
    assert [(e.text, e.type) for e in await entities(Models(encoder, CHAT), text, "es")] == [
        ("Procter & Gamble", "ORG")
    ]
    assert encoder.embedded == 2
    assert encoder.requests == []


async def test_a_tagger_is_used_where_there_is_one_and_its_labels_are_understood() -> None:
    spans = [Span(" Ana", "B-PERSON", 4, 8, 0.9), Span("Goya", "AWARD", 15, 19, 0.9), Span("x", "LOC", 90, 91, 0.9)]
    tagger = Tagger(spans=spans)
    found = await entities(Models(tagger, CHAT), "Ganó Ana en el Goya.", "es")
    assert [(e.text, e.type) for e in found] == [("Ana", "PER"), ("Goya", "MISC")]
    assert tagger.requests == []


async def test_a_long_text_is_worked_on_in_parts_that_keep_their_places() -> None:
    told: list[News] = []
    text = "Hoy viene Ana a cenar con todos. " * 120
    found = await entities(Models(say({"ana": "person"}), CHAT, tell=told.append), text, "es")
    assert [e.start for e in found] == [10 + 33 * n for n in range(120)]
    assert {news.of for news in told if isinstance(news, Part)} == {3}


async def test_more_than_a_book_is_refused() -> None:
    with pytest.raises(BadInput, match="entities-too-long"):
        await entities(Models(say({}), CHAT), "a" * (LONGEST + 1), "es")


def test_a_name_is_found_as_a_whole_word_and_common_words_are_none() -> None:
    assert occurrences("Ana, ana y Anabel", "ana") == [Candidate("Ana", 0, 3), Candidate("ana", 5, 8)]
    assert occurrences("de la casa", "de la") == []


def test_the_head_fits_its_features() -> None:
    head = entity_head.head()
    assert head.weight.shape == (2 * 384 + NUMBER, len(entity_head.CLASSES))
    item = Candidate("Ana", 9, 12)
    assert len(marks("Ayer vio Ana a Luis.", item)) == NUMBER
    assert context("Ayer vio Ana a Luis.", item) == "Ayer vio [X] a Luis."
    rows = head.probabilities(np.zeros((3, head.weight.shape[0]), dtype=np.float32))
    assert rows.sum(axis=1) == pytest.approx([1, 1, 1])
