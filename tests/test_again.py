"""What failed for a passing reason can be asked once more by a button, and nothing is lost meanwhile."""

from collections.abc import Callable, Iterator, Sequence

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import app
from bot.config import Settings
from bot.errors import BadInput, Busy, EngineFailed, OutOfMemory
from bot.inference.api import ChatRequest, Turn
from bot.playground.world import FORUM_ID, PLAYGROUND_TOKEN
from bot.storage.tables import InboxRow
from tests.conftest import BEN, GROUP, JSON, LUCIA, Script, Visitor

Answer = Callable[[ChatRequest], Sequence[str | Exception]]


def first_failing(error: Exception, before: Sequence[str] = ()) -> Answer:
    """Return what a model says that fails the first time."""
    answers: Iterator[list[str | Exception]] = iter([[*before, error]])
    return lambda _: next(answers, ["Una ", "respuesta."])


def button(message: JSON) -> str:
    [[one]] = message["reply_markup"]["inline_keyboard"]
    return str(one["callback_data"])


def is_notice(words: str) -> Callable[[JSON], bool]:
    return lambda event: event["type"] == "callback_answer" and words in event["text"]


async def is_gone(people: Visitor, message: JSON, chat: int = LUCIA) -> None:
    await people.until(lambda event: event["type"] == "delete" and event["message_id"] == message["message_id"], chat)


async def stored(bot: app.Running) -> list[tuple[str, bool]]:
    """Return the state of every update, and whether its words are still kept."""

    def rows(session: Session) -> list[tuple[str, bool]]:
        found = session.scalars(sa.select(InboxRow).order_by(InboxRow.id))
        return [(row.state, bool(row.payload)) for row in found]

    return await bot.database.transact(rows)


@pytest.mark.parametrize("error", [EngineFailed(), OutOfMemory(), Busy(), EngineFailed("error-load-failed", model="x")])
async def test_question_is_asked_once_more(people: Visitor, bot: app.Running, script: Script, error: Exception) -> None:
    script.answer = first_failing(error)
    await people.say("¿Qué es la atención?")
    explanation = await people.hear("Referencia")
    await people.tap(explanation, button(explanation))
    notice = await people.until(lambda event: event["type"] == "callback_answer")
    assert "lo intento otra vez" in notice["text"]
    await is_gone(people, explanation)
    await people.hear("Una respuesta.")
    assert [request.turns[-1].text for request in script.requests] == ["¿Qué es la atención?"] * 2
    await people.until_true(lambda: stored(bot), lambda rows: rows == [("done", False)] * 2)


async def test_answer_belongs_to_the_conversation(people: Visitor, script: Script) -> None:
    script.answer = first_failing(EngineFailed(), ["La mitad"])
    await people.say("primera")
    half = await people.hear("La mitad")
    explanation = await people.hear("Referencia")
    await people.tap(explanation, button(explanation))
    answer = await people.hear("Una respuesta.")
    assert answer["message_id"] != half["message_id"], "what was written stays"
    await people.say("segunda")
    await people.hear("Una respuesta.")
    assert script.requests[2].turns[1:] == (
        Turn("user", "primera"),
        Turn("assistant", "Una respuesta."),
        Turn("user", "segunda"),
    )


async def test_command_in_a_group_is_asked_with_what_it_replied_to(people: Visitor, script: Script) -> None:
    script.answer = first_failing(EngineFailed())
    beginning = await people.say("Érase una vez", LUCIA, GROUP)
    await people.say("/generate sigue", BEN, GROUP, reply_to=beginning["message_id"])
    explanation = await people.hear("Reference", GROUP)
    await people.tap(explanation, button(explanation), BEN)
    await people.hear("Una", GROUP)
    assert [request.turns[-1].text for request in script.requests] == ["sigue\n\nÉrase una vez"] * 2


async def test_it_may_fail_and_be_asked_again_many_times(people: Visitor, script: Script) -> None:
    # More often than an update that ends the process is tried.
    script.answer = lambda _: [EngineFailed()] if len(script.requests) <= 5 else ["hecho"]
    await people.say("hola")
    for _ in range(5):
        explanation = await people.hear("a mitad de camino")
        await people.tap(explanation, button(explanation))
    await people.hear("hecho")


async def test_only_the_asker_or_an_admin_may(people: Visitor, script: Script) -> None:
    script.answer = first_failing(EngineFailed())
    await people.say("/generate algo", LUCIA, GROUP)
    explanation = await people.hear("Referencia", GROUP)
    await people.tap(explanation, button(explanation), BEN)
    notice = await people.until(lambda event: event["type"] == "callback_answer", GROUP)
    assert notice["show_alert"]
    assert "Only the person who asked" in notice["text"]
    assert len(script.requests) == 1
    await people.tap(explanation, button(explanation), LUCIA)
    await people.hear("Una", GROUP)


