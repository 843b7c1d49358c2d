"""The whole bot with a Telegram that refuses, hangs up or does not answer: people get each answer, and get it once."""

from typing import Any

import pytest

from bot import app
from bot.connections import Connections
from tests.conftest import Script, Visitor


async def ask_for(people: Visitor, method: str, fault: str, times: int = 1) -> None:
    answer = await people.http.post("/api/faults", json={"method": method, "fault": fault, "times": times})
    answer.raise_for_status()


async def answers(people: Visitor) -> list[str]:
    return [message["text"] for message in await people.messages() if message["from"]["is_bot"]]


async def all_met(people: Visitor) -> None:
    async def left() -> list[object]:
        return list((await people.http.get("/api/faults")).json())

    await people.until_true(left, lambda faults: not faults)


@pytest.mark.parametrize("fault", ["429", "500", "drop"])
async def test_answer_is_sent_again_until_telegram_takes_it(people: Visitor, fault: str) -> None:
    await ask_for(people, "sendMessage", fault, times=2)
    await people.say("hola")
    await people.hear("Una respuesta.")
    await all_met(people)
    assert await answers(people) == ["Una respuesta."]


@pytest.mark.parametrize("fault", ["429", "500", "409", "drop"])
async def test_updates_are_fetched_again(people: Visitor, fault: str) -> None:
    await ask_for(people, "getUpdates", fault)
    for text in ("uno", "dos"):  # the first ends the poll that was under way before the fault was asked for
        await people.say(text)
        await people.hear("Una respuesta.")
    await all_met(people)
    assert await answers(people) == ["Una respuesta."] * 2


@pytest.mark.parametrize("fault", ["429", "500", "drop", "timeout_after_delivery"])
async def test_answer_does_not_need_its_previews(people: Visitor, script: Script, fault: str) -> None:
    script.answer = lambda _: ["Una ", "respuesta ", "entera."]
    await ask_for(people, "sendMessageDraft", fault, times=1000)
    await ask_for(people, "sendChatAction", fault, times=1000)
    await people.say("hola")
    await people.hear("Una respuesta entera.")
    assert await answers(people) == ["Una respuesta entera."]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot waits two seconds for an answer, not twenty."""

    def impatient(most: int, **more: Any) -> Connections:
        return Connections(most, **more | {"read_timeout": 2})

    monkeypatch.setattr(app, "Connections", impatient)


@pytest.mark.usefixtures("impatient")
async def test_answer_that_was_taken_without_a_word_stands_once_and_the_talk_goes_on(people: Visitor) -> None:
    await ask_for(people, "sendMessage", "timeout_after_delivery")
    for text in ("uno", "dos"):
        await people.say(text)
        await people.hear("Una respuesta.")
    assert await answers(people) == ["Una respuesta."] * 2


@pytest.mark.usefixtures("impatient")
async def test_part_that_was_taken_without_a_word_does_not_cost_the_others(people: Visitor, script: Script) -> None:
    script.answer = lambda _: ["\n\n".join(f"Parte {number}. " + "palabra " * 450 for number in range(3))]
    await ask_for(people, "sendMessage", "timeout_after_delivery")
    await people.say("cuéntamelo todo")
    texts = [(await people.hear())["text"][:8] for _ in range(3)]
    assert texts == [text[:8] for text in await answers(people)] == ["Parte 0.", "Parte 1.", "Parte 2."]
