"""Reactions: of people, of the bot, and who hears of them."""

from typing import Any

import httpx
import pytest

from bot.playground.world import CHANNEL_ID, FORUM_ID, GROUP_ID

from .asked import ask, call, events, refused, updates
from .conftest import say

LUCIA, BEN, THE_BOT = 1001, 1002, 7000
THUMB, HEART = ({"type": "emoji", "emoji": emoji} for emoji in "👍❤")


async def react(people: httpx.AsyncClient, chat: int, message: int, person: int, emoji: Any, status: int = 0) -> Any:
    path = f"/api/chats/{chat}/messages/{message}/reactions"
    return await ask(people, "POST", path, status, **{"from": person, "emoji": emoji})


@pytest.fixture(autouse=True)
async def listening(people: httpx.AsyncClient) -> None:
    await updates(people, "message_reaction", "message_reaction_count")


async def test_a_person_changes_their_mind(people: httpx.AsyncClient) -> None:
    message = await say(people, LUCIA, LUCIA, "hola")
    await react(people, LUCIA, message, LUCIA, "👍")
    await react(people, LUCIA, message, LUCIA, "👍")
    await react(people, LUCIA, message, LUCIA, "❤️")
    assert (await react(people, LUCIA, message, LUCIA, None))["reactions"] == []
    changes = [update["message_reaction"] for update in await updates(people)]
    assert [(change["old_reaction"], change["new_reaction"]) for change in changes] == [
        ([], [THUMB]),
        ([THUMB], [HEART]),
        ([HEART], []),
    ]
    assert {change["user"]["id"] for change in changes} == {LUCIA}


async def test_only_administrators_hear_of_reactions_in_groups(people: httpx.AsyncClient) -> None:
    for chat in (GROUP_ID, FORUM_ID):
        message = await say(people, chat, LUCIA, "hola")
        await react(people, chat, message, BEN, "🔥")
    assert [update["message_reaction"]["chat"]["id"] for update in await updates(people)] == [FORUM_ID]


async def test_a_channel_counts_and_names_nobody(people: httpx.AsyncClient) -> None:
    post = await say(people, CHANNEL_ID, LUCIA, "hola")
    await react(people, CHANNEL_ID, post, BEN, "👍")
    await react(people, CHANNEL_ID, post, LUCIA, "👍")
    *_, last = await updates(people)
    assert last["message_reaction_count"]["reactions"] == [{"type": THUMB, "total_count": 2}]


async def test_the_bot_reacts_and_hears_nothing_of_it(people: httpx.AsyncClient) -> None:
    message = await say(people, GROUP_ID, LUCIA, "hola")
    where = {"chat_id": GROUP_ID, "message_id": message}
    await react(people, GROUP_ID, message, BEN, "👀")
    await call(people, "setMessageReaction", **where, reaction=[{"type": "emoji", "emoji": "👀"}])
    (shown,) = (await events(people, GROUP_ID, "reaction"))[-1]["reactions"]
    assert shown == {"emoji": "👀", "count": 2, "from": [BEN, THE_BOT]}
    await call(people, "setMessageReaction", **where)
    assert (await events(people, GROUP_ID, "reaction"))[-1]["reactions"][0]["count"] == 1
    assert await updates(people) == []


@pytest.mark.parametrize(
    ("reaction", "description"),
    [
        ([{"type": "emoji", "emoji": "🧀"}], "REACTION_INVALID"),
        ([{"type": "custom_emoji", "custom_emoji_id": "5"}], "REACTION_INVALID"),
        ([THUMB, HEART], "REACTIONS_TOO_MANY"),
        ("x", "can't parse reaction JSON object"),
        ({"type": "emoji"}, "can't parse reaction types JSON object: expected an Array"),
        (["👍"], "can't parse reaction types JSON object: unsupported type specified"),
    ],
)
async def test_what_is_refused(people: httpx.AsyncClient, reaction: Any, description: str) -> None:
    message = await say(people, GROUP_ID, LUCIA, "hola")
    where = {"chat_id": GROUP_ID, "message_id": message}
    assert await refused(people, "setMessageReaction", **where, reaction=reaction) == f"Bad Request: {description}"
    where["message_id"] = 5
    description = await refused(people, "setMessageReaction", **where, reaction=[THUMB])
    assert description == "Bad Request: message to react not found"
    await react(people, GROUP_ID, message, LUCIA, "🧀", 400)
    await react(people, GROUP_ID, message, LUCIA, 5, 400)
