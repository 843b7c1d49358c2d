"""Every method's answer and every kind of update is what the Bot API says it is, and what python-telegram-bot reads."""

from typing import Any

import httpx
import pytest
import telegram
from telegram import Bot, Update

from bot.playground.methods import METHODS
from bot.playground.world import CHANNEL_ID, FORUM_ID, GROUP_ID

from .asked import ask, call, updates
from .conftest import say
from .pictures import PNG
from .schema import BotApiSchema
from .walk import BEN, KEYBOARD, LUCIA, THE_BOT, Walk

KINDS = (
    "message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "poll", "poll_answer",
    "message_reaction", "message_reaction_count", "my_chat_member", "chat_member", "inline_query",
    "chosen_inline_result",
)  # fmt: skip
"""Every kind of update that the playground emits."""
READ_AS = {
    "getChat": "ChatFullInfo", "getChatMember": "ChatMember", "getChatAdministrators": "ChatMember",
    "getChatMenuButton": "MenuButton", "getFile": "File", "getMe": "User", "getMyCommands": "BotCommand",
    "getMyName": "BotName", "getMyDescription": "BotDescription", "getMyShortDescription": "BotShortDescription",
    "getUpdates": "Update", "getUserProfilePhotos": "UserProfilePhotos", "getWebhookInfo": "WebhookInfo",
    "copyMessage": "MessageId", "copyMessages": "MessageId", "forwardMessages": "MessageId",
    "createForumTopic": "ForumTopic", "stopPoll": "Poll", "getForumTopicIconStickers": "Sticker",
}  # fmt: skip
"""Which of python-telegram-bot's classes reads a method's result; where none is named, Message does."""


@pytest.fixture
def schema() -> BotApiSchema:
    return BotApiSchema()


@pytest.fixture
def walk(people: httpx.AsyncClient, started: int) -> Walk:
    return Walk(people, started)


async def test_every_method_answers_as_described(walk: Walk, schema: BotApiSchema) -> None:
    await walk.everywhere()
    assert {method for method, _ in walk.answers} == METHODS.keys()
    found = {method: schema.problems_of_result(method, result) for method, result in walk.answers}
    assert {method: problems for method, problems in found.items() if problems} == {}


async def test_python_telegram_bot_reads_every_answer(walk: Walk, bot: Bot) -> None:
    await walk.everywhere()
    read = 0
    for method, result in walk.answers:
        for item in result if isinstance(result, list) else [result]:
            if isinstance(item, dict):
                parsed = getattr(telegram, READ_AS.get(method, "Message")).de_json(item, bot)
                assert contains(parsed.to_dict(), item), (method, item)
                read += 1
    assert read > 50


async def everything_happens(people: httpx.AsyncClient, bot: Bot) -> None:
    """Let something of every kind happen that a bot is told of."""
    first = await say(people, LUCIA, LUCIA, "/start hola @ben_reads #uno https://a.org")
    await say(people, GROUP_ID, BEN, "/help@tertulia_bot")
    await say(people, LUCIA, LUCIA, "sí", reply_to=first)
    await _uploads(people)
    edits = f"/api/chats/{LUCIA}/messages/{first}"
    await ask(people, "PATCH", edits, **{"from": LUCIA, "text": "/start hola"})
    await ask(people, "POST", f"{edits}/reactions", **{"from": LUCIA, "emoji": "❤"})
    sent = await call(people, "sendMessage", chat_id=LUCIA, text="¿?", reply_markup=KEYBOARD)
    await ask(
        people, "POST", f"/api/chats/{LUCIA}/messages/{sent['message_id']}/taps", **{"from": LUCIA, "data": "yes"}
    )
    await _in_the_channel(people)
    await _poll(people)
    await _members(people)
    await _more_messages(people)
    asked = await ask(people, "POST", "/api/inline", **{"from": BEN, "chat_id": FORUM_ID, "query": "uno"})
    article = {"type": "article", "id": "1", "title": "Uno", "input_message_content": {"message_text": "uno"}}
    await call(people, "answerInlineQuery", inline_query_id=asked["inline_query_id"], results=[article])
    await ask(people, "POST", f"/api/inline/{asked['inline_query_id']}/choose", **{"from": BEN, "result_id": "1"})


async def _uploads(people: httpx.AsyncClient) -> None:
    for name, data in (("a.png", PNG), ("notas.pdf", b"%PDF-1.7")):
        form = {"from": str(LUCIA), "text": "mira"}
        answer = await people.post(f"/api/chats/{LUCIA}/messages", data=form, files={"file": (name, data)})
        assert answer.status_code == 201


