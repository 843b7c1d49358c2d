"""/catchup and /optout, through the front door."""

import pytest

from bot import app
from bot.playground.world import FORUM_ID, World
from bot.storage import recap
from tests.conftest import BEN, GROUP, LUCIA, Visitor

LONG = (
    "He reservado el aula 12 para el jueves a las siete porque la de siempre la están pintando y huele muchísimo, "
    "así que traed abrigo, que allí no funciona la calefacción, y avisad a los demás, que no leen los mensajes."
)
POINT = "Ben: «He reservado el aula 12 para el jueves a las siete"


@pytest.fixture
async def world() -> World:
    return World(flood_limits=False, privacy_mode=False)


async def overheard(bot: app.Running, visitor: Visitor, text: str, chat: int = GROUP, who: int = BEN) -> int:
    """Say something in a group and wait until the bot has stored it."""
    said = await visitor.say(text, who, chat)
    number = int(said["message_id"])
    database = bot.application.services.database

    async def stored() -> list[int]:
        return await database.transact(
            lambda session: [spoken.message_id for spoken in recap.spoken(session, chat, before=0, most=100)[0]]
        )

    await visitor.until_true(stored, lambda known: number in known)
    return number


async def test_nothing_is_told_where_nothing_was_said(people: Visitor) -> None:
    await people.say("/ponmealdia", chat=GROUP)
    heard = await people.hear("no he visto ningún mensaje", GROUP)
    assert "Veo todo lo que se escribe" in heard["text"]


async def test_the_recap_comes_to_the_private_chat_with_links(bot: app.Running, people: Visitor) -> None:
    await people.say("/start")
    number = await overheard(bot, people, LONG, FORUM_ID)
    await people.say("/ponmealdia", chat=FORUM_ID)
    told = await people.hear("aula 12", LUCIA)
    assert POINT in told["text"]
    assert "un mensaje de una persona" in told["text"]
    [link] = [entity["url"] for entity in told["entities"] if entity["type"] == "text_link"]
    assert link == f"https://t.me/c/1000004002/{number}"
    await people.hear("por privado", FORUM_ID, "edit")


async def test_short_words_are_quoted_and_basic_groups_have_no_links(bot: app.Running, people: Visitor) -> None:
    await people.say("/start")
    await overheard(bot, people, "¿Quedamos *mañana*?")
    await people.say("/catchup 50", chat=GROUP)
    told = await people.hear("Quedamos", LUCIA)
    assert "Ben: «¿Quedamos *mañana*?»" in told["text"]
    assert "text_link" not in [entity["type"] for entity in told["entities"]]


async def test_since_the_person_last_wrote(bot: app.Running, people: Visitor) -> None:
    await people.say("/start")
    await overheard(bot, people, "de antes")
    await overheard(bot, people, "hasta luego", who=LUCIA)
    await overheard(bot, people, "de después")
    await people.say("/ponmealdia", chat=GROUP)
    assert "de antes" not in (await people.hear("de después", LUCIA))["text"]
    await people.say("/ponmealdia 1 día", chat=GROUP)
    await people.hear("de antes", LUCIA)


@pytest.mark.parametrize("words", ["ayer", "0", "3 meses", "99999", "2h y media"])
async def test_a_span_that_is_not_understood_is_explained(people: Visitor, words: str) -> None:
    await people.say(f"/ponmealdia {words}", chat=GROUP)
    await people.hear("Dime desde cuándo", GROUP)


async def test_privacy_mode_is_told(world: World, people: Visitor) -> None:
    world.privacy_mode = True
    await people.say("/ponmealdia", chat=GROUP)
    await people.hear("solo me enseña los comandos", GROUP)


async def test_who_opts_out_is_neither_stored_nor_told(bot: app.Running, people: Visitor) -> None:
    await people.say("/start")
    await overheard(bot, people, "mi secreto")
    await people.say("/optout", BEN, GROUP)
    asked = await people.hear("I keep 2 messages of yours", GROUP)
    await people.tap(asked, f"optout:{BEN}", BEN)
    done = await people.hear("deleted the 2 messages", GROUP, "edit")
    await people.say("otro secreto", BEN, GROUP)
    await overheard(bot, people, "lo de Lucía", who=LUCIA)
    await people.say("/ponmealdia 50", chat=GROUP)
    told = await people.hear("lo de Lucía", LUCIA)
    assert "secreto" not in told["text"]
    await people.tap(done, "optin:", BEN)
    await overheard(bot, people, "he vuelto")


async def test_nothing_is_deleted_before_it_is_confirmed_by_who_asked(bot: app.Running, people: Visitor) -> None:
    await overheard(bot, people, "mi secreto")
    await people.say("/optout", BEN, GROUP)
    asked = await people.hear("I keep 2 messages of yours", GROUP)
    await people.tap(asked, f"optout:{BEN}", LUCIA)
    await people.tap(asked, f"optkeep:{BEN}", BEN)
    await people.hear("I have deleted nothing", GROUP, "edit")
    await people.say("/ponmealdia 50", chat=GROUP)
    await people.hear("mi secreto", GROUP, "edit")


async def test_opting_out_in_private_keeps_the_private_chat(people: Visitor) -> None:
    await people.say("/nomeguardes")
    await people.hear("No tenía guardado nada tuyo")


async def test_who_never_wrote_to_the_bot_is_told_in_the_group(bot: app.Running, people: Visitor) -> None:
    await overheard(bot, people, "¿Quedamos mañana?", FORUM_ID)
    await people.say("/ponmealdia", chat=FORUM_ID)
    told = await people.hear("Quedamos", FORUM_ID, "edit")
    assert "Ben: «¿Quedamos mañana?»" in told["text"]


async def test_in_private_the_groups_are_offered(bot: app.Running, people: Visitor) -> None:
    await people.say("/ponmealdia")
    await people.hear("Escríbelo en el grupo y te lo cuento aquí")
    await overheard(bot, people, "hola a todos", FORUM_ID, LUCIA)
    number = await overheard(bot, people, "¿Quedamos mañana?", FORUM_ID)
    await people.say("/ponmealdia 2 h")
    offered = await people.hear("¿De qué grupo?")
    [[button]] = offered["reply_markup"]["inline_keyboard"]
    assert button == {"text": "Taller de lectura", "callback_data": f"catchup:{FORUM_ID}:2h"}
    await people.tap(offered, button["callback_data"])
    told = await people.hear("Quedamos")
    assert f"https://t.me/c/1000004002/{number}" in [entity.get("url") for entity in told["entities"]]
    assert "hola a todos" in told["text"]
    await people.say("/ponmealdia ayer")
    await people.hear("Dime desde cuándo")


async def test_who_has_left_a_group_is_told_nothing_of_it(bot: app.Running, people: Visitor, world: World) -> None:
    await overheard(bot, people, "hola a todos", FORUM_ID)
    await people.say("/catchup", BEN)
    offered = await people.hear("Of which group?", BEN)
    world.chats[FORUM_ID].members.remove(BEN)
    await people.tap(offered, f"catchup:{FORUM_ID}:", BEN)
    notice = await people.until(lambda event: event["type"] == "callback_answer", BEN)
    assert "only to members" in notice["text"]
    assert not [message for message in await people.messages(BEN) if "hola a todos" in message.get("text", "")]
