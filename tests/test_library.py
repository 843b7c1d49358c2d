"""The group's material at the front door: files are added, listed, read and removed."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot import app
from bot.config import Settings
from bot.inference.api import EmbedRequest, ModelState, Vectors
from bot.playground.world import CHANNEL_ID, FORUM_ID, PLAYGROUND_TOKEN, World
from bot.storage import materials
from bot.storage.database import opened
from bot.storage.materials import Shelf
from bot.storage.tables import InboxRow, Material
from tests.conftest import BEN, GROUP, LUCIA, Script, Visitor
from tests.library import files

ADMIN = 1003
JSON = dict[str, Any]


class Indexer(Script):
    """A model with an encoder beside it, which a test may hold up."""

    def __init__(self) -> None:
        super().__init__()
        self.gate.set()

    def states(self) -> list[ModelState]:
        return [*super().states()[:2], ModelState("multilingual-e5-small", "loaded", "encoder")]

    async def embed(self, request: EmbedRequest) -> Vectors:
        await self.gate.wait()
        return await super().embed(request)


@pytest.fixture
def script() -> Script:
    return Indexer()


def buttons(message: JSON) -> dict[str, str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return {button["text"]: button["callback_data"] for row in rows for button in row}


async def settled(people: Visitor, good: Callable[[JSON], bool], chat: int = LUCIA) -> JSON:
    """Return the message of the bot's that is good, as it stands now."""

    async def look() -> list[JSON]:
        return [message for message in await people.messages(chat) if message["from"]["is_bot"] and good(message)]

    return (await people.until_true(look, bool))[-1]


def says(*words: str) -> Callable[[JSON], bool]:
    return lambda message: all(word in message.get("text", "") for word in words)


async def test_a_file_in_private_is_added_and_said_to_be_ready(people: Visitor) -> None:
    await people.send("mi_libro.pdf", files.pdf([["La atención mira."], ["Fin."]]))
    message = await settled(people, says("Listo"))
    assert message["text"].split("\n") == ["📚 He añadido mi libro.", "", "2 páginas", "✓ Listo para tus preguntas"]
    await people.send("otra.pdf", files.pdf([["La atención mira."], ["Fin."]]))
    # The same pages in another file are another file; the same file is known.
    await people.send("mi_libro.pdf", b"hola")
    await settled(people, says("dañado"))


async def test_progress_is_shown_in_the_same_message(people: Visitor, script: Script) -> None:
    script.gate.clear()
    await people.send("libro.txt", "\f".join(f"Página {number}." for number in range(1, 101)).encode())
    begun = await settled(people, says("He añadido libro", "Indexando: 0 %", "Ya puedes preguntarme"))
    script.gate.set()
    done = await settled(people, says("He añadido libro", "100 secciones", "Listo"))
    assert done["message_id"] == begun["message_id"]
    edits = [event["message"]["text"] for event in await people.events() if event["type"] == "edit"]
    shown = [int(text.partition("Indexando: ")[2].split()[0]) for text in edits if "Indexando" in text]
    assert shown == sorted(shown)


def is_refusal(event: JSON) -> bool:
    said = event.get("message", {}).get("text", "")
    return any(words in said for words in ("No puedo usar lo que has enviado", "ya no está en la biblioteca"))


async def test_forged_buttons_change_nothing(people: Visitor, world: World) -> None:
    await people.send("a.txt", b"hola")
    shown = await settled(people, says("He añadido a", "Listo"))
    forged = ("remove:x", "read:1:-1", "read:1:99999", "show:99999999999999999999", "show:0", "", "nothing:1", "sure:0")
    for number, data in enumerate(forged, start=1):
        query = {"id": str(number), "from": world.people[LUCIA].user(), "message": shown, "chat_instance": "1"}
        world.tell_bot("callback_query", query | {"data": f"library:{data}"})
        await people.until(is_refusal)
    assert not any("por mi parte" in message.get("text", "") for message in await people.messages())
    await people.say("/biblioteca")
    await people.hear("Nuestra biblioteca: un texto")


async def test_the_same_file_is_known(people: Visitor) -> None:
    await people.send("a.txt", b"hola")
    await settled(people, says("He añadido a"))
    await people.send("b.txt", b"hola")
    await settled(people, says("a ya estaba aquí"))


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.pdf", files.pdf([["x"]], password="secreto"), "contraseña"),
        ("a.exe", b"MZ", "No sé leer ese tipo de archivo"),
        ("a.pdf", files.pdf([[""]], picture_only=True), "escaneado"),
    ],
)
async def test_what_cannot_be_read_is_explained(people: Visitor, name: str, data: bytes, words: str) -> None:
    await people.send(name, data)
    message = await settled(people, says(words))
    shown = [one for one in await people.messages() if one["from"]["is_bot"] and not one.get("deleted")]
    assert [one["message_id"] for one in shown] == [message["message_id"]]  # in the place of "working"