async def _in_the_channel(people: httpx.AsyncClient) -> None:
    post = await say(people, CHANNEL_ID, LUCIA, "un anuncio")
    path = f"/api/chats/{CHANNEL_ID}/messages/{post}"
    await ask(people, "PATCH", path, **{"from": LUCIA, "text": "otro anuncio"})
    await ask(people, "POST", f"{path}/reactions", **{"from": BEN, "emoji": "👍"})


async def _poll(people: httpx.AsyncClient) -> None:
    sent = await call(people, "sendPoll", chat_id=GROUP_ID, question="¿?", options=["sí", "no"], is_anonymous=False)
    votes = f"/api/chats/{GROUP_ID}/messages/{sent['message_id']}/votes"
    for options in ([1], []):
        await ask(people, "POST", votes, **{"from": BEN, "options": options})
    await call(people, "stopPoll", chat_id=GROUP_ID, message_id=sent["message_id"])


async def _members(people: httpx.AsyncClient) -> None:
    for user, by, status in ((BEN, BEN, "left"), (BEN, BEN, "member"), (BEN, LUCIA, "administrator")):
        await ask(people, "PUT", f"/api/chats/{FORUM_ID}/members/{user}", **{"from": by, "status": status})
    for status in ("kicked", "left", "member", "administrator"):
        await ask(people, "PUT", f"/api/chats/{GROUP_ID}/members/{THE_BOT}", **{"from": LUCIA, "status": status})
    for status in ("kicked", "member"):
        await ask(people, "PUT", f"/api/chats/{BEN}/members/{THE_BOT}", **{"from": BEN, "status": status})


async def _more_messages(people: httpx.AsyncClient) -> None:
    topics = f"/api/chats/{FORUM_ID}/topics"
    topic = await ask(people, "POST", topics, **{"from": LUCIA, "name": "Dudas"})
    thread = topic["message_thread_id"]
    forum = f"/api/chats/{FORUM_ID}/messages"
    await ask(people, "POST", forum, **{"from": LUCIA, "text": "dentro", "thread": thread})
    await ask(people, "POST", forum, **{"from": LUCIA, "text": "de todos", "anonymous": True})
    for change in ({"name": "Preguntas"}, {"closed": True}, {"closed": False}):
        await ask(people, "PATCH", f"{topics}/{thread}", **{"from": LUCIA, **change})
    private = f"/api/chats/{LUCIA}/messages"
    poll = {"question": "¿?", "options": ["sí", "no"], "type": "quiz", "correct_option_ids": [0]}
    location, contact = {"latitude": 40.4, "longitude": -3.7}, {"phone_number": "+34600", "first_name": "Ana"}
    for content in ({"location": location}, {"contact": contact}):
        await ask(people, "POST", private, **{"from": LUCIA, **content})
    sent = await ask(people, "POST", private, **{"from": LUCIA, "poll": poll})
    forward = {"chat_id": LUCIA, "message_id": sent["message_id"]}
    await ask(people, "POST", f"/api/chats/{GROUP_ID}/messages", **{"from": LUCIA, "forward": forward})
    await ask(people, "POST", "/api/migrate", chat_id=GROUP_ID)


async def test_every_update_is_as_described(people: httpx.AsyncClient, bot: Bot, schema: BotApiSchema) -> None:
    await updates(people, *KINDS)
    await everything_happens(people, bot)
    found = await call(people, "getUpdates")
    assert {next(name for name in update if name != "update_id") for update in found} == set(KINDS)
    assert [problems for update in found if (problems := schema.problems("Update", update))] == []


async def test_python_telegram_bot_reads_every_update(people: httpx.AsyncClient, bot: Bot) -> None:
    await updates(people, *KINDS)
    await everything_happens(people, bot)
    for update in await call(people, "getUpdates"):
        assert contains(Update.de_json(update, bot).to_dict(), update), update


def contains(larger: Any, smaller: Any) -> bool:
    """Tell whether all of `smaller` survived; python-telegram-bot adds what is false and leaves empty lists out."""
    if isinstance(smaller, dict):
        return all(contains(larger.get(name, [] if value == [] else None), value) for name, value in smaller.items())
    if isinstance(smaller, list):
        return len(larger) == len(smaller) and all(map(contains, larger, smaller))
    return bool(larger == smaller)


def test_the_check_finds_what_is_wrong(schema: BotApiSchema) -> None:
    user = {"id": 1, "is_bot": False, "first_name": "A"}
    assert schema.problems("User", user) == []
    assert schema.problems("User", user | {"id": "1"}) == ["User.id: '1' is no Integer"]
    assert schema.problems("User", user | {"new": 1}) == ["User.new is not in the Bot API"]
    assert schema.problems("User", {"id": 1, "is_bot": False}) == ["User.first_name is missing"]
    assert schema.problems("ChatMember", {"status": "alien", "user": user})
