"""/answer, through the front door, and talk that goes by the material."""

from collections.abc import Sequence

import pytest

from bot import app
from bot.inference.api import ChatRequest, Waiting
from bot.library.search import Hit
from bot.storage import materials
from bot.storage.materials import Shelf
from tests.conftest import GROUP, LUCIA, Script, Visitor

FARO = (
    "El faro de la isla se construyó en 1901, y su luz llega a veinte millas cuando el mar está en calma. "
    "Lo encendió por primera vez Berta Soler, que vivió en él con sus dos hijos hasta que lo hicieron automático."
)


@pytest.fixture
def script() -> Script:
    def say(request: ChatRequest) -> Sequence[str | Waiting | Exception]:
        last = request.turns[-1].text
        if request.max_new_tokens < 10:
            return ["yes" if "Sentence:" in last else "sí"]
        if "Después:" in last:
            return ["¿Quién encendió el faro por primera vez?"]
        return ["Berta Soler."] if "Berta" in last else ["NO LO DICE"]

    return Script(say)


async def add(people: Visitor) -> None:
    await people.send("faro.txt", FARO.encode(), "/anadir")
    await people.hear("He añadido")


async def test_the_answer_cites_its_place_and_a_button_shows_the_passage(people: Visitor) -> None:
    await add(people)
    await people.say("/responder ¿Quién encendió el faro?")
    heard = await people.hear("Berta Soler.")
    assert "[faro, sección 1]" in heard["text"]
    assert "Lo encendió por primera vez" in heard["text"]
    [[button]] = heard["reply_markup"]["inline_keyboard"]
    await people.tap(heard, button["callback_data"])
    assert FARO in (await people.hear("📄 faro"))["text"]


async def test_what_the_material_does_not_say_is_refused(people: Visitor) -> None:
    await add(people)
    await people.say("/responder ¿Quién encendió el faro de Clara Ruiz?")
    heard = await people.hear("no quiero inventármelo")
    assert heard["reply_markup"]["inline_keyboard"]
    assert "/anadir" in heard["text"]
    assert "/curso" in heard["text"]


@pytest.mark.parametrize("words", ["¿y en inglés?", "and in English please?", "¿Y en inglés, por favor?"])
async def test_another_language_is_asked_for_in_plain_text(people: Visitor, script: Script, words: str) -> None:
    await add(people)
    await people.say("/responder ¿Quién encendió el faro?")
    await people.hear("Berta Soler.")
    await people.say(words)
    heard = await people.hear("Berta Soler.")
    assert "[faro, sección 1]" in heard["text"]
    assert not [request for request in script.requests if "Después:" in request.turns[-1].text], "no model guesses"
    asked = [request.turns[-1].text for request in script.requests if FARO in request.turns[-1].text]
    assert len(asked) == 2
    assert asked[0] == asked[1], "the question stays the same"


async def test_an_answer_comes_in_the_language_asked_for(people: Visitor, script: Script) -> None:
    def say(request: ChatRequest) -> Sequence[str]:
        told = request.turns[-1].text
        if request.max_new_tokens < 10:
            return ["sí"]
        return ["En 1901 se construyó el faro."] if FARO in told else ["The lighthouse was built in 1901."]

    script.answer = say
    await add(people)
    await people.say("/responder ¿Cuándo se construyó el faro de la isla?")
    await people.hear("En 1901 se construyó el faro.")
    await people.say("¿y en inglés?")
    assert "[faro, sección 1]" in (await people.hear("The lighthouse was built in 1901."))["text"]


async def test_plain_text_goes_on_from_an_answer(people: Visitor, script: Script) -> None:
    await add(people)
    await people.say("/responder ¿Quién encendió el faro?")
    await people.hear("Berta Soler.")
    for words in ("¿y al principio?", "y quién fue"):
        await people.say(words)
        assert "[faro, sección 1]" in (await people.hear("Berta Soler."))["text"]
    rewritten = [request.turns[-1].text for request in script.requests if "Después:" in request.turns[-1].text]
    assert "Pregunta: ¿Quién encendió el faro por primera vez?" in rewritten[1], "it goes on from the question in full"


async def test_what_was_refused_is_refused_in_plain_text(people: Visitor, script: Script) -> None:
    await add(people)
    script.answer = lambda request: [
        "¿Quién encendió el faro de Clara?" if "Después:" in _said(request) else "NO LO DICE"
    ]
    await people.say("/responder ¿Quién pintó el faro?")
    await people.hear("no quiero inventármelo")
    await people.say("¿y el de Clara?")
    await people.hear("no quiero inventármelo")


def _said(request: ChatRequest) -> str:
    return request.turns[-1].text


async def test_thanks_after_an_answer_are_talk(people: Visitor, script: Script) -> None:
    await add(people)
    await people.say("/responder ¿Quién encendió el faro?")
    await people.hear("Berta Soler.")
    script.answer = lambda _: ["De nada [faro, p. 2]."]
    await people.say("gracias")
    heard = await people.hear("De nada.")
    assert "reply_markup" not in heard
    turns = [turn.text for turn in script.requests[-1].turns[1:]]
    assert turns == ["¿Quién encendió el faro?", "Berta Soler.", "gracias"], "the model sees no quotation to copy"


