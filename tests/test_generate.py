"""/generate: its options and its buttons, through the playground."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import app
from bot.config import Settings
from bot.inference.api import ChatRequest, Waiting
from bot.storage import recap
from bot.storage.tables import Written
from bot.tasks import generate
from tests.conftest import BEN, GROUP, LUCIA, Script, Visitor

JSON = dict[str, Any]


def asked(request: ChatRequest) -> list[str]:
    return [turn.text for turn in request.turns[1:]]


def buttons(message: JSON) -> dict[str, str]:
    [row] = message["reply_markup"]["inline_keyboard"]
    return {button["text"]: button["callback_data"] for button in row}


async def finished(people: Visitor, words: str = "Una respuesta.", chat: int = GROUP) -> JSON:
    """Wait for a whole text in a group, which stands there at once or by edits."""

    def wanted(event: JSON) -> bool:
        message = event.get("message", {})
        return words in message.get("text", "") and "generate:more" in str(message.get("reply_markup"))

    return dict((await people.until(wanted, chat))["message"])


def answering(script: Script, *answers: str) -> None:
    """Let the model give these answers one after another."""

    def answer(_: ChatRequest) -> list[str | Waiting | Exception]:
        return [answers[len(script.requests) - 1]]

    script.answer = answer


async def test_options_come_before_the_prompt(people: Visitor, script: Script) -> None:
    await people.say("/generar temperatura=0,3 n=40 un haiku n=3")
    await people.hear("Una respuesta.")
    [request] = script.requests
    assert asked(request) == ["un haiku n=3\n\n(Unas 40 palabras.)"]
    assert (request.temperature, request.max_new_tokens) == (0.3, 112)


async def test_options_of_another_language_work_too(people: Visitor, script: Script) -> None:
    await people.say("/generate longitud=1000 Temperature=2 a story", BEN)
    await people.hear("Una respuesta.", BEN)
    [request] = script.requests
    assert asked(request) == ["a story\n\n(About 1000 words.)"]
    assert (request.temperature, request.max_new_tokens) == (2.0, 512)


@pytest.mark.parametrize("words", ["x=3 resuelve", "t = 3", "=0.3", "temperatura: 0.3", "2+2=4"])
async def test_what_is_no_option_is_the_prompt(people: Visitor, script: Script, words: str) -> None:
    await people.say(f"/generate {words}")
    await people.hear("Una respuesta.")
    assert asked(script.requests[0]) == [words]
    assert script.requests[0].temperature == generate.TEMPERATURE


@pytest.mark.parametrize("value", ["-0.1", "2.1", "nan", "inf", "1e999", "mucha", "", "0.3.1", "９" * 400])
async def test_temperatures_out_of_range_are_refused(people: Visitor, script: Script, value: str) -> None:
    await people.say(f"/generate t={value} algo")
    await people.hear("La temperatura va de 0")
    assert not script.requests


@pytest.mark.parametrize("value", ["4", "1001", "40.5", "nan", "inf", "-5", "mucha", ""])
async def test_lengths_out_of_range_are_refused(people: Visitor, script: Script, value: str) -> None:
    await people.say(f"/generate n={value} something", BEN)
    await people.hear("from 5 to 1,000", BEN)
    assert not script.requests


async def test_options_are_kept_while_the_prompt_is_asked_for(people: Visitor, script: Script) -> None:
    await people.say("/generate t=0.1 n=20")
    question = await people.hear("¿Qué escribo?")
    await people.say("un poema", reply_to=question["message_id"])
    await people.hear("Una respuesta.")
    assert asked(script.requests[0]) == ["un poema\n\n(Unas 20 palabras.)"]
    assert script.requests[0].temperature == 0.1


async def test_words_and_the_message_replied_to_are_the_prompt_together(people: Visitor, script: Script) -> None:
    beginning = await people.say("Érase una vez", LUCIA, GROUP)
    await people.say("/generate Sigue:", LUCIA, GROUP, reply_to=beginning["message_id"])
    await people.hear("Una", GROUP)
    assert asked(script.requests[0]) == ["Sigue:\n\nÉrase una vez"]


async def test_more_goes_on_where_all_that_was_written_ends(people: Visitor, script: Script) -> None:
    answering(script, "Érase una vez", "un dragón", "que leía.")
    await people.say("/generate t=0.2 un cuento")
    first = await people.hear("Érase")
    assert list(buttons(first)) == ["➕ Más", "🔁 Otro", "✂ Más corto"]
    await people.tap(first, buttons(first)["➕ Más"])
    second = await people.hear("un dragón")
    await people.tap(second, buttons(second)["➕ Más"])
    await people.hear("que leía.")
    *_, third = script.requests
    prompt, text, wish = asked(third)
    assert (prompt, text) == ("un cuento", "Érase una vez\nun dragón")
    assert "Continúa el texto" in wish
    assert third.temperature == 0.2


HAIKU = "La luz se apaga,\nel gato mira al río,\nnadie responde."


async def test_more_is_no_repetition(people: Visitor, script: Script) -> None:
    answering(script, HAIKU, f"{HAIKU}\n", "Y luego, el alba.")
    await people.say("/generate t=0.2 un haiku")
    first = await people.hear("La luz")
    await people.tap(first, buttons(first)["➕ Más"])
    second = await people.hear("Y luego, el alba.")
    assert second["text"] == "Y luego, el alba."
    _, repeated, other = script.requests
    assert repeated.turns == other.turns
    assert repeated.seed != other.seed
    assert repeated.temperature < other.temperature


async def test_what_only_repeats_itself_is_complete(people: Visitor, script: Script) -> None:
    script.answer = lambda _: [*HAIKU]
    await people.say("/generate un haiku")
    first = await people.hear("La luz")
    await people.tap(first, buttons(first)["➕ Más"])
    said = await people.hear("El texto ya está completo")
    assert "reply_markup" not in said
    assert len(script.requests) == 3


async def test_what_was_stopped_before_it_began_has_no_buttons(people: Visitor, script: Script) -> None:
    script.hold_after = 1
    script.answer = lambda _: [Waiting("queued", 1), "Una"]
    await people.say("/generate algo", LUCIA, GROUP)
    waiting = await people.until(lambda event: "stop:" in str(event.get("message", {}).get("reply_markup")), GROUP)
    [[stop]] = waiting["message"]["reply_markup"]["inline_keyboard"]
    await people.tap(waiting["message"], stop["callback_data"])

    def wanted(event: JSON) -> bool:
        return "Detenido antes de empezar" in event.get("message", {}).get("text", "")

    stopped = await people.until(wanted, GROUP)
    assert "reply_markup" not in stopped["message"]


async def test_again_asks_the_same_with_another_seed(people: Visitor, script: Script) -> None:
    await people.say("/generate n=30 un cuento")
    first = await people.hear("Una respuesta.")
    await people.tap(first, buttons(first)["🔁 Otro"])
    second = await people.hear("Una respuesta.")
    assert second["message_id"] != first["message_id"]
    one, other = script.requests
    assert one.turns == other.turns
    assert one.seed != other.seed


async def test_shorter_halves_the_words_and_keeps_them_half(people: Visitor, script: Script) -> None:
    answering(script, "palabra " * 60, "corto", "otro")
    await people.say("/generate un cuento")
    first = await people.hear("palabra")
    await people.tap(first, buttons(first)["✂ Más corto"])
    second = await people.hear("corto")
    await people.tap(second, buttons(second)["🔁 Otro"])
    await people.hear("otro")
    _, shorter, again = script.requests
    assert "en 30 palabras como mucho" in asked(shorter)[-1]
    assert shorter.max_new_tokens == 92
    assert asked(again) == ["un cuento\n\n(Unas 30 palabras.)"]


async def test_in_a_group_the_next_piece_replies_to_the_one_before(people: Visitor, script: Script) -> None:
    await people.say("/generate a story", BEN, GROUP)
    first = await finished(people)
    await people.tap(first, buttons(first)["🔁 Again"], LUCIA)
    second = await finished(people)
    assert "✂ Más corto" in buttons(second)  # whoever tapped reads Spanish
    assert second["reply_to_message"]["message_id"] == first["message_id"]


async def test_a_button_whose_text_is_forgotten_says_so(people: Visitor, bot: app.Running, script: Script) -> None:
    await people.say("/generate algo")
    first = await people.hear("Una respuesta.")
    await bot.database.transact(lambda session: session.query(Written).delete())
    await people.tap(first, buttons(first)["➕ Más"])
    notice = await people.until(lambda event: event["type"] == "callback_answer")
    assert "ya no recuerdo" in notice["text"]
    assert len(script.requests) == 1


async def test_a_stopped_text_can_go_on(people: Visitor, script: Script) -> None:
    script.hold_after = 1
    await people.say("/generate algo", LUCIA, GROUP)
    first = await people.hear("Una", GROUP)
    [[stop]] = first["reply_markup"]["inline_keyboard"]
    await people.tap(first, stop["callback_data"])
    final = await finished(people, "Detenido")
    script.hold_after = None
    await people.tap(final, buttons(final)["➕ Más"])
    await finished(people)
    assert asked(script.requests[1])[1] == "Una"


def _bare(message: JSON) -> bool:
    return "Una respuesta." in message.get("text", "") and "reply_markup" not in message


async def test_nothing_is_kept_for_who_opted_out(people: Visitor, bot: app.Running) -> None:
    await people.say("/generate algo", BEN, GROUP)
    await finished(people)
    await bot.database.transact(recap.opt_out, BEN)
    assert await bot.database.transact(lambda session: session.query(Written).count()) == 0
    await people.say("/generate algo", BEN, GROUP)
    await people.until(lambda event: _bare(event.get("message", {})), GROUP)
    assert await bot.database.transact(lambda session: session.query(Written).count()) == 0


async def test_a_long_text_has_its_buttons_at_its_end(people: Visitor, script: Script) -> None:
    answering(script, "palabra " * 700, "otra palabra")
    await people.say("/generate algo")
    first = await people.hear("palabra")
    assert "reply_markup" not in first
    last = await people.hear("palabra")
    await people.tap(last, buttons(last)["➕ Más"])
    await people.hear("otra palabra")
    assert asked(script.requests[1])[1].count("palabra") > 700 // 2


def test_the_model_sees_the_end_of_a_long_text() -> None:
    *_, text, _ = generate.more("es", "algo", "a" * 100_000 + "fin")
    assert len(text.text) < 10_000
    assert text.text.endswith("fin")


@given(st.integers(1, 1000), st.integers(16, 4096))
def test_length_leaves_room_for_the_words_within_the_limit(length: int, limit: int) -> None:
    assert min(length, limit) <= generate.most_tokens(length, limit) <= limit


def test_limits_of_a_person_are_those_of_the_machine(settings: Settings) -> None:
    assert generate.most_tokens(0, settings.max_new_tokens) == settings.max_new_tokens
