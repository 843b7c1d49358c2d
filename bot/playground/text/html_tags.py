"""What the tags of parse_mode HTML mean."""

import re

from bot.playground.json_text import JSON
from bot.playground.text.entities import broken
from bot.playground.text.links import linked, moment

TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler",
    "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote", "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}  # fmt: skip
"""The kind of entity that each tag makes."""


def meaning(name: str, attributes: dict[str, str], covered: str) -> JSON | None:
    """Return the type of the entity that a tag around `covered` makes, with its fields; None if it makes none."""
    kind = TAGS[name]
    if kind == "text_link":
        return linked(attributes.get("href") or covered)
    if kind == "date_time":
        return _moment(attributes)
    if kind == "custom_emoji":
        number = attributes.get("emoji-id", "")
        if not re.fullmatch(r"[1-9]\d{0,18}", number, re.ASCII):
            raise broken("Invalid custom emoji identifier specified")
        return {"type": kind, "custom_emoji_id": number}
    if kind == "blockquote" and "expandable" in attributes:
        return {"type": "expandable_blockquote"}
    language = attributes.get("class", "") if kind == "code" else ""
    said = {"language": language.removeprefix("language-")} if language.startswith("language-") else {}
    return {"type": kind} | said


def _moment(attributes: dict[str, str]) -> JSON:
    found = moment(attributes.get("unix", ""), attributes.get("format", ""))
    if found is None:
        raise broken("Invalid date-time specified")
    return found


def with_languages(entities: list[JSON]) -> list[JSON]:
    """Join `<pre><code class="language-…">` into one pre; elsewhere a code's class says nothing."""
    pres = {(entity["offset"], entity["length"]): entity for entity in entities if entity["type"] == "pre"}
    kept = []
    for entity in entities:
        language = entity.pop("language", None) if entity["type"] == "code" else None
        pre = pres.get((entity["offset"], entity["length"])) if language else None
        if pre is None:
            kept.append(entity)
        else:
            pre["language"] = language
    return kept