async def test_admin_may_have_somebody_elses_question_asked(people: Visitor, script: Script) -> None:
    script.answer = first_failing(EngineFailed())
    await people.say("/generate something", BEN, FORUM_ID)
    explanation = await people.hear("Reference", FORUM_ID)
    await people.tap(explanation, button(explanation), LUCIA)
    await people.hear("Una", FORUM_ID)
    assert script.requests[1].person == BEN, "it is still Ben who asks"


async def test_two_taps_ask_once(people: Visitor, bot: app.Running, script: Script) -> None:
    script.answer = first_failing(EngineFailed())
    await people.say("hola")
    explanation = await people.hear("Referencia")
    await people.tap(explanation, button(explanation))
    await people.tap(explanation, button(explanation))
    for words in ("lo intento otra vez", "ya no lo puedo repetir"):
        await people.until(is_notice(words))
    await people.hear("Una respuesta.")
    await people.until_true(lambda: stored(bot), lambda rows: rows == [("done", False)] * 3)
    assert len(script.requests) == 2


async def test_it_works_after_a_restart(visitor: Visitor, address: str, settings: Settings) -> None:
    settings.telegram_url = address
    async with app.running(settings, PLAYGROUND_TOKEN, Script(answer=lambda _: [EngineFailed()])) as bot:
        await visitor.say("¿sigues ahí?")
        explanation = await visitor.hear("Referencia")
        await visitor.until_true(lambda: stored(bot), lambda rows: rows == [("failed", True)])
    script = Script()
    async with app.running(settings, PLAYGROUND_TOKEN, script):
        await visitor.say("hola")
        await visitor.hear("Una respuesta.")
        await visitor.tap(explanation, button(explanation))
        await visitor.hear("Una respuesta.")
    assert [request.turns[-1].text for request in script.requests] == ["hola", "¿sigues ahí?"]


async def test_restart_in_the_midst_of_it_loses_nothing(visitor: Visitor, address: str, settings: Settings) -> None:
    settings.telegram_url = address
    failing = Script(answer=first_failing(EngineFailed()), hold_after=1)
    async with app.running(settings, PLAYGROUND_TOKEN, failing):
        failing.hold_after = None
        await visitor.say("hola")
        explanation = await visitor.hear("Referencia")
        failing.hold_after = 1
        await visitor.tap(explanation, button(explanation))
        await visitor.until(lambda event: event["type"] == "draft" and "Una" in event["text"])
    async with app.running(settings, PLAYGROUND_TOKEN, Script()):
        await visitor.hear("Una respuesta.")


@pytest.mark.parametrize("data", ["again:1", "again:x", "again:", "again:²", f"again:{10**50}"])
async def test_invented_button_repeats_nothing(people: Visitor, bot: app.Running, script: Script, data: str) -> None:
    await people.say("hola")
    await people.hear("Una respuesta.")
    shown = await bot.application.bot.send_message(
        LUCIA, "invented", reply_markup={"inline_keyboard": [[{"text": "?", "callback_data": data}]]}
    )
    await people.tap({"chat": {"id": LUCIA}, "message_id": shown.message_id}, data)
    notice = await people.until(lambda event: event["type"] == "callback_answer")
    assert notice["show_alert"]
    assert "ya no lo puedo repetir" in notice["text"]
    assert len(script.requests) == 1


async def test_button_below_another_chats_message_repeats_nothing(
    people: Visitor, bot: app.Running, script: Script
) -> None:
    script.answer = first_failing(EngineFailed())
    await people.say("hola")
    own = await people.hear("Referencia")
    script.answer = first_failing(EngineFailed())
    await people.say("un secreto", BEN)
    explanation = await people.hear("Reference", BEN)
    data = button(explanation)
    shown = await bot.application.bot.send_message(
        LUCIA, "invented", reply_markup={"inline_keyboard": [[{"text": "?", "callback_data": data}]]}
    )
    await people.tap({"chat": {"id": LUCIA}, "message_id": shown.message_id}, data)
    await people.until(is_notice("ya no lo puedo repetir"))
    await people.tap(own, button(own))
    await people.hear("Una respuesta.")
    assert [request.turns[-1].text for request in script.requests] == ["hola", "un secreto", "hola"]


async def test_what_the_person_can_mend_is_not_offered_again(people: Visitor, script: Script) -> None:
    script.answer = lambda _: [BadInput()]
    await people.say("hola")
    refusal = await people.hear("No puedo usar lo que has enviado")
    assert "reply_markup" not in refusal
    assert "Referencia" not in refusal["text"]
