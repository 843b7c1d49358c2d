"""Talking with the bot through the playground."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import pairwise

import pytest

from bot.config import Settings
from bot.errors import EngineFailed
from bot.inference.api import ChatRequest, Turn, Waiting
from bot.playground.world import CHANNEL_ID, FORUM_ID
from tests.conftest import BEN, GROUP, JSON, LUCIA, Script, Visitor


def is_draft(words: str) -> Callable[[JSON], bool]:
    return lambda event: event["type"] == "draft" and words in event["text"]


async def test_answer_streams_as_a_draft_and_ends_as_a_message(people: Visitor, script: Script) -> None:
    script.hold_after = 1
    await people.say("¿Qué es la atención?")
    await people.until(is_draft("Una"))
    script.gate.set()
    final = await people.hear("Una respuesta.")
    assert final["chat"]["id"] == LUCIA


async def test_typing_is_shown_meanwhile(people: Visitor, script: Script) -> None:
    script.hold_after = 0
    await people.say("hola")
    await people.until(lambda event: event["type"] == "action" and event["action"] == "typing")
    script.gate.set()
    await people.hear("Una respuesta.")


async def test_waiting_for_the_model_is_said_in_the_persons_language(people: Visitor, script: Script) -> None:
    script.answer = lambda _: [Waiting("loading"), Waiting("queued", 2), "done"]
    script.hold_after = 1
    await people.say("hola", BEN)
    await people.until(is_draft("Loading the model"), BEN)
    script.hold_after = None
    script.gate.set()
    await people.hear("done", BEN)


async def test_place_in_the_queue_is_said(people: Visitor, script: Script) -> None:
    script.answer = lambda _: [Waiting("queued", 2), "hecho"]
    script.hold_after = 1
    await people.say("hola")
    await people.until(is_draft("hay 2 peticiones"))
    script.gate.set()
    await people.hear("hecho")


async def test_place_in_the_queue_is_kept_up_to_date(people: Visitor, script: Script) -> None:
    script.answer = lambda _: [Waiting("queued", 2), Waiting("queued", 1), Waiting("queued", 0), "hecho"]
    await people.say("/language es", BEN)
    await people.hear("hablo en español", BEN)
    script.hold_after = 1
    await people.say("/generate algo", BEN)
    for shown in ("hay 2 peticiones delante", "hay una petición delante", "Eres la siguiente persona"):
        await people.until(is_draft(shown), BEN)
        script.hold_after += 1
        script.gate.set()
        script.gate.clear()
    await people.hear("hecho", BEN)


async def test_requests_say_who_asks(people: Visitor, script: Script) -> None:
    await people.say("hola")
    await people.hear("Una respuesta.")
    await people.say("/generate algo", BEN, GROUP)
    await people.hear("Una", GROUP)
    await people.say("/generate algo", LUCIA, FORUM_ID, anonymous=True)
    await people.hear("Una", FORUM_ID)
    await people.say("/generate algo", LUCIA, CHANNEL_ID)
    await people.until_true(requests_of(script), lambda count: count == 4)
    assert [request.person for request in script.requests] == [LUCIA, BEN, FORUM_ID, CHANNEL_ID]


def requests_of(script: Script) -> Callable[[], Awaitable[int]]:
    async def count() -> int:
        return len(script.requests)

    return count


async def test_model_is_told_the_conversation_so_far(people: Visitor, script: Script) -> None:
    await people.say("me llamo Lucía")
    await people.hear()
    await people.say("¿cómo me llamo?")
    await people.hear()
    first, second = (request.turns for request in script.requests)
    assert second[: len(first)] == first, "the prompt's beginning stays the same, for prefix caching"
    assert second[1:] == (
        Turn("user", "me llamo Lucía"),
        Turn("assistant", "Una respuesta."),
        Turn("user", "¿cómo me llamo?"),
    )


async def test_people_do_not_share_a_conversation(people: Visitor, script: Script) -> None:
    await people.say("un secreto")
    await people.hear()
    await people.say("hello", BEN)
    await people.hear(chat=BEN)
    assert [turn.text for turn in script.requests[1].turns[1:]] == ["hello"]


async def test_new_starts_over(people: Visitor, script: Script) -> None:
    await people.say("uno")
    await people.hear("Una respuesta.")
    await people.say("/new")
    await people.hear("empezamos de nuevo")
    await people.say("dos")
    await people.hear("Una respuesta.")
    assert [turn.text for turn in script.requests[1].turns[1:]] == ["dos"]


async def test_cancel_keeps_what_was_written_and_frees_the_slot(people: Visitor, script: Script) -> None:
    script.hold_after = 1
    await people.say("cuéntame algo largo")
    await people.until(is_draft("Una"))
    await people.say("/cancel")
    message = await people.hear("Detenido")
    assert message["text"].startswith("Una")
    assert (script.closed, script.running) == (1, 0)


async def test_cancel_before_the_first_word(people: Visitor, script: Script) -> None:
    script.hold_after = 0
    await people.say("hola")

    async def running() -> int:
        return script.running

    await people.until_true(running, lambda count: count == 1)
    await people.say("/cancelar")
    await people.hear("Detenido antes de empezar")
    assert (script.closed, script.running) == (1, 0)


async def test_stopped_answer_is_part_of_the_conversation(people: Visitor, script: Script) -> None:
    script.hold_after = 1
    await people.say("cuenta")
    await people.until(is_draft("Una"))
    await people.say("/cancel")
    await people.hear("Detenido")
    script.hold_after = None
    await people.say("sigue")
    await people.hear("Una respuesta.")
    assert script.requests[1].turns[2] == Turn("assistant", "Una")


async def test_cancel_with_nothing_running(people: Visitor) -> None:
    await people.say("/cancel", BEN)
    await people.hear("No answer is being written", BEN)


async def test_commands_are_answered_while_an_answer_is_written(people: Visitor, script: Script) -> None:
    script.hold_after = 1
    await people.say("hola")
    await people.until(is_draft("Una"))
    await people.say("/help")
    await people.hear("/ayuda")
    script.gate.set()
    await people.hear("Una respuesta.")


async def test_second_question_waits_for_the_first_and_knows_its_answer(people: Visitor, script: Script) -> None:
    script.hold_after = 1
    await people.say("primera")
    await people.until(is_draft("Una"))
    await people.say("segunda")
    await people.until(is_draft("Primero termino"))
    assert script.most == 1
    script.gate.set()
    await people.hear("Una respuesta.")
    await people.hear("Una respuesta.")
    assert [turn.text for turn in script.requests[1].turns[1:]] == ["primera", "Una respuesta.", "segunda"]


async def test_people_are_answered_side_by_side(people: Visitor, script: Script) -> None:
    script.hold_after = 1
    await people.say("hola")
    await people.say("hello", BEN)
    await asyncio.gather(people.until(is_draft("Una")), people.until(is_draft("Una"), BEN))
    assert script.most == 2
    script.gate.set()
    await people.hear("Una respuesta.")
    await people.hear("Una respuesta.", BEN)


async def test_long_answer_arrives_whole_in_several_messages(people: Visitor, script: Script) -> None:
    paragraphs = [f"Párrafo {number}: " + "palabra " * 80 + "\n\n" for number in range(20)]
    script.answer = lambda _: paragraphs
    await people.say("cuenta")
    await people.hear("Párrafo 19")
    texts = [message["text"] for message in await people.messages() if message["from"]["is_bot"]]
    assert len(texts) > 2
    assert all(len(text) <= 4096 for text in texts)
    assert " ".join(texts).split() == "".join(paragraphs).split()


async def test_empty_answer_is_said_to_be_empty(people: Visitor, script: Script) -> None:
    script.answer = lambda _: []
    await people.say("hola")
    await people.hear("no ha escrito nada")


async def test_failure_half_way_keeps_what_was_written(people: Visitor, script: Script) -> None:
    script.answer = lambda _: ["La mitad", EngineFailed()]
    await people.say("hola")
    await people.hear("La mitad")
    explanation = await people.hear("se ha detenido a mitad de camino")
    assert "Referencia: " in explanation["text"]


async def test_failure_in_a_group_takes_the_place_of_waiting(people: Visitor, script: Script) -> None:
    script.answer = lambda _: [Waiting("loading"), EngineFailed()]
    script.hold_after = 1
    await people.say("/generate algo", BEN, GROUP)
    first = await people.hear("Loading", GROUP)
    script.gate.set()
    last = await people.hear("stopped half-way", GROUP, kind="edit")
    assert first["message_id"] == last["message_id"]
    assert [[button["text"] for button in row] for row in last["reply_markup"]["inline_keyboard"]] == [["🔁 Try again"]]


async def test_markdown_becomes_entities(people: Visitor, script: Script) -> None:
    script.answer = lambda _: ["Usa **negrita** y `código`:\n\n```python\nprint('ñ')\n```"]
    await people.say("ejemplo")
    message = await people.hear("Usa negrita")
    assert [entity["type"] for entity in message["entities"]] == ["bold", "code", "pre"]
    assert message["entities"][2]["language"] == "python"


async def test_old_turns_leave_in_blocks(people: Visitor, script: Script) -> None:
    # The script counts words as tokens: each exchange takes 402 of the 3072 that a conversation may have.
    def answer(_: ChatRequest) -> Sequence[str]:
        return ["palabra " * 200]

    script.answer = answer
    for number in range(12):
        await people.say(f"{number} " + "texto " * 201)
        await people.hear("palabra")
    lengths = [len(request.turns) for request in script.requests]
    drops = [before for before, after in pairwise(lengths) if after < before]
    assert drops, "the budget was never exceeded"
    assert all(after == before + 2 or after <= before - 4 for before, after in pairwise(lengths))
    words = [sum(len(turn.text.split()) for turn in request.turns) for request in script.requests]
    assert max(words) <= 3072


async def test_too_long_a_message_is_explained(people: Visitor, settings: Settings, script: Script) -> None:
    settings.context_tokens = 512
    await people.say("a " * 600)
    await people.hear("ocupa 600 tokens")
    assert not script.requests


async def test_group_generate_streams_by_edits_with_a_stop_button(people: Visitor, script: Script) -> None:
    script.hold_after = 1
    await people.say("/generate un haiku", LUCIA, GROUP)
    first = await people.hear("Una", GROUP)
    assert first["reply_to_message"]["text"] == "/generate un haiku"
    [[button]] = first["reply_markup"]["inline_keyboard"]
    await people.tap(first, button["callback_data"], BEN)
    notice = await people.until(lambda event: event["type"] == "callback_answer", GROUP)
    assert notice["show_alert"]
    assert "Only the person who asked" in notice["text"]
    await people.tap(first, button["callback_data"], LUCIA)
    final = await people.hear("Detenido", GROUP, kind="edit")
    assert final["message_id"] == first["message_id"]
    assert "stop:" not in str(final["reply_markup"])
    assert (script.closed, script.running) == (1, 0)


async def test_group_answers_run_side_by_side(people: Visitor, script: Script) -> None:
    script.hold_after = 1
    for who in (LUCIA, BEN, LUCIA):
        await people.say("/generate algo", who, GROUP)
    for _ in range(3):
        await people.hear("Una", GROUP)
    assert script.most == 3
    script.gate.set()
    for _ in range(3):
        await people.hear("Una respuesta.", GROUP, kind="edit")


async def test_generate_takes_the_message_replied_to(people: Visitor, script: Script) -> None:
    beginning = await people.say("Érase una vez", LUCIA, GROUP)
    await people.say("/generate", LUCIA, GROUP, reply_to=beginning["message_id"])
    await people.hear("Una", GROUP)
    assert script.requests[0].turns[-1].text == "Érase una vez"


async def test_generate_without_a_prompt_asks_for_one(people: Visitor) -> None:
    await people.say("/generate")
    await people.hear("un haiku sobre la atención")


@pytest.mark.parametrize("beginning", ["###", "```python", "> ", "\n"])
async def test_group_streams_though_the_first_piece_shows_nothing(
    people: Visitor, script: Script, beginning: str
) -> None:
    script.answer = lambda _: [beginning, "\nhola", " fin"]
    script.hold_after = 2
    await people.say("/generate algo", LUCIA, GROUP)
    await people.hear("hola", GROUP)
    script.gate.set()
    await people.hear("fin", GROUP, kind="edit")


async def test_one_person_cannot_fill_the_queue_for_all(people: Visitor, script: Script) -> None:
    script.hold_after = 1
    for number in range(10):
        await people.say(f"pregunta {number}")
    for _ in range(4):
        await people.hear("Aún tengo varias preguntas tuyas")
    await people.say("/help", BEN)
    await people.hear("/generate", BEN)
    script.gate.set()
    for _ in range(6):
        await people.hear("Una respuesta.")


async def test_names_and_words_of_people_are_shown_as_they_are(people: Visitor) -> None:
    person = await people.http.post("/api/people", json={"first_name": "[Ana_](http://evil.example)"})
    await people.say("/start", person.json()["id"])
    message = await people.hear("[Ana_](http://evil.example)", person.json()["id"])
    assert all(entity["type"] != "text_link" for entity in message.get("entities", []))


async def test_custom_emoji_of_a_model_does_no_harm(people: Visitor, script: Script) -> None:
    script.answer = lambda _: ["Bien ![👍](tg://emoji?id=5368324170671202286) hecho"]
    await people.say("hola")
    await people.hear("Bien")


async def test_admin_may_stop_anybodys_answer(people: Visitor, script: Script) -> None:
    script.hold_after = 1
    await people.say("/generate algo", BEN, GROUP)
    first = await people.hear("Una", GROUP)
    await people.tap(first, first["reply_markup"]["inline_keyboard"][0][0]["callback_data"], LUCIA)
    await people.hear("Stopped here", GROUP, kind="edit")


async def test_answer_that_was_cut_says_so_and_the_model_does_not_see_that(people: Visitor, script: Script) -> None:
    script.answer = lambda _: ["Uno, dos:\n\n```python\nprint(1"]
    script.finish = "length"
    await people.say("cuenta")
    message = await people.hear("Pídeme que siga")
    assert [entity["type"] for entity in message["entities"]] == ["pre", "italic"]
    await people.say("sigue")
    await people.hear("Pídeme que siga")
    assert script.requests[1].turns[2] == Turn("assistant", "Uno, dos:\n\n```python\nprint(1")


async def test_cancel_of_somebody_elses_answer_is_for_admins(people: Visitor, script: Script) -> None:
    script.hold_after = 1
    await people.say("/generate algo", LUCIA, GROUP)
    await people.hear("Una", GROUP)
    await people.say("/cancel", BEN, GROUP)
    await people.hear("Only the person who asked, or an admin", GROUP)
    script.gate.set()
    await people.hear("Una respuesta.", GROUP, kind="edit")
    script.gate.clear()
    await people.say("/generate algo", BEN, GROUP)
    await people.hear("Una", GROUP)
    await people.say("/cancelar", LUCIA, GROUP)
    await people.hear("Stopped here", GROUP, kind="edit")


async def test_group_is_not_told_of_conversations_that_it_does_not_have(people: Visitor) -> None:
    await people.say("/privacy", LUCIA, GROUP)
    assert "/nuevo" not in (await people.hear("Qué guardo", GROUP))["text"]
    await people.say("/privacy")
    await people.hear("/nuevo")


async def test_a_path_is_no_command(people: Visitor, script: Script) -> None:
    await people.say("/usr/bin para qué sirve")
    await people.hear("Una respuesta.")
    assert script.requests[0].turns[-1].text == "/usr/bin para qué sirve"


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/añadir", "¿Qué texto añado?"),
        ("/AÑADIR@tertulia_bot", "¿Qué texto añado?"),
        ("/biblioteca\u0301", "todavía no hay nada"),
        ("/catálogo", "No conozco ese comando"),
        ("/ñu qué es", "No conozco ese comando"),
    ],
)
async def test_accents_make_no_command_talk(people: Visitor, script: Script, words: str, answer: str) -> None:
    await people.say(words)
    await people.hear(answer)
    assert not script.requests


async def test_words_after_a_command_with_accents_are_its_words(people: Visitor) -> None:
    await people.say("/añadir los gatos duermen mucho")
    await people.hear("He añadido los gatos duermen mucho")


async def test_accents_in_a_group(people: Visitor, script: Script) -> None:
    for words in ("/catálogo", "/nuévo", "/ayúda@other_bot", "/ayúda"):
        await people.say(words, LUCIA, FORUM_ID)
    await people.hear("/generar", FORUM_ID)
    assert len([message for message in await people.messages(FORUM_ID) if message["from"]["is_bot"]]) == 1
    assert not script.requests