async def test_add_takes_a_reply_a_caption_words_or_asks(people: Visitor) -> None:
    sent = await people.say("Los transformers leen todas las palabras a la vez.", chat=GROUP)
    await people.say("/anadir", chat=GROUP, reply_to=sent["message_id"])
    await settled(people, says("He añadido Los transformers leen todas las palabras….", "Listo"), GROUP)
    await people.send("notas.md", b"# Uno\nhola", "/add", chat=GROUP)
    await settled(people, says("He añadido notas", "Listo"), GROUP)
    await people.say("/add Una nota corta", chat=GROUP)
    await settled(people, says("He añadido Una nota corta"), GROUP)
    await people.say("/add", chat=GROUP)
    question = await people.hear("¿Qué texto añado?", GROUP)
    await people.send("b.html", b"<p>hola</p>", chat=GROUP, reply_to=str(question["message_id"]))
    await settled(people, says("He añadido b"), GROUP)


async def test_a_file_in_a_group_is_offered_and_not_taken_unasked(people: Visitor) -> None:
    await people.send("factura.exe", b"MZ", chat=FORUM_ID)  # what cannot be read is nobody's business
    await people.send("apuntes.txt", b"hola", chat=FORUM_ID)
    offer = await people.hear("¿Añado apuntes.txt", FORUM_ID)
    assert list(buttons(offer)) == ["➕ Añadirlo", "No"]
    await people.tap(offer, "file:no", BEN)
    await settled(people, says("OK, I'll leave it."), FORUM_ID)
    await people.say("/biblioteca", chat=FORUM_ID)
    await people.hear("Aquí todavía no hay nada", FORUM_ID)
    await people.send("apuntes.txt", b"hola", chat=FORUM_ID)
    offer = await people.hear("¿Añado apuntes.txt", FORUM_ID)
    await people.tap(offer, "file:add", BEN)
    await settled(people, says("I have added apuntes", "Ready"), FORUM_ID)
    assert [one for one in await people.messages(FORUM_ID) if "factura" in one.get("text", "")] == []


async def test_a_file_in_a_channel_is_not_offered_to_its_readers(people: Visitor) -> None:
    await people.send("apuntes.txt", b"hola", chat=CHANNEL_ID)
    await people.say("/biblioteca", chat=CHANNEL_ID)

    async def texts() -> list[str]:
        return [one.get("text", "") for one in await people.messages(CHANNEL_ID)]

    said = await people.until_true(
        texts, lambda said: any("othing here yet" in text or "no hay nada" in text for text in said)
    )
    assert not [text for text in said if "apuntes" in text]


async def test_the_library_lists_shows_and_reads_by_buttons(people: Visitor) -> None:
    for number in range(8):
        await people.send(f"texto_{number}.md", f"# Uno\nPrimero {number}.\n\n## Dos\nSegundo.".encode())
        await settled(people, says(f"He añadido texto {number}", "Listo"))
    await people.say("/biblioteca")
    shown = await people.hear("Nuestra biblioteca: 8 textos")
    assert list(buttons(shown)) == ["1", "2", "3", "4", "5", "6", "1/2", "▶"]
    assert "1. texto 7\n2 secciones" in shown["text"]
    await people.tap(shown, buttons(shown)["▶"])
    shown = await settled(people, says("7. texto 1", "8. texto 0"))
    await people.tap(shown, buttons(shown)["8"])
    shown = await settled(people, says("texto 0", "MD, 1 kB", "Español", "Listo"))
    await people.tap(shown, buttons(shown)["📖 Leer"])
    shown = await settled(people, says("texto 0, sección 1", "# Uno\nPrimero 0."))
    await people.tap(shown, buttons(shown)["▶"])
    shown = await settled(people, says("texto 0, sección 2", "Segundo."))
    assert list(buttons(shown)) == ["◀", "2/2", "◀ Volver"]


def is_told(words: str) -> Callable[[JSON], bool]:
    return lambda event: words in str(event.get("text", "")) and event["type"] == "callback_answer"


