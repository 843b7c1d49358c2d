"""/classify, at the front door."""

import json

import pytest

from bot.inference.api import ChatRequest
from tests.conftest import BEN, GROUP, Script, Visitor


@pytest.fixture
def script() -> Script:
    """A model that says "deportes" where that is offered, else the label that is last in the alphabet."""

    def answer(request: ChatRequest) -> list[str]:
        labels = json.loads(request.schema)["properties"]["label"]["enum"]
        return [json.dumps({"label": "deportes" if "deportes" in labels else max(labels)})]

    return Script(answer)


async def test_labels_and_text_in_one_message(people: Visitor) -> None:
    await people.say("/clasificar cultura, deportes; economía: El equipo ganó: 2 a 1")
    assert (await people.hear("deportes"))["text"] == "deportes — 100 %\ncultura — 0 %\neconomía — 0 %"


async def test_the_message_replied_to(people: Visitor, script: Script) -> None:
    said = await people.say("the team won", BEN, GROUP)
    await people.say("/classify a*b, c_d", BEN, GROUP, reply_to=said["message_id"])
    await people.hear("c_d — 100%\na*b — 0%", GROUP, kind="edit")
    assert "the team won" in script.requests[0].turns[-1].text


async def test_without_a_text_it_asks_and_remembers_the_labels(people: Visitor, script: Script) -> None:
    await people.say("/clasificar cultura, deportes")
    question = await people.hear("¿Qué texto clasifico?")
    await people.say("ganó: por fin, 3 a 0", reply_to=question["message_id"])
    await people.hear("deportes — 100 %")
    assert "ganó: por fin, 3 a 0" in script.requests[0].turns[-1].text


async def test_with_nothing_it_asks_for_both(people: Visitor) -> None:
    await people.say("/clasificar")
    question = await people.hear("¿Entre qué etiquetas")
    await people.say("cultura, deportes: ganó por 3 a 0", reply_to=question["message_id"])
    await people.hear("deportes — 100 %")


@pytest.mark.parametrize("words", [" deportes", " deportes, deportes: x", " : x"])
async def test_without_labels_it_says_how(words: str, people: Visitor) -> None:
    await people.say(f"/clasificar{words}")
    await people.hear("Escribe las etiquetas separadas por comas")
