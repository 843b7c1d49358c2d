"""What every client library's bot does in a private chat (README.md), by long polling and by webhook."""

import signal

import pytest

from tests.clients.people import BEN, LUCIA, People
from tests.clients.process import PICTURE, ClientBot

pytestmark = [pytest.mark.clients, pytest.mark.asyncio(loop_scope="module")]


async def test_it_greets(people: People) -> None:
    await people.say("/start")
    greeting = await people.hear("Hello, Lucía.")
    assert greeting["entities"] == [{"type": "bold", "offset": 7, "length": 5}]
    await people.say("/start a-payload")
    assert (await people.hear("Hello"))["text"] == "Hello, Lucía. (a-payload)"


async def test_a_conversation_of_several_steps(people: People) -> None:
    await people.say("/book")
    await people.hear("Which title?")
    await people.say("Pedro Páramo")
    await people.hear("Who wrote it?")
    await people.say("Juan Rulfo")
    await people.hear("Saved: Pedro Páramo by Juan Rulfo.")


async def test_conversations_are_each_person_s_own(people: People) -> None:
    await people.say("/book")
    await people.hear("Which title?")
    await people.say("/book", BEN)
    await people.hear("Which title?", BEN)
    await people.say("Orlando", BEN)
    await people.hear("Who wrote it?", BEN)
    await people.say("/cancel")
    await people.hear("Cancelled.")
    await people.say("Virginia Woolf", BEN)
    await people.hear("Saved: Orlando by Virginia Woolf.", BEN)


async def test_a_restart_keeps_the_conversation(client: ClientBot, people: People) -> None:
    await people.say("/book")
    await people.hear("Which title?")
    await people.say("Ficciones")
    await people.hear("Who wrote it?")
    await client.stop(signal.SIGTERM)
    await people.say("Jorge Luis Borges")
    await client.start()
    await people.hear("Saved: Ficciones by Jorge Luis Borges.")


async def test_a_keyboard_is_edited_after_a_tap(people: People) -> None:
    await people.say("/count")
    message = await people.hear("Taps: 0")
    for taps in (1, 2):
        await people.tap(message, f"count:{taps}")
        message = await people.hear(f"Taps: {taps}", kind="edit")
        assert (await people.see("callback_answer"))["text"] == "Counted"
    assert message["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "count:3"


async def test_a_file_is_received(people: People) -> None:
    await people.send_file("apuntes.txt", b"x" * 54_321)
    await people.hear("apuntes.txt: 54321 bytes")


async def test_a_picture_is_received(people: People) -> None:
    data = PICTURE.read_bytes()
    await people.send_file("one.png", data)
    await people.hear(f"Picture 32x24: {len(data)} bytes")


async def test_a_picture_is_sent(people: People) -> None:
    await people.say("/picture")
    message = await people.hear("A picture")
    assert message["caption_entities"] == [{"type": "italic", "offset": 0, "length": 9}]
    file_id = message["photo"][-1]["file_id"]
    assert (await people.http.get(f"/api/files/{file_id}")).content == PICTURE.read_bytes()


async def test_an_album_is_sent(people: People) -> None:
    await people.say("/album")
    first = await people.see("message", good=lambda event: "media_group_id" in event["message"])
    second = await people.hear("Two of two")
    assert first["message"]["media_group_id"] == second["media_group_id"]
    assert "photo" in first["message"]


async def test_a_reminder_comes(people: People) -> None:
    await people.say("/remind")
    await people.hear("I will remind you.")
    await people.hear("Reminder!")


async def test_an_edited_message_is_noticed(people: People) -> None:
    message = await people.say("antes")
    await people.edit(message, "después")
    answer = await people.hear("Edited: después")
    assert answer["reply_to_message"]["message_id"] == message["message_id"]
    await people.edit(await people.say("/start"), "/start again")
    await people.hear("Edited: /start again")
    started = [message for message in await people.messages() if message.get("text") == "Hello, Lucía. (again)"]
    assert started == []


async def test_a_keyboard_asks_for_a_contact(people: People) -> None:
    await people.say("/contact")
    asked = await people.see("message", good=lambda event: "reply_keyboard" in event)
    assert asked["reply_keyboard"]["keyboard"] == [[{"text": "My number", "request_contact": True}]]
    await people.share(LUCIA, **{"from": LUCIA}, contact={"phone_number": "+34600000000", "first_name": "Lucía"})
    gone = await people.see("message", good=lambda event: event["message"].get("text") == "Phone +34600000000")
    assert gone["reply_keyboard"]["remove_keyboard"] is True


async def test_a_location_is_read(people: People) -> None:
    await people.share(LUCIA, **{"from": LUCIA}, location={"latitude": 19.43, "longitude": -99.13})
    await people.hear("At 19.43, -99.13")


async def test_messages_are_copied_forwarded_and_pinned(people: People) -> None:
    message = await people.say("importante")
    await people.say("/copy", reply_to=message["message_id"])
    assert "forward_origin" not in await people.hear("importante")
    await people.say("/forward", reply_to=message["message_id"])
    assert (await people.hear("importante"))["forward_origin"]["sender_user"]["id"] == LUCIA
    await people.say("/pin", reply_to=message["message_id"])
    chat = (await people.see("chat", good=lambda event: bool(event["chat"]["pinned"])))["chat"]
    assert chat["pinned"][-1] == message["message_id"]


async def test_commands_are_set_for_each_language(people: People) -> None:
    spanish = await people.get(f"/api/chats/{LUCIA}/commands?from={LUCIA}")
    english = await people.get(f"/api/chats/{BEN}/commands?from={BEN}")
    assert spanish == [{"command": "start", "description": "Empezar"}]
    assert english == [
        {"command": "start", "description": "Begin"},
        {"command": "book", "description": "Save a book"},
    ]


async def test_a_block_is_noticed(people: People) -> None:
    await people.set_member(BEN, 7000, "kicked", BEN)
    await people.say("/last")
    await people.hear(f"Last: {BEN} kicked")
    await people.set_member(BEN, 7000, "member", BEN)
    await people.say("/last")
    await people.hear(f"Last: {BEN} member")


async def test_an_inline_query_is_answered(people: People) -> None:
    asked = await people.post("/api/inline", **{"from": LUCIA}, chat_id=LUCIA, query="hola")
    answer = await people.see("inline_answer", good=lambda event: event["from"] == LUCIA)
    assert [(result["type"], result["title"]) for result in answer["results"]] == [("article", "Echo")]
    posted = await people.post(f"/api/inline/{asked['inline_query_id']}/choose", **{"from": LUCIA}, result_id="1")
    assert posted["text"] == "Echo: hola"
    assert posted["entities"] == [{"type": "bold", "offset": 6, "length": 4}]
    assert posted["via_bot"]["id"] == 7000
