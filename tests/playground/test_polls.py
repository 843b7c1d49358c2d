"""Polls: who votes, what the bot is told, what people see, and how they end."""

import asyncio
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from telegram import Bot, PollAnswer

from bot.playground.app import create_app
from bot.playground.rules import polls
from bot.playground.state import load, snapshot, write
from bot.playground.world import CHANNEL_ID, FORUM_ID, GROUP_ID, World

from .asked import ask, call, events, refused, updates

LUCIA, BEN, INES = 1001, 1002, 1003
REGULAR = {"chat_id": GROUP_ID, "question": "¿Cuándo?", "options": ["lunes", "martes", "jueves"], "is_anonymous": False}
QUIZ = REGULAR | {
    "type": "quiz",
    "correct_option_ids": [1],
    "explanation": "Es <b>martes</b>",
    "explanation_parse_mode": "HTML",
}


async def vote(people: httpx.AsyncClient, message: Any, person: int, options: Any, status: int = 0, **more: Any) -> Any:
    path = f"/api/chats/{message['chat']['id']}/messages/{message['message_id']}/votes"
    return await ask(people, "POST", path, status, **{"from": person, "options": options, **more})


async def test_votes_are_told_by_name(people: httpx.AsyncClient) -> None:
    sent = await call(people, "sendPoll", **REGULAR)
    await vote(people, sent, BEN, [1])
    await vote(people, sent, BEN, [2])
    poll = await vote(people, sent, BEN, [])
    assert poll["total_voter_count"] == 0
    found = await updates(people)
    assert [next(iter(update)) for update in found] == ["poll", "poll_answer"] * 3
    answers = [update["poll_answer"] for update in found if "poll_answer" in update]
    assert [one["option_ids"] for one in answers] == [[1], [2], []]
    assert {one["user"]["id"] for one in answers} == {BEN}
    assert answers[0]["option_persistent_ids"] == [sent["poll"]["options"][1]["persistent_id"]]
    counts = [[option["voter_count"] for option in update["poll"]["options"]] for update in found if "poll" in update]
    assert counts == [[0, 1, 0], [0, 0, 1], [0, 0, 0]]


async def test_anonymous_votes_are_only_counted(people: httpx.AsyncClient) -> None:
    sent = await call(people, "sendPoll", **REGULAR | {"is_anonymous": True, "allows_multiple_answers": True})
    await vote(people, sent, BEN, [2, 0])
    (update,) = await updates(people)
    assert update["poll"]["total_voter_count"] == 1
    seen = (await events(people, GROUP_ID, "poll"))[-1]
    assert seen["votes"] == {str(BEN): [0, 2]}
    assert seen["message_id"] == sent["message_id"]


async def test_a_quiz_takes_one_vote_for_good(people: httpx.AsyncClient) -> None:
    sent = await call(people, "sendPoll", **QUIZ)
    assert sent["poll"]["explanation_entities"] == [{"type": "bold", "offset": 3, "length": 6}]
    await vote(people, sent, BEN, [0])
    for options in ([1], [], [0]):
        await vote(people, sent, BEN, options, 409)
    assert len(await updates(people)) == 2
    revoted = await call(people, "sendPoll", **QUIZ | {"allows_revoting": True})
    await vote(people, revoted, BEN, [0])
    assert (await vote(people, revoted, BEN, [1]))["options"][1]["voter_count"] == 1


@pytest.mark.parametrize(
    ("person", "options", "status"),
    [(BEN, [3], 409), (BEN, [-1], 409), (BEN, [0, 1], 409), (BEN, [0, 0], 409), (BEN, ["0"], 400), (BEN, [True], 400),
     (BEN, 0, 400), (BEN, None, 400), (BEN, list(range(13)), 400), (5, [0], 404)],
)  # fmt: skip
async def test_wrong_votes(people: httpx.AsyncClient, person: int, options: Any, status: int) -> None:
    sent = await call(people, "sendPoll", **REGULAR)
    await vote(people, sent, person, options, status)
    assert await updates(people) == []