async def test_only_admins_remove_from_a_groups_library(people: Visitor) -> None:
    await people.send("apuntes.txt", b"hola", "/add", chat=GROUP)
    await settled(people, says("He añadido apuntes", "Listo"), GROUP)
    await people.say("/library", chat=GROUP)
    shown = await people.hear("1. apuntes", GROUP)
    await people.tap(shown, buttons(shown)["1"])
    shown = await settled(people, says("TXT, 1 kB"), GROUP)
    await people.tap(shown, buttons(shown)["🗑 Quitar"], BEN)
    await people.until(is_told("Only admins"), GROUP)
    await people.tap(shown, buttons(shown)["🗑 Quitar"], ADMIN)
    shown = await settled(people, says("¿Quito apuntes para siempre?"), GROUP)
    [sure, back] = buttons(shown).values()
    assert back.startswith("library:show:")
    await people.tap(shown, sure, BEN)
    await people.until(is_told("Only admins"), GROUP)
    await people.tap(shown, sure, ADMIN)
    await settled(people, says("Aquí todavía no hay nada"), GROUP)


async def test_other_chats_material_cannot_be_reached(people: Visitor) -> None:
    await people.send("secreto.txt", b"hola", who=BEN)
    await settled(people, says("secreto", "Ready"), BEN)
    await people.say("/library")
    await people.hear("Aquí todavía no hay nada")


async def test_an_update_ends_while_its_material_is_indexed(people: Visitor, script: Script, bot: app.Running) -> None:
    script.gate.clear()
    await people.send("libro.txt", b"uno\fdos")
    await settled(people, says("He añadido libro", "Indexando: 0 %"))

    def unfinished(session: Session) -> list[InboxRow]:
        return list(session.scalars(sa.select(InboxRow).where(InboxRow.state != "done")))

    await people.until_true(lambda: bot.database.transact(unfinished), lambda rows: not rows)
    script.gate.set()
    await settled(people, says("He añadido libro", "Listo"))


def forge(world: World, message: JSON, data: str) -> None:
    """Let Lucía tap a button that is not there."""
    query = {"id": data, "from": world.people[LUCIA].user(), "message": message, "chat_instance": "1"}
    world.tell_bot("callback_query", query | {"data": data})


def crashed(session: Session) -> None:
    """Make what a stop left unfinished look as if a crash had."""
    session.execute(sa.update(InboxRow).where(InboxRow.state == "new").values(attempts=1))


def hold(bot: app.Running, name: str, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Let a call of the library's do its work and not return; the event tells that it has done it."""
    library, did = bot.application.services.library, asyncio.Event()
    call = getattr(library, name)

    async def held(*arguments: Any) -> None:
        await call(*arguments)
        did.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(library, name, held)
    return did


async def test_after_a_crash_what_was_done_before_it_is_told_as_done(
    visitor: Visitor, world: World, address: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.telegram_url = address
    async with app.running(settings, PLAYGROUND_TOKEN, Indexer()) as bot:
        did = hold(bot, "add", monkeypatch)
        await visitor.send("a.txt", b"hola")
        await did.wait()
    async with opened(settings.database) as database:
        await database.transact(crashed)
    async with app.running(settings, PLAYGROUND_TOKEN, Indexer()) as bot:
        shown = await settled(visitor, says("He añadido a"))
        [material] = await bot.database.transact(materials.listed, Shelf(LUCIA))
        did = hold(bot, "remove", monkeypatch)
        forge(world, shown, f"library:sure:{material.id}")
        await did.wait()
    async with opened(settings.database) as database:
        await database.transact(crashed)
    async with app.running(settings, PLAYGROUND_TOKEN, Indexer()):
        await settled(visitor, says("Aquí todavía no hay nada"))
    assert not [one for one in await visitor.messages() if is_refusal({"message": one})]


async def test_the_course_cannot_be_removed(people: Visitor, world: World, bot: app.Running) -> None:
    def courses(session: Session) -> list[Material]:
        return materials.listed(session, Shelf(None))

    [course, *_] = await people.until_true(lambda: bot.database.transact(courses), bool)
    await people.send("a.txt", b"hola")
    shown = await settled(people, says("He añadido a", "Listo"))
    forge(world, shown, f"library:sure:{course.id}")
    await people.until(is_refusal)
    forge(world, shown, f"library:show:{course.id}")
    shown = await settled(people, says(course.title))
    assert list(buttons(shown)) == ["📖 Leer", "📚 Biblioteca"]
    assert course.id in [one.id for one in await bot.database.transact(courses)]
