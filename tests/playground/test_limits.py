"""Telegram's limits, one by one: what just fits is taken, what does not is refused in Telegram's words.

docs/playground.md lists them with the tests that hold them; a test here compares the two.
"""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.playground.methods import METHODS
from bot.playground.world import CHANNEL_ID, GROUP_ID

from .asked import ask, call, refused, updates
from .conftest import say
from .pictures import PNG

LUCIA, BEN = 1001, 1002
DOCS = Path(__file__).parents[2] / "docs" / "playground.md"
MIB = 2**20


async def fits(people: httpx.AsyncClient, method: str, good: dict[str, Any], bad: dict[str, Any], words: str) -> None:
    """Check that `good` is taken and `bad` is refused with these words."""
    await call(people, method, **good)
    assert await refused(people, method, **good | bad) == f"Bad Request: {words}"


async def test_text(people: httpx.AsyncClient, started: int) -> None:
    bold = "<b>" + "a" * 4096 + "</b>"  # markup does not count
    good = {"chat_id": LUCIA, "text": bold, "parse_mode": "HTML"}
    await fits(people, "sendMessage", good, {"text": "a" * 4097}, "message is too long")
    await fits(people, "sendMessageDraft", good | {"draft_id": 1}, {"text": "a" * 4097}, "message is too long")
    assert await refused(people, "sendMessage", chat_id=LUCIA, text=" \n") == "Bad Request: message text is empty"


async def test_caption(people: httpx.AsyncClient, started: int) -> None:
    path = "/bot7000:playground-token-known-to-everyone/sendPhoto"

    async def send(size: int) -> Any:
        form = {"chat_id": "1001", "caption": "a" * size}
        return (await people.post(path, data=form, files={"photo": ("a.png", PNG)})).json()

    assert (await send(1024))["ok"]
    assert (await send(1025))["description"] == "Bad Request: message caption is too long"


async def test_entities(people: httpx.AsyncClient, started: int) -> None:
    sent = await call(people, "sendMessage", chat_id=LUCIA, text="<b>a</b> " * 150, parse_mode="HTML")
    assert len(sent["entities"]) == 100


POLL = {"chat_id": GROUP_ID, "question": "?" * 300, "options": ["a" * 100, "b"]}
QUIZ = {"type": "quiz", "correct_option_ids": [0], "explanation": "e\n\n" + "e" * 197}


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"question": "?" * 301}, "poll question length must not exceed 300"),
        ({"question": " "}, "text must be non-empty"),
        ({"options": ["a" * 101, "b"]}, "poll options length must not exceed 100"),
        ({"options": [" ", "b"]}, "text must be non-empty"),
        ({"options": []}, "poll must have at least one answer option"),
        ({"options": [str(n) for n in range(13)]}, "poll can't have more than 12 options"),
        ({"type": "quiz"}, "correct quiz option list must be non-empty"),
        (QUIZ | {"explanation": "e" * 201}, "poll explanation length must not exceed 200"),
        (QUIZ | {"explanation": "\n".join("abcd")}, "poll explanation must have at most 2 line feeds"),
        ({"open_period": 4}, "poll must be open for 5-2628000 seconds"),
        ({"open_period": 2_628_001}, "poll must be open for 5-2628000 seconds"),
    ],
)
async def test_polls(people: httpx.AsyncClient, bad: dict[str, Any], words: str) -> None:
    for good in (POLL | QUIZ, POLL | {"open_period": 5}, POLL | {"open_period": 2_628_000}, POLL | {"options": ["a"]}):
        await call(people, "sendPoll", **good)
    await fits(people, "sendPoll", POLL | {"options": [str(n) for n in range(12)]}, bad, words)


async def test_polls_in_channels_are_anonymous(people: httpx.AsyncClient) -> None:
    words = "non-anonymous polls can't be sent to channel chats"
    await fits(people, "sendPoll", POLL | {"chat_id": CHANNEL_ID}, {"is_anonymous": False}, words)


