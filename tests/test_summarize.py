"""/summarize, through the front door."""

import pytest

from bot.inference.api import ChatRequest
from tests.conftest import GROUP, JSON, Script, Visitor

TEXT = (
    "El ayuntamiento de Zamora cerrará la calle Balborraz desde el 4 de octubre. La medida durará seis meses y quiere "
    "proteger el empedrado. Los vecinos entrarán con una tarjeta. Rosario Ferrero, de los comerciantes, pide que se "
    "pueda descargar hasta las once. El concejal, Andrés Luengo, contestará pronto."
)
GOOD = "Zamora cerrará la calle Balborraz desde el 4 de octubre para proteger el empedrado."


@pytest.fixture
def script() -> Script:
    def answer(request: ChatRequest) -> list[str]:
        points = "lista" in request.turns[-1].text or "un solo punto" in request.turns[-1].text
        return [f"- {GOOD}\n- Los vecinos entrarán con una tarjeta" if points else GOOD]

    return Script(answer)


async def test_the_words_after_the_command(people: Visitor) -> None:
    await people.say(f"/resumir {TEXT}")
    assert (await people.hear("Balborraz"))["text"] == GOOD


async def test_the_message_replied_to_in_points(people: Visitor) -> None:
    said = await people.say(TEXT, chat=GROUP)
    await people.say("/resumir puntos", chat=GROUP, reply_to=said["message_id"])
    heard = await people.hear("Balborraz", GROUP, "edit")
    assert heard["text"].splitlines() == [f"• {GOOD}", "• Los vecinos entrarán con una tarjeta"]


async def test_a_file_is_named_above_its_summary(people: Visitor) -> None:
    await people.send("ruta_2.txt", TEXT.encode(), "/resumir")
    assert (await people.hear("Balborraz"))["text"] == f"ruta_2.txt\n\n{GOOD}"


async def test_the_text_is_asked_for_and_the_length_remembered(people: Visitor) -> None:
    await people.say("/summarize bullets")
    asked: JSON = await people.hear("¿Qué resumo?")
    await people.say(TEXT, reply_to=asked["message_id"])
    assert (await people.hear("Balborraz"))["text"].startswith("• ")


async def test_too_little_and_a_link_alone_are_explained(people: Visitor) -> None:
    await people.say("/resumir hola a todos")
    await people.hear("al menos 12 palabras")
    await people.say("/resumir https://example.org/a")
    await people.hear("No puedo abrir enlaces")