async def test_only_members_vote_and_only_in_polls(people: httpx.AsyncClient) -> None:
    sent = await call(people, "sendPoll", **REGULAR)
    await ask(people, "PUT", f"/api/chats/{GROUP_ID}/members/{BEN}", **{"from": BEN, "status": "left"})
    await vote(people, sent, BEN, [0], 403)
    text = await call(people, "sendMessage", chat_id=GROUP_ID, text="nada que votar")
    await vote(people, text, INES, [0], 400)


async def test_an_administrator_votes_as_the_group(people: httpx.AsyncClient, bot: Bot) -> None:
    sent = await call(people, "sendPoll", **REGULAR | {"chat_id": FORUM_ID})
    await vote(people, sent, INES, [0], anonymous=True)
    await vote(people, sent, BEN, [0], 403, anonymous=True)
    told = next(update["poll_answer"] for update in await updates(people) if "poll_answer" in update)
    answer = PollAnswer.de_json(told, bot)
    assert answer.voter_chat is not None
    assert answer.voter_chat.id == FORUM_ID


async def test_the_bot_stops_a_poll(people: httpx.AsyncClient) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Más", "callback_data": "more"}]]}
    sent = await call(people, "sendPoll", **REGULAR, reply_markup=keyboard)
    await vote(people, sent, BEN, [1])
    where = {"chat_id": GROUP_ID, "message_id": sent["message_id"]}
    stopped = await call(people, "stopPoll", **where)
    assert (stopped["is_closed"], stopped["options"][1]["voter_count"]) == (True, 1)
    await vote(people, sent, INES, [1], 409)
    *_, last = await updates(people)
    assert last["poll"]["is_closed"] is True
    edit = (await events(people, GROUP_ID, "edit"))[-1]["message"]
    assert "reply_markup" not in edit
    assert edit["poll"] == stopped
    assert await refused(people, "stopPoll", **where) == "Bad Request: poll has already been closed"


async def test_what_cannot_be_stopped(people: httpx.AsyncClient) -> None:
    text = await call(people, "sendMessage", chat_id=GROUP_ID, text="a")
    theirs = await person_asks(people, {"question": "¿?", "options": ["a"]})
    for message_id, words in (
        (5, "message with poll to stop not found"),
        (text["message_id"], "message is not a poll"),
        (theirs["message_id"], "poll can't be stopped"),
    ):
        description = await refused(people, "stopPoll", chat_id=GROUP_ID, message_id=message_id)
        assert description == f"Bad Request: {words}"


async def test_a_poll_ends_in_time(people: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = await call(people, "sendPoll", **REGULAR | {"open_period": 600})
    assert sent["poll"]["close_date"] - sent["date"] in {600, 601}
    later = time.time() + 601
    monkeypatch.setattr(time, "time", lambda: later)
    polls.close_in_time(world)
    await vote(people, sent, BEN, [0], 409)
    (update,) = await updates(people)
    assert update["poll"]["is_closed"] is True


async def test_the_alarm_rings_by_itself(
    people: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 5)
    await call(people, "sendPoll", **REGULAR | {"open_period": 5})
    monkeypatch.setattr(time, "time", lambda: now)
    polls.close_in_time(world)
    async with asyncio.timeout(20):
        found = await call(people, "getUpdates", timeout=20)
    assert found[0]["poll"]["is_closed"] is True


async def test_polls_outlive_a_restart(people: httpx.AsyncClient, world: World, tmp_path: Path) -> None:
    sent = await call(people, "sendPoll", **QUIZ | {"open_period": 600})
    await vote(people, sent, BEN, [1])
    write(snapshot(world), tmp_path / "state.json")
    again = load(tmp_path / "state.json")
    app = create_app(again)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1") as later,
    ):
        await vote(later, sent, BEN, [0], 409)
        poll = await vote(later, sent, LUCIA, [1])
        assert poll["options"][1]["voter_count"] == 2
        assert poll["id"] == sent["poll"]["id"]


