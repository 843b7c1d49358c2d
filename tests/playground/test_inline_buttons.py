"""Inline keyboards: each action is checked, and nothing that is not in the Bot API goes out."""

import json
from typing import Any

import httpx
import pytest

from bot.playground.world import PLAYGROUND_TOKEN

from .asked import call, events, refused
from .schema import BotApiSchema
from .test_hostile import VALUES

METHOD = f"/bot{PLAYGROUND_TOKEN}/sendMessage"
UNPARSED = "can't parse inline keyboard button: "
NO_ACTION = f"{UNPARSED}Text buttons are unallowed in the inline keyboard"
SITE = "https://example.org/a"


def message(*buttons: Any) -> dict[str, Any]:
    return {"chat_id": 1001, "text": "a", "reply_markup": {"inline_keyboard": [list(buttons)]}}


async def sent(people: httpx.AsyncClient, **button: Any) -> Any:
    """Send a message with one button and return the button without its text."""
    answer = await call(people, "sendMessage", **message({"text": "b"} | button))
    ((shown,),) = answer["reply_markup"]["inline_keyboard"]
    assert shown.pop("text") == "b"
    return shown


TAKEN: list[dict[str, Any]] = [
    {"url": SITE},
    {"url": "tg://user?id=1002"},
    {"callback_data": "a", "style": "danger", "icon_custom_emoji_id": "5368324170671202286"},
    {"callback_game": {}},
    {"pay": True},
    {"switch_inline_query": ""},
    {"switch_inline_query_current_chat": "libros"},
    {"switch_inline_query_chosen_chat": {"query": "libros", "allow_user_chats": True}},
    {"login_url": {"url": SITE, "forward_text": "a", "bot_username": "tertulia_bot", "request_write_access": True}},
    {"web_app": {"url": SITE}},
    {"copy_text": {"text": "a" * 256}},
]


@pytest.mark.parametrize("button", TAKEN)
async def test_every_action_goes_out_as_it_came(
    people: httpx.AsyncClient, started: int, button: dict[str, Any]
) -> None:
    assert await sent(people, **button) == button


async def test_unknown_fields_stay_behind(people: httpx.AsyncClient, started: int) -> None:
    more = {"extra": {"a": [1]}}
    for button in TAKEN:
        ((name, value),) = [(name, value) for name, value in button.items() if name in ACTIONS]
        given = value | more if isinstance(value, dict) else value
        assert await sent(people, **button | {name: given} | more) == button


ACTIONS = (
    "url", "callback_data", "callback_game", "pay", "switch_inline_query", "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat", "login_url", "web_app", "copy_text",
)  # fmt: skip
"""In the order in which Telegram looks for them."""


async def test_of_two_actions_the_first_that_telegram_looks_for_counts(people: httpx.AsyncClient, started: int) -> None:
    given = {name: value for button in TAKEN for name, value in button.items() if name in ACTIONS}
    given["url"] = SITE
    for at, name in enumerate(ACTIONS):
        later = {other: given[other] for other in reversed(ACTIONS[at:])}
        assert await sent(people, **later) == {name: given[name]}


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("t.me/x", "http://t.me/x"),
        ("example.com", "http://example.com/"),
        ("HTTPS://Example.com/A", "https://example.com/A"),
        ("tg:user?id=1002", "tg://user?id=1002"),
    ],
)
async def test_addresses_are_completed(people: httpx.AsyncClient, started: int, url: str, address: str) -> None:
    assert await sent(people, url=url) == {"url": address}


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"url": "not-a-url"}, "inline keyboard button URL 'not-a-url' is invalid: Wrong HTTP URL"),
        ({"url": "ftp://a.org"}, "inline keyboard button URL 'ftp://a.org' is invalid: Unsupported URL protocol"),
        ({"url": "a.org/" + "a" * 2043}, "BUTTON_URL_INVALID"),
        ({"url": []}, f'{UNPARSED}Field "url" must be of type String'),
        ({"callback_data": ""}, NO_ACTION),
        ({"callback_data": {}}, f'{UNPARSED}Field "callback_data" must be of type String'),
        ({"callback_game": 5}, f'{UNPARSED}Field "callback_game" must be of type Object'),
        ({"pay": "yes"}, f'{UNPARSED}Field "pay" must be of type Boolean'),
        ({"switch_inline_query": True}, f'{UNPARSED}Field "switch_inline_query" must be of type String'),
        (
            {"switch_inline_query_chosen_chat": {"allow_user_chats": 1}},
            f'{UNPARSED}Field "allow_user_chats" must be of type Boolean',
        ),
        ({"switch_inline_query_chosen_chat": {"query": []}}, f'{UNPARSED}Field "query" must be of type String'),
        ({"login_url": SITE}, f'{UNPARSED}Field "login_url" must be of type Object'),
        (
            {"login_url": {"url": "a.org"}},
            "inline keyboard button login URL 'a.org' is invalid: Only HTTPS links are allowed",
        ),
        ({"web_app": 5}, f'{UNPARSED}Field "web_app" must be of type Object'),
        ({"web_app": {}}, f'{UNPARSED}Can\'t find field "url"'),
        (
            {"web_app": {"url": "http://a.org"}},
            "inline keyboard button Web App URL 'http://a.org' is invalid: Only HTTPS links are allowed",
        ),
        ({"copy_text": "z"}, f'{UNPARSED}Field "copy_text" must be of type Object'),
        ({"copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"copy_text": {"text": "a" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"callback_data": "a", "style": {"a": 1}}, f'{UNPARSED}Field "style" must be of type String'),
        (
            {"callback_data": "a", "icon_custom_emoji_id": []},
            f'{UNPARSED}Field "icon_custom_emoji_id" must be of type String',
        ),
        ({}, NO_ACTION),
    ],
)
async def test_what_is_refused(people: httpx.AsyncClient, started: int, button: dict[str, Any], words: str) -> None:
    assert await refused(people, "sendMessage", **message({"text": "b"} | button)) == f"Bad Request: {words}"


