"""Entities: found by Telegram, or made from HTML and MarkdownV2."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.api_error import ApiError
from bot.playground.text.entities import checked, detect, part, trimmed, utf16_length, with_detected
from bot.playground.text.html_text import parse_html
from bot.playground.text.markdown_text import parse_markdown
from bot.playground.text.nesting import arranged


def shown(text: str, entities: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(entity["type"], part(text, entity)) for entity in entities]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/start@tertulia_bot 🙂 /help", [("bot_command", "/start@tertulia_bot"), ("bot_command", "/help")]),
        ("and/or 1/2 //x </b>", []),
        ("@ben_reads, a@b @x", [("mention", "@ben_reads")]),
        ("(https://a.org/b?c=1).", [("url", "https://a.org/b?c=1")]),
        ("see a.org/b, not a.b", [("url", "a.org/b")]),
        ("write to ana@uni.es", [("email", "ana@uni.es")]),
        ("#año2026 #1 a#b", [("hashtag", "#año2026")]),
        ("https://a.org/#top/@x", [("url", "https://a.org/#top/@x")]),
        (
            "$USD ($EUR) $1INCH $usd $USDOLLARS a$A $A$ $A1",
            [("cashtag", "$USD"), ("cashtag", "$EUR"), ("cashtag", "$1INCH")],
        ),
        ("+34123456789, +34 600 000 000.", [("phone_number", "+34123456789"), ("phone_number", "+34 600 000 000")]),
        (
            "+1-212-555-0123 +1 (212) 555.0123",
            [("phone_number", "+1-212-555-0123"), ("phone_number", "+1 (212) 555.0123")],
        ),
        ("+1234567, 1+123456789, +1234567890123456, +34 12345678. 5", [("phone_number", "+34 12345678")]),
        ("t.me/x blog.example.xyz mi.tech.", [("url", "t.me/x"), ("url", "blog.example.xyz"), ("url", "mi.tech")]),
        ("a.online:80/y a.site?q=1 x.me.", [("url", "a.online:80/y"), ("url", "a.site?q=1"), ("url", "x.me")]),
        ("fin.Luego a.me.nothing ñb.zzz v1.2", []),
    ],
)
def test_found_by_itself(text: str, expected: list[tuple[str, str]]) -> None:
    assert shown(text, detect(text)) == expected


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("<b>a<i>b</i></b>", "ab", [("italic", "b"), ("bold", "ab")]),
        ("1 &lt; 2 &amp; &#241; &copy;", "1 < 2 & ñ &copy;", []),
        ('<a href="https://a.org">🙂</a>', "🙂", [("text_link", "🙂")]),
        ("<pre><code class='language-py'>x</code></pre>", "x", [("pre", "x")]),
        ("<code>a</code><tg-spoiler>b</tg-spoiler>", "ab", [("code", "a"), ("spoiler", "b")]),
        ('<span class="tg-spoiler">a</span>', "a", [("spoiler", "a")]),
        ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", "a")]),
        ("<u>a</u><s>b</s><b></b>", "ab", [("underline", "a"), ("strikethrough", "b")]),
        ("<B>a</b ><i >b</>", "ab", [("bold", "a"), ("italic", "b")]),
        ("<a>https://a.org</a> <a href=nonsense>b</a>", "https://a.org b", [("text_link", "https://a.org")]),
        ("<a href='tg://user?id=1002'>a</a>", "a", [("text_mention", "a")]),
        ('<a href="https://a.org/?a=1&amp;b=2">a</a>', "a", [("text_link", "a")]),
        ("<code class='language-py'><pre>x</pre></code>", "x", [("pre", "x")]),
        ('<tg-emoji emoji-id="5">👍</tg-emoji>', "👍", [("custom_emoji", "👍")]),
        ('<tg-time unix="1647531900" format="wDT">22:45</tg-time>', "22:45", [("date_time", "22:45")]),
        ("&lt &#38 &#x41; &#0; & &amp;lt;", "< & A &#0; & &lt;", []),
    ],
)
def test_html(source: str, text: str, expected: list[tuple[str, str]]) -> None:
    parsed, entities = parse_html(source)
    assert (parsed, shown(parsed, entities)) == (text, expected)


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("*a _b_*", "a b", [("italic", "b"), ("bold", "a b")]),
        ("__a__ ~b~ ||c||", "a b c", [("underline", "a"), ("strikethrough", "b"), ("spoiler", "c")]),
        ("__a _b_**__", "a b", [("italic", "b"), ("underline", "a b")]),
        (r"1\.5 \* \\", r"1.5 * " + "\\", []),
        (r"[🙂](https://a.org/\))", "🙂", [("text_link", "🙂")]),
        ("`a\\`b*`", "a`b*", [("code", "a`b*")]),
        ("```py\nx = 1\n```", "x = 1\n", [("pre", "x = 1\n")]),
        ("```a b```", " b", [("pre", " b")]),
        ("```a```", "a", [("pre", "a")]),
        ("```\n\\`\\a```", "`a", [("pre", "`a")]),
        ("[https://a\\.org]", "https://a.org", [("text_link", "https://a.org")]),
        ("[a](tg://user?id=1002)", "a", [("text_mention", "a")]),
        ("[a](nonsense) [b]", "a b", []),
        ("![22:45](tg://time?unix=1647531900&format=wDT)", "22:45", [("date_time", "22:45")]),
        (">a\n>b\nc", "a\nb\nc", [("blockquote", "a\nb\n")]),
        ("**>a\n>b||", "a\nb", [("expandable_blockquote", "a\nb")]),
        (">a\n>b||\nc", "a\nb\nc", [("expandable_blockquote", "a\nb\n")]),
        (">a||\n**>b||", "a\nb", [("expandable_blockquote", "a\n"), ("expandable_blockquote", "b")]),
        (">a ||b||", "a b", [("spoiler", "b"), ("blockquote", "a b")]),
        (">a||\n>b||", "a\nb", [("spoiler", "\nb"), ("blockquote", "a\nb")]),
        ("![👍](tg://emoji?id=5)", "👍", [("custom_emoji", "👍")]),
    ],
)
def test_markdown(source: str, text: str, expected: list[tuple[str, str]]) -> None:
    parsed, entities = parse_markdown(source)
    assert (parsed, shown(parsed, entities)) == (text, expected)


@pytest.mark.parametrize(
    ("parse", "source", "words"),
    [
        (parse_html, "<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        (parse_html, "<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        (parse_html, "ñ</b>", "Unexpected end tag at byte offset 2"),
        (parse_html, "a < b", 'Unsupported start tag "" at byte offset 2'),
        (parse_html, "a <b", "Unclosed start tag at byte offset 2"),
        (parse_html, "<b></b", "Unclosed end tag at byte offset 3"),
        (parse_html, "<b  ", 'Empty attribute name in the tag "b" at byte offset 0'),
        (
            parse_html,
            "<a href>b</a>",
            'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0',
        ),
        (parse_html, "<a href=", 'Unclosed start tag "a" at byte offset 0'),
        (parse_html, "<a href='b", "Unclosed start tag at byte offset 0"),
        (parse_html, "ñ<a href=https://a.org>b</a>", "Unexpected end of name token at byte offset 10"),
        (parse_html, '<tg-emoji emoji-id="x">a</tg-emoji>', "Invalid custom emoji identifier specified"),
        (
            parse_html,
            "&#xd800;",
            (
                "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched"
                " surrogate code units"
            ),
        ),
        (parse_html, "<h1>a</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        (parse_html, "<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        (parse_markdown, "a.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        (parse_markdown, "ñ*a", "Can't find end of Bold entity at byte offset 2"),
        (parse_markdown, "`a", "Can't find end of Code entity at byte offset 0"),
        (parse_markdown, "*a _b* c_", "Can't find end of Italic entity at byte offset 8"),
        (parse_markdown, "__a _b___", "Can't find end of Italic entity at byte offset 8"),
        (parse_markdown, "[a](b", "Can't find end of a URL at byte offset 4"),
        (parse_markdown, "![a](b", "Can't find end of a custom emoji URL at byte offset 5"),
        (parse_markdown, "![a]", "Custom emoji entity must contain a tg://emoji URL"),
        (parse_markdown, "```py\na", "Can't find end of PreCode entity at byte offset 0"),
        (parse_markdown, ">a||\n||b", "Can't find end of Spoiler entity at byte offset 5"),
        (parse_markdown, ">*a||\nb*", "Can't find end of Bold entity at byte offset 1"),
        (parse_markdown, ">*a\nb*", "Can't find end of Bold entity at byte offset 1"),
        (parse_markdown, "[a](" + "\\" * 30_000, "Can't find end of a URL at byte offset 4"),
        (parse_markdown, "a]", "Character ']' is reserved and must be escaped with the preceding '\\'"),
        (parse_markdown, "[" * 10_000, "Can't find end of TextUrl entity at byte offset 9999"),
    ],
)
def test_broken_markup(parse: Any, source: str, words: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse(source)
    assert caught.value.description == f"Bad Request: can't parse entities: {words}"


@given(st.text(alphabet="*_~|`[]()>!\\<>/abi&; \n🙂ñ", max_size=60))
def test_markup_never_breaks_the_parser(source: str) -> None:
    for parse in (parse_html, parse_markdown):
        try:
            text, entities = parse(source)
        except ApiError:
            continue
        size = utf16_length(text)
        assert all(e["offset"] >= 0 and e["length"] > 0 and e["offset"] + e["length"] <= size for e in entities)
        body, moved = trimmed(text, entities)
        assert checked(body, moved) == moved


@pytest.mark.parametrize(
    "entity",
    [
        {"type": "bold", "offset": -1, "length": 1},
        {"type": "bold", "offset": 0, "length": 9},
        {"type": "bold", "offset": 1, "length": 1},
        {"type": "sparkles", "offset": 0, "length": 2},
        {"type": "text_link", "offset": 0, "length": 2},
        {"type": "bold"},
        {"type": "text_mention", "offset": 0, "length": 2, "user": {"id": "x"}},
        {"type": "custom_emoji", "offset": 0, "length": 2, "custom_emoji_id": "5" * 20},
        "bold",
    ],
)
def test_given_entities_are_checked(entity: Any) -> None:
    with pytest.raises(ApiError):
        checked("🙂a", [entity])


def test_given_entities_move_with_the_trimmed_text() -> None:
    text, entities = trimmed("  🙂 hola  ", checked("  🙂 hola  ", [{"type": "bold", "offset": 0, "length": 11}]))
    assert (text, entities) == ("🙂 hola", [{"type": "bold", "offset": 0, "length": 7}])


def test_nothing_is_found_inside_code() -> None:
    given_one = [{"type": "code", "offset": 0, "length": 5}]
    assert shown("/help /new", with_detected("/help /new", given_one)) == [("code", "/help"), ("bot_command", "/new")]


def test_nothing_is_found_twice() -> None:
    given_one = [{"type": "phone_number", "offset": 0, "length": 12}]
    assert with_detected("+34123456789", given_one) == given_one


@pytest.mark.parametrize("parse", [parse_html, parse_markdown, None])
def test_links_have_2048_characters(parse: Any) -> None:
    def links(size: int) -> list[dict[str, Any]]:
        url = "https://a.org/".ljust(size, "c")
        if parse is None:
            return checked("a", [{"type": "text_link", "offset": 0, "length": 1, "url": url}])
        source = f'<a href="{url}">a</a>' if parse is parse_html else f"[a]({url})"
        found: list[dict[str, Any]] = parse(source)[1]
        return found

    assert [len(one["url"]) for one in links(2048)] == [2048]
    assert links(2049) == []


def test_at_most_a_hundred_entities() -> None:
    assert len(detect("#a " * 1000)) == 100


def entity(kind: str, offset: int, length: int) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length}


@pytest.mark.parametrize(
    ("given_ones", "expected"),
    [
        ([("code", 1, 1), ("bold", 0, 3)], [("bold", 0, 1), ("code", 1, 1), ("bold", 2, 1)]),
        ([("bold", 1, 1), ("pre", 0, 3)], [("pre", 0, 3)]),
        ([("text_link", 0, 3), ("code", 1, 1)], [("code", 1, 1)]),
        ([("blockquote", 0, 3), ("blockquote", 1, 1), ("bold", 0, 3)], [("blockquote", 0, 3), ("bold", 0, 3)]),
        ([("text_link", 0, 3), ("text_mention", 1, 1)], [("text_link", 0, 3)]),
        ([("bold", 0, 2), ("italic", 1, 2)], [("bold", 0, 2), ("italic", 1, 2)]),
    ],
)
def test_entities_lie_as_telegram_lets_them(given_ones: Any, expected: Any) -> None:
    found = arranged([entity(*one) for one in given_ones])
    assert [(one["type"], one["offset"], one["length"]) for one in found] == expected


_KINDS = st.sampled_from(["bold", "code", "pre", "text_link", "blockquote", "spoiler"])


@given(st.lists(st.builds(entity, _KINDS, st.integers(0, 20), st.integers(1, 10)), max_size=12))
def test_nothing_lies_inside_code(entities: list[dict[str, Any]]) -> None:
    units = [(one["type"], set(range(one["offset"], one["offset"] + one["length"]))) for one in arranged(entities)]
    code = [covered for kind, covered in units if kind in {"code", "pre"}]
    rest = [covered for kind, covered in units if kind not in {"code", "pre", "blockquote"}]
    assert all(covered for _, covered in units)
    assert not any(one & other for one in code for other in rest)
    assert len(set().union(*code)) == sum(map(len, code))


def test_what_is_given_is_not_found_once_more() -> None:
    tag = {"type": "hashtag", "offset": 0, "length": 4}
    assert with_detected("#uno y #dos", [tag]) == [tag, {"type": "hashtag", "offset": 7, "length": 4}]
