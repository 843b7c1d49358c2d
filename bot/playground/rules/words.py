"""Texts that are sent: read by their parse mode, checked and measured."""

import re

from bot.playground.api_error import bad_request
from bot.playground.json_text import JSON
from bot.playground.params import Params
from bot.playground.text.entities import checked, trimmed, utf16_length, with_detected
from bot.playground.text.html_text import parse_html
from bot.playground.text.legacy_markdown import parse_legacy_markdown
from bot.playground.text.markdown_text import parse_markdown
from bot.playground.text.nesting import arranged

MAX_TEXT = 4096
MAX_CAPTION = 1024
"""Both in UTF-16 code units, so that a text that passes here passes however Telegram counts."""
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2800\u3164\ufeff \n"))
MAX_SOURCE = 32_768
"""Characters that are looked at, markup included."""
_PARSERS = {"html": parse_html, "markdownv2": parse_markdown, "markdown": parse_legacy_markdown}


def cleaned(text: str) -> str:
    """Replace control characters by spaces, one for one, so that offsets stay true."""
    return re.sub(r"[\x00-\x09\x0b-\x1f\x7f]", " ", text)


def formatted(params: Params, name: str, entities_name: str, limit: int = MAX_TEXT) -> tuple[str, list[JSON]]:
    """Return the text `name` without its markup, and its entities; at most `limit` long."""
    too_long = bad_request("message is too long" if limit == MAX_TEXT else "message caption is too long")
    if len(params.text(name)) > MAX_SOURCE:
        raise too_long
    text, entities = trimmed(*parsed(params, name, entities_name, "parse_mode"))
    if utf16_length(text) > limit:
        raise too_long
    return text, with_detected(text, arranged(entities))


def parsed(params: Params, name: str, entities_name: str, mode_name: str) -> tuple[str, list[JSON]]:
    """Return the text `name` without its markup, whatever its length up to MAX_SOURCE, and its entities."""
    source = cleaned(params.text(name)[:MAX_SOURCE])
    mode = params.text(mode_name).lower()
    given = params.parsed(entities_name)
    if not mode:
        return source, checked(source, given) if given else []
    if mode not in _PARSERS:
        raise bad_request("unsupported parse_mode")
    return _PARSERS[mode](source)


def words_of(params: Params, name: str) -> JSON:
    """Return parameter `name` as the text of a message; it must not be empty."""
    text, entities = formatted(params, name, "entities")
    if not text.translate(_INVISIBLE):
        raise bad_request("message text is empty")
    return {"text": text} | ({"entities": entities} if entities else {})


def caption(params: Params) -> JSON:
    """Return the caption of a file as the message's fields."""
    text, entities = formatted(params, "caption", "caption_entities", MAX_CAPTION)
    return captioned(text, entities)


def captioned(text: str, entities: list[JSON]) -> JSON:
    """Return the fields of a caption."""
    return ({"caption": text} if text else {}) | ({"caption_entities": entities} if entities else {})