async def test_the_course_answers_what_the_own_material_does_not_say(people: Visitor, script: Script) -> None:
    def say(request: ChatRequest) -> Sequence[str]:
        if request.max_new_tokens < 10:
            return ["sí"]
        return ["Jeremy Howard y Sebastian Ruder."] if "Sebastian Ruder" in _said(request) else ["NO LO DICE"]

    script.answer = say
    await add(people)
    await people.say("/responder ¿Quiénes presentaron ULMFiT?")
    heard = await people.hear("Jeremy Howard y Sebastian Ruder.")
    assert ", sección 13]" in heard["text"]


async def test_one_may_go_on_from_the_answer_before(people: Visitor, script: Script) -> None:
    await add(people)
    await people.say("/responder ¿Quién encendió el faro?")
    await people.hear("Berta Soler.")
    await people.say("/responder ¿y al principio?")
    await people.hear("Berta Soler.")
    [rewritten] = [request for request in script.requests if "Después:" in request.turns[-1].text]
    assert "Pregunta: ¿Quién encendió el faro?" in rewritten.turns[-1].text
    assert "por primera vez?" in script.requests[-1].turns[-1].text


async def test_the_text_replied_to_is_asked(people: Visitor, script: Script) -> None:
    said = await people.say(FARO, chat=GROUP)
    await people.say("/answer ¿quién lo encendió?", chat=GROUP, reply_to=said["message_id"])
    assert "Lo encendió" in (await people.hear("Berta Soler.", GROUP, "edit"))["text"]


async def test_the_question_is_asked_for(people: Visitor) -> None:
    await add(people)
    await people.say("/answer")
    asked = await people.hear("¿Qué quieres saber?")
    await people.say("¿Quién encendió el faro?", reply_to=asked["message_id"])
    await people.hear("Berta Soler.")


async def test_a_passage_that_was_removed(people: Visitor, bot: app.Running) -> None:
    await add(people)
    await people.say("/responder ¿Quién encendió el faro?")
    heard = await people.hear("Berta Soler.")
    database = bot.application.services.database
    [material] = await database.transact(materials.listed, Shelf(LUCIA))
    await database.transact(materials.remove, Shelf(LUCIA), material.id)
    await people.tap(heard, heard["reply_markup"]["inline_keyboard"][0][0]["callback_data"])
    await people.until(lambda event: "Ese pasaje ya no está" in event.get("text", ""))


async def test_talk_about_the_material_goes_by_it(
    people: Visitor, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def near(*_: object) -> list[Hit]:
        return [Hit(1, 1, "faro", "txt", 1, 1, FARO, 1.0, 0.9)]

    monkeypatch.setattr("handlers.conversation.relevant", near)
    await people.say("cuéntame quién encendió el faro")
    heard = await people.hear("Berta Soler.")
    assert heard["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "passage:1"
    assert FARO in script.requests[-1].turns[-1].text
    script.answer = lambda _: ["Los pingüinos vuelan hacia ciudades lejanas."]
    await people.say("cuéntame otra cosa del faro")
    assert "reply_markup" not in await people.hear("pingüinos"), "a passage that was not used lends no authority"


async def test_a_plain_question_about_the_material_is_answered_with_its_place(
    people: Visitor, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def near(*_: object) -> list[Hit]:
        return [Hit(1, 1, "faro", "txt", 1, 1, FARO, 1.0, 0.9)]

    monkeypatch.setattr("bot.grounding.relevant", near)
    monkeypatch.setattr("handlers.conversation.relevant", near)
    await add(people)
    await people.say("¿quién encendió el faro?")
    assert "[faro, sección 1]" in (await people.hear("Berta Soler."))["text"]
    script.answer = lambda request: ["NO LO DICE" if "NO LO DICE" in request.turns[0].text else "Ni idea."]
    await people.say("¿de qué color era aquella torre tan alta que se veía desde el barco?")
    heard = await people.hear("Ni idea.")
    assert "reply_markup" not in heard


async def test_small_talk_is_left_alone(people: Visitor, script: Script) -> None:
    await add(people)
    await people.say("hola, Berta")
    heard = await people.hear("Berta Soler.")
    assert "reply_markup" not in heard
    assert script.requests[-1].turns[-1].text == "hola, Berta"


async def test_a_text_without_a_question_is_no_question(people: Visitor) -> None:
    text = await people.say("La biblioteca abre de nueve a dos. " * 8)
    await people.hear()
    await people.say("/responder", reply_to=text["message_id"])
    await people.hear("¿Y la pregunta?")


async def test_a_command_in_answer_to_a_question_is_a_command(people: Visitor) -> None:
    await people.say("/responder")
    asked = await people.hear("¿Qué quieres saber?")
    await people.say("/ayuda", reply_to=asked["message_id"])
    await people.hear("Esto es lo que puedes pedirme")