async def test_callback_data(people: httpx.AsyncClient, started: int) -> None:
    def markup(data: str) -> dict[str, Any]:
        return {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": data}]]}}

    good = {"chat_id": LUCIA, "text": "a"} | markup("ñ" * 32)
    await fits(people, "sendMessage", good, markup("ñ" * 32 + "a"), "BUTTON_DATA_INVALID")


async def test_callback_answer(people: httpx.AsyncClient, started: int) -> None:
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    sent = await call(people, "sendMessage", chat_id=LUCIA, text="a", reply_markup=keyboard)
    path = f"/api/chats/{LUCIA}/messages/{sent['message_id']}/taps"
    query = (await ask(people, "POST", path, **{"from": LUCIA, "data": "b"}))["callback_query_id"]
    good = {"callback_query_id": query, "text": "a" * 200}
    await fits(people, "answerCallbackQuery", good, {"text": "a" * 201}, "MESSAGE_TOO_LONG")
    stale = "query is too old and response timeout expired or query ID is invalid"
    assert await refused(people, "answerCallbackQuery", callback_query_id="5") == f"Bad Request: {stale}"


def command(name: str = "a", description: str = "a", times: int = 1) -> dict[str, Any]:
    return {"commands": [{"command": name, "description": description}] * times}


@pytest.mark.parametrize(
    ("good", "bad", "words"),
    [
        (command(times=100), command(times=101), "BOT_COMMANDS_TOO_MUCH"),
        (command("a_9" + "b" * 29), command("b" * 33), "BOT_COMMAND_INVALID"),
        (command(), command("Help"), "BOT_COMMAND_INVALID"),
        (command(description="d" * 256), command(description="d" * 257), "BOT_COMMAND_DESCRIPTION_INVALID"),
        (command(), command(description=""), "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_commands(people: httpx.AsyncClient, good: dict[str, Any], bad: dict[str, Any], words: str) -> None:
    await fits(people, "setMyCommands", good, bad, words)


async def test_uploads_and_downloads(people: httpx.AsyncClient, started: int) -> None:
    api = "/bot7000:playground-token-known-to-everyone"

    async def send(size: int) -> Any:
        files = {"document": ("a.bin", bytes(size))}
        return (await people.post(f"{api}/sendDocument", data={"chat_id": "1001"}, files=files)).json()

    small, large, too_large = [await send(size) for size in (20 * MIB, 20 * MIB + 1, 50 * MIB + 1)]
    assert (too_large["error_code"], too_large["description"]) == (413, "Request Entity Too Large")
    path = (await call(people, "getFile", file_id=small["result"]["document"]["file_id"]))["file_path"]
    assert len((await people.get(f"/file{api}/{path}")).content) == 20 * MIB
    description = await refused(people, "getFile", file_id=large["result"]["document"]["file_id"])
    assert description == "Bad Request: file is too big"


async def test_drafts_are_private(people: httpx.AsyncClient, started: int) -> None:
    good = {"chat_id": LUCIA, "draft_id": 1, "text": "a"}
    await fits(people, "sendMessageDraft", good, {"chat_id": GROUP_ID}, "TEXTDRAFT_PEER_INVALID")


async def test_an_edit_must_change_something(people: httpx.AsyncClient, started: int) -> None:
    sent = await call(people, "sendMessage", chat_id=LUCIA, text="a")
    same = {"chat_id": LUCIA, "message_id": sent["message_id"], "text": "a"}
    assert (await refused(people, "editMessageText", **same)).startswith("Bad Request: message is not modified")


@pytest.mark.parametrize(
    ("mode", "text"), [("HTML", "<b>a"), ("MarkdownV2", "*a"), ("Markdown", "*a"), ("HTML", "<x>")]
)
async def test_broken_markup(people: httpx.AsyncClient, started: int, mode: str, text: str) -> None:
    description = await refused(people, "sendMessage", chat_id=LUCIA, text=text, parse_mode=mode)
    assert description.startswith("Bad Request: can't parse entities")


async def test_whom_the_bot_may_write_to(people: httpx.AsyncClient) -> None:
    description = await refused(people, "sendMessage", chat_id=BEN, text="hola")
    assert description == "Forbidden: bot can't initiate conversation with a user"
    assert await refused(people, "sendMessage", chat_id=5, text="hola") == "Bad Request: chat not found"
    description = await refused(people, "sendMessage", chat_id=7000, text="hola")
    assert description == "Forbidden: bots can't send messages to bots"


async def test_a_retracted_vote_is_an_empty_answer(people: httpx.AsyncClient) -> None:
    sent = await call(people, "sendPoll", **POLL | {"is_anonymous": False})
    path = f"/api/chats/{GROUP_ID}/messages/{sent['message_id']}/votes"
    for options in ([1], []):
        await ask(people, "POST", path, **{"from": BEN, "options": options})
    answers = [update["poll_answer"]["option_ids"] for update in await updates(people) if "poll_answer" in update]
    assert answers == [[1], []]


async def test_anonymous_votes_are_not_told(people: httpx.AsyncClient) -> None:
    sent = await call(people, "sendPoll", **POLL)
    path = f"/api/chats/{GROUP_ID}/messages/{sent['message_id']}/votes"
    await ask(people, "POST", path, **{"from": BEN, "options": [1]})
    assert [next(iter(update)) for update in await updates(people)] == ["poll"]


async def test_updates_come_again_until_they_are_confirmed(people: httpx.AsyncClient) -> None:
    await say(people, LUCIA, LUCIA, "hola")
    first, again = [await call(people, "getUpdates") for _ in range(2)]
    assert first == again
    assert await call(people, "getUpdates", offset=first[-1]["update_id"] + 1) == []


async def test_an_unknown_method_is_not_found(people: httpx.AsyncClient) -> None:
    answer = await people.post("/bot7000:playground-token-known-to-everyone/sendNothing")
    assert (answer.status_code, answer.json()) == (
        404,
        {"ok": False, "error_code": 404, "description": "Not Found: method not found"},
    )


@pytest.mark.parametrize("path", ["", "/", "/getMe/x"])
async def test_what_is_no_call_is_refused_in_form(people: httpx.AsyncClient, path: str) -> None:
    answer = await people.post(f"/bot7000:playground-token-known-to-everyone{path}")
    assert answer.json() == {"ok": False, "error_code": 404, "description": "Not Found"}
    answer = await people.delete("/bot7000:playground-token-known-to-everyone/getMe")
    assert answer.json()["ok"] is False


async def test_a_body_that_is_too_large_is_refused_in_form(people: httpx.AsyncClient, started: int) -> None:
    path = "/bot7000:playground-token-known-to-everyone/sendDocument"
    files = {"document": ("a.bin", bytes(52 * MIB))}
    answer = await people.post(path, data={"chat_id": "1001"}, files=files)
    assert answer.json() == {"ok": False, "error_code": 413, "description": "Request Entity Too Large"}


async def test_invisible_text_is_none(people: httpx.AsyncClient, started: int) -> None:
    for text in ("\u200b", "\u2800\u200d"):
        assert await refused(people, "sendMessage", chat_id=LUCIA, text=text) == "Bad Request: message text is empty"
    assert (await call(people, "sendMessage", chat_id=LUCIA, text=True))["text"] == "true"


async def test_old_names_are_known(people: httpx.AsyncClient) -> None:
    assert await call(people, "getChatMembersCount", chat_id=GROUP_ID) == 4


async def test_a_get_may_have_a_body(people: httpx.AsyncClient) -> None:
    await say(people, LUCIA, LUCIA, "hola")
    api = "/bot7000:playground-token-known-to-everyone/getUpdates"
    first = (await people.request("GET", api, params={"timeout": 0})).json()["result"]
    confirmed = {"offset": first[-1]["update_id"] + 1}
    assert (await people.request("GET", api, data=confirmed)).json()["result"] == []


def test_the_docs_name_every_method() -> None:
    assert set(METHODS) - set(re.findall(r"\w+", DOCS.read_text("utf-8"))) == set()


def test_the_table_names_tests_that_exist() -> None:
    named = set(
        re.findall(r"`(?:tests/)?((?:playground|browser|clients)/test_\w+\.py)::(test_\w+)`", DOCS.read_text("utf-8"))
    )
    assert len(named) > 20
    tests = Path(__file__).parents[1]
    missing = [
        f"{file}::{name}" for file, name in sorted(named) if f"def {name}(" not in (tests / file).read_text("utf-8")
    ]
    assert missing == []
