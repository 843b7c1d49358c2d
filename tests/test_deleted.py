"""A question that its writer deletes: nobody waits for the answer any more."""

from collections.abc import Callable

import pytest

from bot import app
from bot.config import Settings
from bot.delivery import Place
from bot.playground.world import CHANNEL_ID, PLAYGROUND_TOKEN
from tests.conftest import BEN, GROUP, JSON, LUCIA, Script, Visitor


@pytest.fixture(autouse=True)
def _look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.attending._LOOK_AT_QUESTION", 0.05)


def is_draft(words: str) -> Callable[[JSON], bool]:
    return lambda event: event["type"] == "draft" and words in event["text"]


async def take_back(people: Visitor, message: JSON, who: int = LUCIA) -> None:
    path = f"/api/chats/{message['chat']['id']}/messages/{message['message_id']}"
    (await people.http.delete(path, params={"from": who})).raise_for_status()


async def until_free(people: Visitor, bot: app.Running, chat: int = LUCIA) -> None:
    async def left() -> int:
        return len(bot.application.services.jobs.of(chat, 0))

    await people.until_true(left, lambda jobs: jobs == 0)


async def standing(people: Visitor, chat: int) -> list[str]:
    """Return what the bot's messages in a chat say, without those that are gone."""
    gone = {event["message_id"] for event in await people.events(chat) if event["type"] == "delete"}
    said = await people.messages(chat)
    return [each["text"] for each in said if each["from"]["is_bot"] and each["message_id"] not in gone]


async def test_answer_stops_when_its_question_is_deleted(people: Visitor, bot: app.Running, script: Script) -> None:
    script.hold_after = 1
    question = await people.say("cuéntame algo largo")
    await people.until(is_draft("Una"))
    await take_back(people, question)
    await until_free(people, bot)
    assert (script.closed, script.running) == (1, 0)
    script.hold_after = None
    await people.say("otra cosa")
    await people.hear("Una respuesta.")
    assert await standing(people, LUCIA) == ["Una respuesta."]
    assert [turn.text for turn in script.requests[1].turns[1:]] == ["otra cosa"]


async def test_preview_in_a_group_is_deleted_with_it(people: Visitor, bot: app.Running, script: Script) -> None:
    script.hold_after = 1
    question = await people.say("/generate algo", BEN, GROUP)
    preview = await people.hear("Una", GROUP)
    await take_back(people, question, BEN)
    gone = await people.until(
        lambda event: event["type"] == "delete" and event["message_id"] != question["message_id"], GROUP
    )
    assert gone["message_id"] == preview["message_id"]
    await until_free(people, bot, GROUP)
    assert (script.closed, script.running) == (1, 0)
    assert await standing(people, GROUP) == []


async def test_long_answer_leaves_none_of_its_messages(people: Visitor, bot: app.Running, script: Script) -> None:
    script.answer = lambda _: ["palabra " * 700 + "\n\n", "fin"]
    script.hold_after = 1
    question = await people.say("cuenta")
    await people.hear("palabra")
    await take_back(people, question)
    await until_free(people, bot)
    await people.until_true(lambda: standing(people, LUCIA), lambda said: said == [])


async def test_question_that_waits_for_its_turn_never_reaches_the_model(
    people: Visitor, bot: app.Running, script: Script
) -> None:
    script.hold_after = 1
    await people.say("primera")
    await people.until(is_draft("Una"))
    second = await people.say("segunda")
    await people.until(is_draft("Primero termino"))
    await take_back(people, second)

    async def waiting() -> int:
        return len(bot.application.services.jobs.of(LUCIA, 0))

    await people.until_true(waiting, lambda jobs: jobs == 1)
    script.gate.set()
    await people.hear("Una respuesta.")
    await people.say("tercera")
    await people.hear("Una respuesta.")
    assert [request.turns[-1].text for request in script.requests] == ["primera", "tercera"]


async def test_question_that_waited_is_looked_at_before_the_model_starts(
    visitor: Visitor, address: str, settings: Settings, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.telegram_url = address
    deleted = await visitor.say("ya no hace falta")
    await take_back(visitor, deleted)
    # It has waited for an hour, and nobody looks again before the model would be asked.
    monkeypatch.setattr("bot.attending._LOOK_AT_QUESTION", 1800.0)
    monkeypatch.setattr("bot.attending._age", lambda _: 3600.0)
    async with app.running(settings, PLAYGROUND_TOKEN, script):
        await visitor.say("/help")
        await visitor.hear("/ayuda")
        await visitor.say("hola")
        await visitor.hear("Una respuesta.")
    assert [request.turns[-1].text for request in script.requests] == ["hola"]
    assert len(await standing(visitor, LUCIA)) == 2


async def looked_twice(people: Visitor, bot: app.Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait until a question has been looked at two more times."""
    delivery, verdicts = bot.application.services.delivery, list[bool | None]()
    stands = delivery.stands

    async def noted(place: Place, message_id: int) -> bool | None:
        verdicts.append(await stands(place, message_id))
        return verdicts[-1]

    async def seen() -> int:
        return len(verdicts)

    monkeypatch.setattr(delivery, "stands", noted)
    await people.until_true(seen, lambda looks: looks >= 2)


async def test_deleting_something_else_stops_nothing(
    people: Visitor, bot: app.Running, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await people.say("/help")
    await people.hear("/ayuda")
    script.hold_after = 1
    await people.say("hola")
    await people.until(is_draft("Una"))
    await take_back(people, other)
    await looked_twice(people, bot, monkeypatch)
    script.gate.set()
    await people.hear("Una respuesta.")


async def test_looking_changes_nothing_that_people_see(
    people: Visitor, bot: app.Running, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    script.hold_after = 1
    await people.say("hola")
    await people.until(is_draft("Una"))
    await looked_twice(people, bot, monkeypatch)
    script.gate.set()
    await people.hear("Una respuesta.")
    assert not [event for event in await people.events() if event["type"] == "reaction"]


@pytest.mark.parametrize("fault", ["429", "500", "drop", "timeout_after_delivery"])
async def test_answer_goes_on_where_telegram_does_not_say(people: Visitor, script: Script, fault: str) -> None:
    fault_asked = {"method": "setMessageReaction", "fault": fault}
    (await people.http.post("/api/faults", json=fault_asked)).raise_for_status()
    script.hold_after = 1
    await people.say("hola")

    async def to_come() -> list[object]:
        return list((await people.http.get("/api/faults")).json())

    await people.until_true(to_come, lambda faults: not faults)
    script.gate.set()
    await people.hear("Una respuesta.")
    assert script.closed == 0


async def test_deleted_channel_post_is_noticed(people: Visitor, bot: app.Running, script: Script) -> None:
    script.hold_after = 1
    post = await people.say("/generate algo", LUCIA, CHANNEL_ID)
    preview = await people.until(lambda event: "Una" in event.get("message", {}).get("text", ""), CHANNEL_ID)
    await take_back(people, post)
    gone = await people.until(
        lambda event: event["type"] == "delete" and event["message_id"] != post["message_id"], CHANNEL_ID
    )
    assert gone["message_id"] == preview["message"]["message_id"]
    await until_free(people, bot, CHANNEL_ID)
    assert (script.closed, script.running) == (1, 0)
