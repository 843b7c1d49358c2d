"""The button beside the input field: set for one chat or for all, reduced to what the Bot API knows."""

from typing import Any

import httpx
import pytest

from .asked import call, refused
from .schema import BotApiSchema
from .test_hostile import VALUES

APP: dict[str, Any] = {"type": "web_app", "text": "Libros", "web_app": {"url": "https://example.org/a"}}


@pytest.mark.parametrize("button", [APP, {"type": "commands"}])
async def test_only_known_fields_are_kept(people: httpx.AsyncClient, started: int, button: dict[str, Any]) -> None:
    more: dict[str, Any] = {"extra": {"a": []}}
    inner = {"web_app": APP["web_app"] | more} if button is APP else {"text": "a"}
    await call(people, "setChatMenuButton", chat_id=1001, menu_button=button | inner | more)
    assert await call(people, "getChatMenuButton", chat_id=1001) == button
    assert await call(people, "getChatMenuButton") == {"type": "commands"}


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"text": "a"}, "can't parse menu button: Can't find field \"type\""),
        ({"type": "link"}, "can't parse menu button: unsupported type specified"),
        ({"type": []}, 'can\'t parse menu button: Field "type" must be of type String'),
        ({"type": "web_app"}, "can't parse menu button: Can't find field \"text\""),
        (APP | {"web_app": None}, "can't parse menu button: Can't find field \"web_app\""),
        (APP | {"web_app": "a.org"}, 'can\'t parse menu button: Field "web_app" must be of type Object'),
        (APP | {"web_app": {}}, "can't parse menu button: Can't find field \"url\""),
        (APP | {"text": " "}, "menu button text must be non-empty"),
        (APP | {"text": "a" * 65}, "BUTTON_TEXT_INVALID"),
        (
            APP | {"web_app": {"url": "a.org"}},
            "menu button Web App URL 'a.org' is invalid: Only HTTPS links are allowed",
        ),
    ],
)
async def test_what_is_refused(people: httpx.AsyncClient, started: int, button: dict[str, Any], words: str) -> None:
    assert await refused(people, "setChatMenuButton", menu_button=button) == f"Bad Request: {words}"
    assert await call(people, "getChatMenuButton") == {"type": "commands"}


async def test_no_value_breaks_it(people: httpx.AsyncClient, started: int) -> None:
    schema = BotApiSchema()
    given = [APP | {name: value} for name in APP for value in VALUES] + [
        APP | {"web_app": {"url": value}} for value in VALUES
    ]
    for button in given:
        answer = await people.post(
            "/bot7000:playground-token-known-to-everyone/setChatMenuButton", json={"menu_button": button}
        )
        assert answer.status_code in {200, 400}, (button, answer.text)
        assert schema.problems("MenuButton", await call(people, "getChatMenuButton")) == []