async def test_whatever_is_taken_is_as_the_bot_api_describes_it(people: httpx.AsyncClient, started: int) -> None:
    schema, taken = BotApiSchema(), 0
    inside = [(name, {field: value}) for name in ACTIONS for field in ("url", "text", "query") for value in VALUES]
    for name, value in [(name, value) for name in (*ACTIONS, "style", "text") for value in VALUES] + inside:
        button = {"text": "b"} | ({} if name in ACTIONS else {"url": SITE}) | {name: value}
        answer = await people.post(METHOD, json=message(button))
        assert answer.status_code in {200, 400}, (button, answer.text)
        if answer.status_code == 200:
            taken += 1
            assert schema.problems("Message", answer.json()["result"]) == [], button
    assert taken > 50


async def test_numbers_beyond_floats_are_no_json(people: httpx.AsyncClient, started: int) -> None:
    before = await events(people, 1001)
    body = json.dumps(message({"text": "b", "switch_inline_query": 5}))
    assert (await people.post(METHOD, content=body, headers=JSON_BODY)).status_code == 200
    answer = await people.post(METHOD, content=body.replace(": 5}", ": 1e999}"), headers=JSON_BODY)
    assert (answer.status_code, answer.json()["description"]) == (
        400,
        "Bad Request: can't parse request: JSON expected",
    )
    assert len(await events(people, 1001)) == len(before) + 1


JSON_BODY = {"content-type": "application/json"}


async def test_deep_nesting_is_refused_and_stores_nothing(people: httpx.AsyncClient, started: int) -> None:
    before = await events(people, 1001)
    for depth in (100, 500, 900, 955, 980, 5000):
        deep = '{"a":' * depth + "1" + "}" * depth
        button = '{"text": "b", "web_app": ' + deep + "}"
        body = '{"chat_id": 1001, "text": "a", "reply_markup": {"inline_keyboard": [[' + button + "]]}}"
        assert (await people.post(METHOD, content=body, headers=JSON_BODY)).status_code == 400, depth
    assert await events(people, 1001) == before


@pytest.mark.parametrize("kind", ["inline_keyboard", "keyboard"])
async def test_a_keyboard_has_ten_kilobytes(people: httpx.AsyncClient, started: int, kind: str) -> None:
    def markup(size: int) -> dict[str, Any]:
        key = {"text": "", "url": SITE} if kind == "inline_keyboard" else {"text": ""}
        left = size - len(json.dumps({kind: [[key]]}, separators=(",", ":")))
        return {kind: [[key | {"text": "a" * left}]]}

    await call(people, "sendMessage", chat_id=1001, text="a", reply_markup=markup(10_240))
    said = await refused(people, "sendMessage", chat_id=1001, text="a", reply_markup=markup(10_241))
    assert said == "Bad Request: reply markup is too long"