async def test_a_forwarded_poll_is_the_same_poll(people: httpx.AsyncClient) -> None:
    sent = await call(people, "sendPoll", **QUIZ)
    forward = {"chat_id": GROUP_ID, "message_id": sent["message_id"]}
    copy = await ask(people, "POST", f"/api/chats/{FORUM_ID}/messages", **{"from": LUCIA, "forward": forward})
    assert copy["poll"]["id"] == sent["poll"]["id"]
    assert "correct_option_ids" not in copy["poll"]
    await vote(people, copy, BEN, [1])
    assert (await events(people, GROUP_ID, "poll"))[-1]["poll"]["total_voter_count"] == 1
    words = "non-anonymous polls can't be sent to channel chats"
    to_channel = {"chat_id": CHANNEL_ID, "from_chat_id": GROUP_ID, "message_id": sent["message_id"]}
    assert await refused(people, "forwardMessage", **to_channel) == f"Bad Request: {words}"
    path = f"/api/chats/{CHANNEL_ID}/messages"
    await ask(people, "POST", path, 400, **{"from": LUCIA, "forward": forward})


async def test_a_copied_poll_is_a_poll_of_its_own(people: httpx.AsyncClient) -> None:
    sent = await call(people, "sendPoll", **QUIZ)
    await vote(people, sent, BEN, [1])
    where = {"chat_id": FORUM_ID, "from_chat_id": GROUP_ID}
    copied = await call(people, "copyMessage", **where, message_id=sent["message_id"])
    copy = {"chat": {"id": FORUM_ID}, "message_id": copied["message_id"]}
    assert (await vote(people, copy, INES, [0]))["total_voter_count"] == 1
    stopped = await call(people, "stopPoll", chat_id=FORUM_ID, message_id=copied["message_id"])
    assert stopped["id"] != sent["poll"]["id"]
    assert (await vote(people, sent, INES, [0]))["total_voter_count"] == 2
    theirs = await person_asks(people, {"question": "¿?", "options": ["a"], "type": "quiz", "correct_option_ids": [0]})
    description = await refused(people, "copyMessage", **where, message_id=theirs["message_id"])
    assert description == "Bad Request: the message can't be copied"


async def person_asks(people: httpx.AsyncClient, poll: Any, chat: int = GROUP_ID, status: int = 0) -> Any:
    return await ask(people, "POST", f"/api/chats/{chat}/messages", status, **{"from": LUCIA, "poll": poll})


