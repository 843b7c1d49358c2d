"""Parameters of every wrong kind: each method answers with a refusal of Telegram's kind, never with a failure."""

from typing import Any

import httpx
import pytest
from telegram import Bot

from bot.playground.methods import METHODS
from bot.playground.world import FORUM_ID, PLAYGROUND_TOKEN, World

from .pictures import PNG
from .schema import BotApiSchema

DEEP: Any = []
for _ in range(200):
    DEEP = [DEEP]
VALUES: list[Any] = [
    None, True, -1, 0, 2**70, 1.5, "", " ", "x", "\0", "attach://x", "[", "{}", "[null]", '[{"type":null}]', [], [[]],
    [None], [{}], [1.5], ["x"], {}, {"type": "photo"}, {"type": [], "media": {}, "message_id": {}}, {"a": {"b": []}},
    {"inline_keyboard": [[None]]}, {"keyboard": [[{"text": 5}]]}, {"message_id": "x", "chat_id": []}, DEEP,
]  # fmt: skip
WAITING = {"getUpdates", "setWebhook"}
"""Methods that wait, or reach out, for what they are told to."""


@pytest.fixture
async def base(bot: Bot, started: int) -> dict[str, Any]:
    """Parameters with which most methods succeed, about a message that can be edited."""
    photo = await bot.send_photo(FORUM_ID, PNG, caption="a")
    topic = await bot.create_forum_topic(FORUM_ID, "Dudas")
    return {
        "chat_id": FORUM_ID, "from_chat_id": FORUM_ID, "message_id": photo.message_id, "user_id": 1002, "text": "a",
        "photo": photo.photo[0].file_id, "file_id": photo.photo[0].file_id, "name": "a", "title": "a", "emoji": "🎲",
        "latitude": 1, "longitude": 1, "address": "a", "phone_number": "1", "first_name": "a", "action": "typing",
        "message_ids": [photo.message_id], "message_thread_id": topic.message_thread_id, "question": "¿?",
        "options": ["a", "b"], "media": {"type": "photo", "media": photo.photo[0].file_id}, "draft_id": 1,
    }  # fmt: skip


@pytest.mark.parametrize("method", sorted(METHODS.keys() - WAITING))
async def test_no_value_breaks_a_method(
    people: httpx.AsyncClient, world: World, base: dict[str, Any], method: str
) -> None:
    fields = {field["name"] for field in BotApiSchema().methods[method].get("fields", [])}
    right = {name: value for name, value in base.items() if name in fields}
    for name in sorted(fields):
        for value in VALUES:
            answer = await people.post(f"/bot{PLAYGROUND_TOKEN}/{method}", json=right | {name: value})
            assert answer.status_code in {200, 400, 403}, (name, value, answer.text)
            assert answer.json()["ok"] is (answer.status_code == 200)
