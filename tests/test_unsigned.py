"""Whoever speaks in the name of a group is nobody in particular: they share one user with all others who do so."""

from bot import app
from bot.playground.world import ANONYMOUS, FORUM_ID, World
from bot.storage.tables import Chat, User
from tests.conftest import BEN, LUCIA, Script, Visitor


async def test_nobody_opts_out_for_all_who_are_unnamed(bot: app.Running, people: Visitor) -> None:
    await people.say("/optout", LUCIA, FORUM_ID, anonymous=True)
    await people.hear("I cannot tell who you are", FORUM_ID)
    user = await bot.database.transact(lambda session: session.get_one(User, ANONYMOUS["id"]))
    assert not user.opted_out


async def test_settings_are_those_of_the_group(bot: app.Running, people: Visitor) -> None:
    await people.say("/language es", LUCIA, FORUM_ID, anonymous=True)
    await people.hear("hablo en español", FORUM_ID)
    user, chat = await bot.database.transact(
        lambda session: (session.get_one(User, ANONYMOUS["id"]), session.get_one(Chat, FORUM_ID))
    )
    assert (user.language, chat.language) == ("", "es")
    await people.say("/verbose on", LUCIA, FORUM_ID, anonymous=True)
    await people.hear("no sé quién eres", FORUM_ID)


async def test_what_they_say_is_told_in_recaps(world: World, people: Visitor) -> None:
    world.privacy_mode = False
    await people.say("El examen es el martes.", LUCIA, FORUM_ID, anonymous=True)
    await people.say("/catchup 10", BEN, FORUM_ID)
    await people.hear("El examen es el martes", FORUM_ID, "edit")


async def test_who_speaks_as_the_group_is_an_admin(people: Visitor, script: Script) -> None:
    script.hold_after = 1
    await people.say("/generate algo", BEN, FORUM_ID)
    await people.hear("Una", FORUM_ID)
    await people.say("/cancel", LUCIA, FORUM_ID, anonymous=True)
    await people.hear("Stopped here", FORUM_ID, "edit")
