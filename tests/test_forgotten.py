"""Nothing that a person said in a group stays once they asked for that: not what is being written for them, either."""

import pytest
import sqlalchemy as sa

from bot import app
from bot.storage import people as stored
from bot.storage import recap
from bot.storage.tables import Message, Written
from tests.conftest import BEN, GROUP, LUCIA, Script, Visitor


async def kept(bot: app.Running) -> list[str]:
    words = sa.union_all(sa.select(Message.text), sa.select(Written.text))
    return await bot.database.transact(lambda session: list(session.scalars(words)))


async def test_what_is_being_written_stops_and_is_forgotten(bot: app.Running, people: Visitor, script: Script) -> None:
    script.hold_after = 1
    await people.say("/generate mi secreto", BEN, GROUP)
    await people.hear("Una", GROUP)
    await people.say("/optout", BEN)
    asked = await people.hear("", BEN)
    await people.tap(asked, f"optout:{BEN}", BEN)
    await people.hear("Stopped here", GROUP, "edit")
    await people.hear("deleted the", BEN, "edit")
    assert not [words for words in await kept(bot) if "secreto" in words or "Una" in words]


async def test_answers_to_who_opted_out_are_not_stored(bot: app.Running, people: Visitor, script: Script) -> None:
    await bot.database.transact(stored.meet_user, BEN, "Ben", "", "en")
    await bot.database.transact(recap.opt_out, BEN)
    script.hold_after = 1
    await people.say("/generate mi secreto", BEN, GROUP)
    await people.hear("Una", GROUP)
    script.gate.set()
    await people.hear("Una respuesta.", GROUP, "edit")
    await people.say("/generate t=9 mi secreto", BEN, GROUP)
    await people.hear("", GROUP)
    await people.say("hola")
    await people.until_true(lambda: kept(bot), lambda words: "Una respuesta." in words)
    assert await kept(bot) == ["hola", "Una respuesta."]


@pytest.mark.parametrize("command", ["/resumir", "/anadir", "/generar algo así"])
async def test_words_of_who_opted_out_are_not_worked_on(bot: app.Running, people: Visitor, command: str) -> None:
    await bot.database.transact(stored.meet_user, BEN, "Ben", "", "en")
    await bot.database.transact(recap.opt_out, BEN)
    said = await people.say("mi secreto es largo", BEN, GROUP)
    await people.say(command, LUCIA, GROUP, reply_to=said["message_id"])
    await people.hear("no guarde nada suyo", GROUP)
    assert not [words for words in await kept(bot) if "secreto" in words]