async def test_people_ask_too(people: httpx.AsyncClient) -> None:
    poll = {
        "question": "¿?",
        "options": ["sí", "no"],
        "type": "quiz",
        "correct_option_ids": [0],
        "explanation": "porque sí",
    }
    message = await person_asks(people, poll, LUCIA)
    (update,) = await updates(people)
    assert update["message"] == message
    assert message["poll"]["correct_option_ids"] == [0]
    in_group = await person_asks(people, poll)
    await vote(people, in_group, BEN, [0])
    assert await updates(people) == []  # the bot hears of votes in its own polls only
    await person_asks(people, poll | {"options": []}, status=400)
    await person_asks(people, {"question": ["¿?"], "options": ["a"]}, status=400)
    await person_asks(people, "¿?", status=400)
    await person_asks(people, poll | {"is_anonymous": False}, CHANNEL_ID, status=400)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"type": "survey"}, "unsupported poll type specified"),
        ({"options": "lunes"}, "can't parse options JSON object"),
        ({"options": {"0": "lunes"}}, "can't parse options JSON object: an Array is expected"),
        ({"options": [["lunes"]]}, "can't parse text: expected a String"),
        ({"type": "quiz", "correct_option_ids": [3]}, "wrong quiz correct_option_id"),
        ({"type": "quiz", "correct_option_ids": [-1]}, "wrong quiz correct_option_id"),
        ({"type": "quiz", "correct_option_ids": [0.5]}, "wrong quiz correct_option_id"),
        ({"type": "quiz", "correct_option_ids": [True]}, "correct option identifier must be of type Number"),
        ({"type": "quiz", "correct_option_ids": ["0"]}, "correct option identifier must be of type Number"),
        ({"type": "quiz", "correct_option_ids": {"0": 0}}, "expected an Array of correct option identifiers"),
        ({"type": "quiz", "correct_option_ids": [1, 0]}, "correct quiz option list must be increasing"),
        ({"type": "quiz", "correct_option_ids": [0, 1]}, "QUIZ_CORRECT_ANSWERS_TOO_MUCH"),
        ({"type": "quiz", "correct_option_ids": []}, "correct quiz option list must be non-empty"),
        ({"open_period": 60, "close_date": 5}, "open_period and close_date can't be used together"),
        ({"close_date": 5}, "poll must be open for 5-2628000 seconds"),
        ({"country_codes": ["España"]}, "wrong country codes specified"),
        ({"media": {"type": "photo", "media": "x"}}, "this server has no polls with media"),
        ({"question": "<b>¿?", "question_parse_mode": "HTML"}, "can't parse entities"),
    ],
)
async def test_what_is_refused(people: httpx.AsyncClient, bad: dict[str, Any], words: str) -> None:
    description = await refused(people, "sendPoll", **REGULAR | bad)
    assert description.startswith(f"Bad Request: {words}")
    assert await events(people, GROUP_ID) == []


async def test_the_old_name_of_the_correct_option(people: httpx.AsyncClient) -> None:
    quiz = {name: value for name, value in QUIZ.items() if name != "correct_option_ids"} | {"correct_option_id": 0}
    sent = await call(people, "sendPoll", **quiz)
    assert sent["poll"]["correct_option_ids"] == [0]


async def test_a_poll_in_a_topic_with_several_right_answers(people: httpx.AsyncClient) -> None:
    topic = await call(people, "createForumTopic", chat_id=FORUM_ID, name="Quiz")
    several = {"correct_option_ids": [0, 2], "allows_multiple_answers": True}
    where = {"chat_id": FORUM_ID, "message_thread_id": topic["message_thread_id"]}
    sent = await call(people, "sendPoll", **QUIZ | several | where, hide_results_until_closes=True)
    assert sent["message_thread_id"] == topic["message_thread_id"]
    await vote(people, sent, BEN, [0, 2])
    assert (await events(people, FORUM_ID, "poll"))[-1]["hints"] == {"hide_results_until_closes": True}


async def test_characters_count_whatever_their_size_in_utf16(people: httpx.AsyncClient) -> None:
    sent = await call(people, "sendPoll", **REGULAR | {"question": "🙂" * 300, "options": ["🙂" * 100]})
    assert sent["poll"]["question"] == "🙂" * 300
    assert await refused(people, "sendPoll", **REGULAR | {"options": ["🙂" * 101]}) == (
        "Bad Request: poll options length must not exceed 100"
    )


async def test_null_is_as_good_as_nothing(people: httpx.AsyncClient) -> None:
    nothing = dict.fromkeys(("is_anonymous", "allows_revoting", "media", "correct_option_id", "close_date"))
    sent = await call(people, "sendPoll", **REGULAR | nothing)
    assert sent["poll"]["is_anonymous"]
    assert sent["poll"]["allows_revoting"]


async def test_polls_of_a_group_that_moved_rest(people: httpx.AsyncClient) -> None:
    sent = await call(people, "sendPoll", **REGULAR)
    await ask(people, "POST", "/api/migrate", 201, chat_id=GROUP_ID)
    await vote(people, sent, BEN, [0], status=409)
    assert (await events(people, GROUP_ID, "poll")) == []
