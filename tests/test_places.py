"""Where the bot answers: in the topic it was asked in, in channels, and after a group has moved."""

from bot.playground.world import CHANNEL_ID, FORUM_ID
from tests.conftest import BEN, GROUP, JSON, LUCIA, Visitor


async def said_by_the_bot(people: Visitor, words: str, chat: int) -> JSON:
    """Wait for these words, be they a new message or the last edit of a streamed one."""
    event = await people.until(lambda event: event.get("message", {}).get("text") == words, chat)
    return dict(event["message"])


async def test_it_answers_in_the_topic_it_was_asked_in(people: Visitor) -> None:
    made = await people.http.post(f"/api/chats/{FORUM_ID}/topics", json={"from": BEN, "name": "Capítulo 1"})
    thread = made.raise_for_status().json()["message_thread_id"]
    await people.say("/help", BEN, FORUM_ID, thread=thread)
    answer = await people.hear("/generate", FORUM_ID)
    assert (answer["message_thread_id"], answer["is_topic_message"]) == (thread, True)
    await people.say("/generar un haiku", LUCIA, FORUM_ID)
    answer = await said_by_the_bot(people, "Una respuesta.", FORUM_ID)
    assert "is_topic_message" not in answer


async def test_it_answers_commands_in_a_channel(people: Visitor) -> None:
    await people.say("/generate a haiku", LUCIA, CHANNEL_ID)
    answer = await said_by_the_bot(people, "Una respuesta.", CHANNEL_ID)
    assert answer["sender_chat"]["id"] == CHANNEL_ID


async def test_it_goes_on_where_a_group_has_moved(people: Visitor) -> None:
    await people.say("/help", BEN, GROUP)
    await people.hear("/generate", GROUP)
    moved = (await people.http.post("/api/migrate", json={"chat_id": GROUP})).raise_for_status().json()["chat_id"]
    await people.say("/help", BEN, moved)
    await people.hear("/generate", moved)


async def test_nothing_else_that_happens_disturbs_it(people: Visitor) -> None:
    said = await people.say("/help", BEN, GROUP)
    await people.hear("/generate", GROUP)
    path = f"/api/chats/{GROUP}/messages/{said['message_id']}"
    for verb, where, body in (
        ("PATCH", path, {"from": BEN, "text": "/help please"}),
        ("POST", f"{path}/reactions", {"from": LUCIA, "emoji": "👍"}),
        ("PUT", f"/api/chats/{GROUP}/members/{BEN}", {"from": BEN, "status": "left"}),
        ("PUT", f"/api/chats/{GROUP}/members/7000", {"from": LUCIA, "status": "left"}),
        ("PUT", f"/api/chats/{GROUP}/members/7000", {"from": LUCIA, "status": "administrator"}),
        ("PUT", f"/api/chats/{LUCIA}/members/7000", {"from": LUCIA, "status": "kicked"}),
        ("PUT", f"/api/chats/{LUCIA}/members/7000", {"from": LUCIA, "status": "member"}),
    ):
        (await people.http.request(verb, where, json=body)).raise_for_status()
    await people.say("/help", LUCIA, GROUP)
    await people.hear("/generar", GROUP)
    answers = [message for message in await people.messages(GROUP) if "/generate" in message.get("text", "")]
    assert len(answers) == 1
