"""/verbose, through the playground."""

import re

import pytest

from bot.playground.world import CHANNEL_ID
from tests.conftest import BEN, GROUP, LUCIA, Script, Visitor

FOOTER = r"qwen2\.5-coder-1\.5b · 0[.,]2 s · 2 tokens"


@pytest.mark.parametrize(("words", "who"), [("/verbose on", BEN), ("/detalles sí", LUCIA), ("/detalles ON", LUCIA)])
async def test_on_shows_model_time_and_tokens_until_off(people: Visitor, words: str, who: int) -> None:
    await people.say(words, who)
    await people.hear("tokens", who)
    await people.say("/generate algo", who)
    assert re.search(FOOTER, (await people.hear("Una respuesta.", who))["text"])
    await people.say("/verbose off", who)
    await people.hear("det", who)
    await people.say("/generate algo", who)
    assert "tokens" not in (await people.hear("Una respuesta.", who))["text"]


async def test_it_is_each_persons_own(people: Visitor) -> None:
    await people.say("/verbose on", LUCIA)
    await people.hear("Hecho")
    await people.say("/generate algo", BEN)
    assert "tokens" not in (await people.hear("Una respuesta.", BEN))["text"]
    await people.say("/generate algo", LUCIA)
    assert re.search(FOOTER, (await people.hear("Una respuesta."))["text"])


async def test_it_stands_below_an_outcome_with_marks_of_its_own(people: Visitor, script: Script) -> None:
    script.answer = lambda request: ["Hi 🎉 `code`" if "Hola" in request.turns[-1].text else "Una respuesta."]
    await people.say("/verbose on")
    await people.hear("Hecho")
    await people.say("/traducir inglés: Hola 🎉 `code`")
    heard = await people.hear("Hi 🎉")
    assert re.search(r"\n\nqwen2\.5-coder-1\.5b · [\d,]+ s · 9 tokens$", heard["text"])
    units = heard["text"].encode("utf-16-le")
    italic = [entity for entity in heard["entities"] if entity["type"] == "italic"]
    assert [units[2 * e["offset"] :].decode("utf-16-le") for e in italic] == [heard["text"].partition("\n\n")[2]]


async def test_where_no_model_worked_there_is_nothing_to_show(people: Visitor) -> None:
    await people.say("/verbose on")
    await people.hear("Hecho")
    await people.say("/anadir los gatos duermen mucho")
    assert not re.search(r"· [\d,]+ s\b", (await people.hear("He añadido"))["text"])


async def test_without_a_word_it_offers_both_and_says_how_it_is(people: Visitor) -> None:
    await people.say("/verbose")
    message = await people.hear("Puedo mostrar")
    [row] = message["reply_markup"]["inline_keyboard"]
    assert [button["text"] for button in row] == ["Mostrar", "No mostrar"]
    await people.tap(message, "verbose:on")
    await people.hear("Hecho", kind="edit")
    await people.say("/verbose quizás")
    await people.hear("Ahora mismo muestro")


async def test_in_a_group_the_buttons_stay_for_the_others(people: Visitor) -> None:
    await people.say("/verbose", LUCIA, GROUP)
    message = await people.hear("Puedo mostrar", GROUP)
    await people.tap(message, "verbose:on", BEN)
    notice = await people.until(lambda event: event["type"] == "callback_answer", GROUP)
    assert notice["show_alert"]
    assert "Done" in notice["text"]
    assert not [event for event in await people.events(GROUP) if event["type"] == "edit"]


async def test_who_does_not_sign_is_told_so(people: Visitor) -> None:
    await people.say("/verbose on", LUCIA, CHANNEL_ID)
    await people.until(lambda event: "who you are" in event.get("message", {}).get("text", ""), CHANNEL_ID)
