"""parse_mode Markdown, and where links in formatted text lead."""

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.api_error import ApiError
from bot.playground.text.entities import checked, part, trimmed, utf16_length
from bot.playground.text.legacy_markdown import parse_legacy_markdown
from bot.playground.text.links import linked

from .asked import call, refused


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("*a* _b_ `c`", "a b c", [("bold", "a"), ("italic", "b"), ("code", "c")]),
        ("*a _b* c", "a _b c", [("bold", "a _b")]),
        (r"\*a\_ \[ \` \x 1.", r"*a_ [ ` \x 1.", []),
        ("*🙂*_b_", "🙂b", [("bold", "🙂"), ("italic", "b")]),
        ("**a**", "a", []),
        ("```\na\n```", "a\n", [("pre", "a\n")]),
        ("```py\nx = 1```", "x = 1", [("pre", "x = 1")]),
        ("```py x```", " x", [("pre", " x")]),
        ("```py```", "py", [("pre", "py")]),
        ("[a](https://a.org/b_c)", "a", [("text_link", "a")]),
        ("[https://a.org]", "https://a.org", [("text_link", "https://a.org")]),
        ("[a](nonsense) [b]", "a b", []),
        ("[a](tg://user?id=1002)", "a", [("text_mention", "a")]),
        ("[a](https://a.org", "a", [("text_link", "a")]),
        ("[](https://a.org)", "(https://a.org)", []),
        ("a - b. (c) #d! >e ~f~ ||g||", "a - b. (c) #d! >e ~f~ ||g||", []),
    ],
)
def test_markdown(source: str, text: str, expected: list[tuple[str, str]]) -> None:
    parsed, entities = parse_legacy_markdown(source)
    assert (parsed, [(entity["type"], part(parsed, entity)) for entity in entities]) == (text, expected)


@pytest.mark.parametrize(("source", "at"), [("*a", 0), ("ñ _a", 3), ("`a", 0), ("[a", 0), ("a ```b``", 2), ("a_b", 1)])
def test_what_does_not_end_is_refused(source: str, at: int) -> None:
    with pytest.raises(ApiError) as caught:
        parse_legacy_markdown(source)
    words = f"Can't find end of the entity starting at byte offset {at}"
    assert caught.value.description == f"Bad Request: can't parse entities: {words}"


@given(st.text(alphabet="*_`[]()\\ab \n🙂ñ", max_size=60))
def test_markdown_never_breaks_the_parser(source: str) -> None:
    try:
        text, entities = parse_legacy_markdown(source)
    except ApiError:
        return
    size = utf16_length(text)
    assert all(e["offset"] >= 0 and e["length"] > 0 and e["offset"] + e["length"] <= size for e in entities)
    body, moved = trimmed(text, entities)
    assert checked(body, moved) == moved


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.org", {"type": "text_link", "url": "https://a.org/"}),
        ("a.org", {"type": "text_link", "url": "http://a.org/"}),
        ("HTTP://A.org:80/B?c#d", {"type": "text_link", "url": "http://a.org:80/B?c#d"}),
        ("https://me:pw@a.org?x", {"type": "text_link", "url": "https://me:pw@a.org/?x"}),
        ("tg://resolve?domain=a", {"type": "text_link", "url": "tg://resolve?domain=a"}),
        ("tg://user?id=7", {"type": "text_mention", "user": {"id": 7}}),
        ("tg:user?a=b&id=7", {"type": "text_mention", "user": {"id": 7}}),
        ("tg://user?id=x", {"type": "text_link", "url": "tg://user?id=x"}),
        ("javascript:alert(1)", None),
        ("ftp://a.org", None),
        ("nonsense", None),
        ("https://a.org/b c", None),
        ("", None),
    ],
)
def test_where_links_lead(url: str, expected: Any) -> None:
    assert linked(url) == expected


async def test_bots_may_use_it(people: httpx.AsyncClient, started: int) -> None:
    sent = await call(
        people, "sendMessage", chat_id=1001, text="*hola* [Ben](tg://user?id=1002)", parse_mode="Markdown"
    )
    assert sent["entities"][0] == {"type": "bold", "offset": 0, "length": 4}
    assert (sent["entities"][1]["type"], sent["entities"][1]["user"]["first_name"]) == ("text_mention", "Ben")
    said = await refused(people, "sendMessage", chat_id=1001, text="a_b", parse_mode="Markdown")
    assert said == "Bad Request: can't parse entities: Can't find end of the entity starting at byte offset 1"


async def test_only_who_is_there_can_be_mentioned(people: httpx.AsyncClient, started: int) -> None:
    entities = [
        {"type": "text_mention", "offset": at, "length": 1, "user": {"id": user, "first_name": "x", "is_bot": True}}
        for at, user in ((0, 1003), (1, 555), (2, 7000))
    ]
    sent = await call(people, "sendMessage", chat_id=1001, text="abc", entities=entities)
    assert [entity["user"]["first_name"] for entity in sent["entities"]] == ["Inés", "Tertulia"]
    where = {"chat_id": 1001, "message_id": sent["message_id"]}
    said = await refused(people, "editMessageText", **where, text="abc", entities=entities)
    assert "message is not modified" in said
    edited = await call(people, "editMessageText", **where, text="a", entities=entities[:1])
    assert edited["entities"][0]["user"]["id"] == 1003
