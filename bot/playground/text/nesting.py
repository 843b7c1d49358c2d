"""Which entities may lie inside others: https://core.telegram.org/bots/api#formatting-options."""

from bot.playground.json_text import JSON
from bot.playground.text.entities import overlap

MOST = 400
"""Entities that are looked at; a message keeps far fewer."""
_CODE = frozenset({"code", "pre"})
_QUOTES = frozenset({"blockquote", "expandable_blockquote"})
_STYLES = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})


def arranged(entities: list[JSON]) -> list[JSON]:
    """Return the entities as Telegram lets them lie, in order of their beginnings.

    Code has nothing inside: styles stop before it and go on after it, links do not hold it. Quotations do not lie in
    each other, nor do links, mentions and emoji.
    """
    ordered = sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))[:MOST]
    code = _apart([entity for entity in ordered if entity["type"] in _CODE])
    quotes = _apart([entity for entity in ordered if entity["type"] in _QUOTES])
    links = _apart([entity for entity in ordered if entity["type"] not in _CODE | _QUOTES | _STYLES])
    styles = [piece for entity in ordered if entity["type"] in _STYLES for piece in _around(entity, code)]
    free = [entity for entity in links if not any(overlap(entity, one) for one in code)]
    return sorted(quotes + free + styles + code, key=lambda entity: (entity["offset"], -entity["length"]))


def _apart(entities: list[JSON]) -> list[JSON]:
    """Return those that do not meet an earlier one."""
    kept: list[JSON] = []
    for entity in entities:
        if not kept or kept[-1]["offset"] + kept[-1]["length"] <= entity["offset"]:
            kept.append(entity)
    return kept


def _around(entity: JSON, code: list[JSON]) -> list[JSON]:
    """Return the pieces of a style outside of code."""
    pieces, start, end = [], entity["offset"], entity["offset"] + entity["length"]
    for one in code:
        if overlap(entity, one):
            pieces.append((start, one["offset"]))
            start = one["offset"] + one["length"]
    pieces.append((start, end))
    return [entity | {"offset": begin, "length": stop - begin} for begin, stop in pieces if begin < stop]
