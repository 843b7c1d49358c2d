"""/entities, through the front door."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import MessageEntity

from bot.inference.api import ChatRequest
from bot.markdown import MAX_ENTITIES
from handlers.entities import Styled
from tests.conftest import GROUP, JSON, Script, Visitor

# What the chat model says of any name.
KINDS = {"ana": "person", "telefonica": "organization", "sevilla": "place"}


@pytest.fixture
def script() -> Script:
    def answer(request: ChatRequest) -> list[str]:
        names = json.loads(request.schema)["properties"]
        if "people" in names:  # asked which names there are in a text without capitals
            return [json.dumps({"people": [], "organizations": [], "places": []})]
        return [json.dumps({name: KINDS.get(name.partition(" ")[2], "other") for name in names})]

    return Script(answer)


def marked(message: JSON) -> list[tuple[str, str]]:
    units = message["text"].encode("utf-16-le")
    return [
        (units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le"), e["type"])
        for e in message.get("entities", [])
    ]


async def test_names_are_marked_in_the_text_and_listed(people: Visitor) -> None:
    await people.say("/entidades 🎉 Mi amiga Ana vive en Sevilla. Con Ana trabajé en Telefónica.")
    heard = await people.hear("Personas")
    assert heard["text"].splitlines() == [
        "🎉 Mi amiga Ana vive en Sevilla. Con Ana trabajé en Telefónica.",
        "",
        "👤 Personas: Ana ×2",
        "🏢 Organizaciones: Telefónica",
        "📍 Lugares: Sevilla",
    ]
    assert marked(heard) == [
        ("Ana", "bold"),
        ("Sevilla", "italic"),
        ("Ana", "bold"),
        ("Telefónica", "underline"),
        ("Personas:", "bold"),
        ("Organizaciones:", "underline"),
        ("Lugares:", "italic"),
    ]


async def test_the_message_replied_to(people: Visitor) -> None:
    said = await people.say("Mañana llega Ana.", chat=GROUP)
    await people.say("/entidades", chat=GROUP, reply_to=said["message_id"])
    assert "👤 Personas: Ana" in (await people.hear("Personas", GROUP, "edit"))["text"]


async def test_the_text_is_asked_for(people: Visitor) -> None:
    await people.say("/entities")
    asked = await people.hear("¿En qué texto")
    await people.say("Mañana llega Ana.", reply_to=asked["message_id"])
    await people.hear("👤 Personas: Ana")


async def test_of_a_long_file_only_the_list_is_shown(people: Visitor) -> None:
    text = "Mañana llega Ana. Hace frío. " * 150
    await people.send("diario.txt", text.encode(), "/entidades")
    assert (await people.hear("Personas"))["text"] == "👤 Personas: Ana ×150"


async def test_no_names(people: Visitor) -> None:
    await people.say("/entidades mañana no hay clase")
    await people.hear("No he encontrado nombres")


async def test_too_long_a_text_is_refused(people: Visitor) -> None:
    await people.send("libro.txt", b"a lo largo " * 10_000, "/entidades")
    await people.hear("demasiado largo")


@given(st.lists(st.tuples(st.text(st.sampled_from("a 🎉é\n"), min_size=1, max_size=20), st.booleans()), max_size=300))
def test_styles_survive_the_cutting_into_messages(pieces: list[tuple[str, bool]]) -> None:
    styled = Styled()
    for text, bold in pieces:
        styled.add(text, MessageEntity.BOLD if bold else "")
    for part in styled.parts():
        assert len(part.entities) <= MAX_ENTITIES
        length = len(part.text.encode("utf-16-le")) // 2
        assert all(0 <= e.offset < e.offset + e.length <= length for e in part.entities)
        assert all(a.offset + a.length <= b.offset for a, b in pairwise(part.entities))


def test_a_hundred_and_fifty_names_all_keep_their_style() -> None:
    styled = Styled()
    for _ in range(150):
        styled.add("Ana", MessageEntity.BOLD)
        styled.add(" y ")
    assert sum(len(part.entities) for part in styled.parts()) == 150
