"""/translate and /glossary, at the front door."""

import pytest

from tests.conftest import BEN, GROUP, JSON, LUCIA, Script, Visitor


@pytest.fixture
def script() -> Script:
    """A model that shouts: it translates nothing, and what must stay can be told from what may change."""
    return Script(lambda request: [request.turns[-1].text.upper()])


async def heard(people: Visitor, text: str, chat: int = LUCIA) -> JSON:
    """Wait for the bot to have said exactly this, at once or by an edit."""

    def wanted(event: JSON) -> bool:
        message = event.get("message", {})
        return bool(message.get("text") == text and message["from"]["is_bot"])

    return dict((await people.until(wanted, chat))["message"])


def told(script: Script) -> str:
    """What the model was told to do last."""
    return script.requests[-1].turns[0].text


async def test_what_follows_the_command_is_translated(people: Visitor, script: Script) -> None:
    await people.say("/traducir Hola a todos:\n- uno 🙂\n- mira https://a.example/x")
    await heard(people, "HOLA A TODOS:\n- UNO 🙂\n- MIRA https://a.example/x")
    assert "from Spanish into English" in told(script)


async def test_a_foreign_text_comes_in_the_persons_language(people: Visitor, script: Script) -> None:
    await people.say("/traducir see you tomorrow at the library")
    await heard(people, "SEE YOU TOMORROW AT THE LIBRARY")
    assert "del inglés al español" in told(script)
    await people.say("/translate see you tomorrow at the library", BEN, GROUP)
    await heard(people, "SEE YOU TOMORROW AT THE LIBRARY", GROUP)
    assert "del inglés al español" in told(script)


@pytest.mark.parametrize("named", ["en", "inglés", "English:", "INGLES"])
async def test_the_language_can_be_named(named: str, people: Visitor, script: Script) -> None:
    await people.say(f"/traducir {named} hola a todos")
    await heard(people, "HOLA A TODOS")
    assert "from Spanish into English" in told(script)


async def test_a_word_of_the_text_is_no_language(people: Visitor, script: Script) -> None:
    await people.say("/traducir es un día precioso para leer")
    await heard(people, "ES UN DÍA PRECIOSO PARA LEER")
    assert "from Spanish into English" in told(script)


async def test_a_language_that_no_model_has(people: Visitor, script: Script) -> None:
    await people.say("/traducir quechua hola a todos")
    await people.hear("no traducen a ese idioma (qu). Puedes elegir entre: es, en.")
    assert script.requests == []


async def test_the_message_replied_to_is_translated(people: Visitor, script: Script) -> None:
    said = await people.say("nos vemos mañana", BEN, GROUP)
    await people.say("/translate en", BEN, GROUP, reply_to=said["message_id"])
    await heard(people, "NOS VEMOS MAÑANA", GROUP)
    assert "from Spanish into English" in told(script)


async def test_the_footer_of_the_bots_own_words_is_not_translated(people: Visitor) -> None:
    await people.say("/detalles sí")
    await people.hear("Hecho")
    await people.say("/traducir see you tomorrow at the library")
    said = await people.hear("SEE YOU TOMORROW AT THE LIBRARY")
    assert said["text"].endswith(" tokens")
    await people.say("/traducir en", reply_to=said["message_id"])
    again = await people.hear("SEE YOU TOMORROW AT THE LIBRARY")
    assert again["text"].upper().count("TOKENS") == 1


async def test_a_file_is_translated(people: Visitor) -> None:
    await people.send("apuntes.txt", b"Hola a todos.", "/traducir")
    await heard(people, "HOLA A TODOS.")


async def test_without_a_text_it_asks_and_remembers_the_language(people: Visitor, script: Script) -> None:
    await people.say("/traducir inglés")
    question = await people.hear("¿Qué texto traduzco?")
    await people.say("hola a todos", reply_to=question["message_id"])
    await heard(people, "HOLA A TODOS")
    assert "from Spanish into English" in told(script)


async def test_code_that_was_shown_stays_code(people: Visitor, script: Script) -> None:
    shout, script.answer = script.answer, lambda _: ["🙂 escribe `pip install x` y mira"]
    await people.say("/generar algo")
    shown = await heard(people, "🙂 escribe pip install x y mira")
    script.answer = shout
    await people.say("/traducir", reply_to=shown["message_id"])
    answer = await heard(people, "🙂 ESCRIBE pip install x Y MIRA")
    assert answer["entities"] == [{"type": "code", "offset": 11, "length": 13}]


async def test_too_long_a_text_is_refused(people: Visitor) -> None:
    await people.send("largo.txt", b"hola a todos. " * 1500, "/traducir")
    await people.hear("traduzco 20.000 caracteres como mucho")


async def test_the_glossary_of_the_chat_is_obeyed(people: Visitor, script: Script) -> None:
    await people.say("/glosario añadir attention head = cabeza de atención")
    await people.hear("attention head = cabeza de atención")
    script.answer = lambda request: [request.turns[-1].text.replace("cabeza de atención", "cabezal")]
    await people.say("/traducir cada cabeza de atención mira")
    await heard(people, "cada attention head mira")
    await people.say("/traducir en cada cabeza de atención mira", BEN, GROUP)
    await heard(people, "cada cabezal mira", GROUP)


async def test_the_glossary_is_shown_and_shortened(people: Visitor) -> None:
    await people.say("/glosario")
    await people.hear("está vacío")
    await people.say("/glosario add b_c* = <i>")
    await people.hear("b_c* = <i>")
    await people.say("/glosario añadir   capa=layer ")
    await people.hear("capa = layer")
    await people.say("/glossary list")
    await heard(people, "Glosario de este chat\n\nb_c* = <i>\ncapa = layer")
    await people.say("/glosario quitar Layer")
    await people.hear("Quitado del glosario: Layer")
    await people.say("/glosario quitar layer")
    await people.hear("«layer» no está")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("añadir capa", "Así se usa"),
        ("añadir = layer", "Así se usa"),
        ("quitar", "Así se usa"),
        ("bailar capa", "Así se usa"),
        ("añadir capa = a\nb", "una sola línea"),
        (f"añadir capa = {'a' * 101}", "100 caracteres"),
    ],
)
async def test_what_is_no_term_is_explained(words: str, answer: str, people: Visitor) -> None:
    await people.say(f"/glosario {words}")
    await people.hear(answer)
