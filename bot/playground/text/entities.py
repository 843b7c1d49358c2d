"""Message entities: what Telegram finds in a text by itself, and UTF-16 offsets."""

import re
from collections.abc import Iterator

from bot.playground.api_error import ApiError, bad_request
from bot.playground.json_text import JSON
from bot.playground.text.domains import ENDINGS
from bot.playground.text.links import linked, moment

MAX_ENTITIES = 100
SIMPLE = frozenset({
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold", "italic",
    "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code",
})  # fmt: skip
_NAMED = re.compile(
    r"(?<![\w@./-])(?:[a-z0-9-]{1,63}\.)+(?P<ending>[a-z]{2,18})(?![\w-]|\.\w)"
    r"(?::[0-9]{1,5})?(?:[/?#][^\s<>\"]*)?",
    re.IGNORECASE,
)
"""An address without https://; only its ending tells it from other words."""
_PHONE = re.compile(r"(?<![\w+#@/$.-])\+[0-9](?:(?:[ \u00a0.-]| ?\(|\)[ -]?)?[0-9]){7,14}(?!\w)")
"""Eight to fifteen digits after a plus, with what people write between them."""
# In the order in which overlapping finds win.
_FOUND = (
    ("url", re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.)+[a-z]{2,8}\b", re.IGNORECASE)),
    ("url", _NAMED),
    ("phone_number", _PHONE),
    ("bot_command", re.compile(r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/@])")),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#])#(?=\w*[^\W\d_])\w{1,256}(?!\w)")),
    ("cashtag", re.compile(r"(?<![\w$])\$(?:1INCH|[A-Z]{1,8})(?![\w$])")),
)
_CLOSED = frozenset(
    {"code", "pre", "text_link", "text_mention", "custom_emoji", "date_time", "url", "mention", "email", "phone_number"}
)


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 code units, the unit of every offset in the Bot API."""
    return len(text) + sum(char > "\uffff" for char in text)


def part(text: str, entity: JSON) -> str:
    """Return the piece of `text` that `entity` covers."""
    units = text.encode("utf-16-le")
    start = entity["offset"] * 2
    return units[start : start + entity["length"] * 2].decode("utf-16-le", errors="replace")


def detect(text: str) -> list[JSON]:
    """Return the entities that Telegram finds in plain text: addresses, phone numbers, commands, mentions, tags."""
    taken = [False] * len(text)
    found: list[JSON] = []
    for kind, pattern in _FOUND:
        for start, end in _matches(kind, pattern, text):
            if not any(taken[start:end]):
                taken[start:end] = [True] * (end - start)
                found.append({"type": kind, "offset": start, "length": end - start})
    found.sort(key=lambda entity: entity["offset"])
    return [_in_utf16(text, entity) for entity in found[:MAX_ENTITIES]]


def _matches(kind: str, pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(text):
        if "ending" in pattern.groupindex and match["ending"].lower() not in ENDINGS:
            continue
        # A full stop or a bracket after an address ends the sentence, not the address.
        found = match.group().rstrip(".,;:!?)]}'") if kind == "url" else match.group()
        yield match.start(), match.start() + len(found)


def _in_utf16(text: str, entity: JSON) -> JSON:
    start, length = entity["offset"], entity["length"]
    return entity | {"offset": utf16_length(text[:start]), "length": utf16_length(text[start : start + length])}


def with_detected(text: str, entities: list[JSON]) -> list[JSON]:
    """Add what Telegram finds by itself outside code and links; sorted, the first hundred."""
    closed = [entity for entity in entities if entity["type"] in _CLOSED]
    free = [found for found in detect(text) if not any(overlap(found, other) for other in closed)]
    added = [found for found in free if found not in entities]
    return sorted(entities + added, key=lambda entity: (entity["offset"], -entity["length"]))[:MAX_ENTITIES]


def overlap(one: JSON, other: JSON) -> bool:
    """Tell whether two entities share a place."""
    return bool(one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"])


def trimmed(text: str, entities: list[JSON]) -> tuple[str, list[JSON]]:
    """Strip white space at both ends as Telegram does, and move or shorten the entities with it."""
    body = text.strip()
    before, size = utf16_length(text[: len(text) - len(text.lstrip())]), utf16_length(body)
    moved = []
    for entity in entities:
        start = max(entity["offset"] - before, 0)
        end = min(entity["offset"] + entity["length"] - before, size)
        if end > start:
            moved.append(entity | {"offset": start, "length": end - start})
    return body, moved


def checked(text: str, given: object) -> list[JSON]:
    """Return the entities that a bot sent beside its text, reduced to their known fields."""
    if not isinstance(given, list):
        raise bad_request("can't parse entities: expected an Array")
    ends = _boundaries(text)
    found = [_checked_one(item, ends) for item in given[:MAX_ENTITIES]]
    return [entity for entity in found if entity]


def _boundaries(text: str) -> set[int]:
    at, ends = 0, {0}
    for char in text:
        at += utf16_length(char)
        ends.add(at)
    return ends


def _checked_one(item: object, ends: set[int]) -> JSON | None:
    if not isinstance(item, dict):
        raise broken("expected an Object")
    kind, start, length = item.get("type"), item.get("offset"), item.get("length")
    if not isinstance(kind, str) or not isinstance(start, int) or not isinstance(length, int):
        raise broken("MessageEntity needs type, offset and length")
    if start < 0 or length <= 0 or start + length > max(ends):
        end = start + length
        raise bad_request(
            f"entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {end}"
        )
    if start not in ends or start + length not in ends:
        raise bad_request(f"entity beginning at UTF-16 offset {start} begins or ends in a middle of a UTF-16 symbol")
    extras = _extras(kind, item)
    return None if extras is None else {"type": kind, "offset": start, "length": length} | extras


def _extras(kind: str, item: JSON) -> JSON | None:
    """Return what an entity of this kind has besides its place, None if Telegram leaves the entity out."""
    needed = {"text_link": "url", "custom_emoji": "custom_emoji_id"}.get(kind)
    if kind in SIMPLE:
        return {}
    if kind == "pre":
        language = item.get("language")
        return {"language": language[:64]} if isinstance(language, str) and language else {}
    if kind == "text_mention" and isinstance(item.get("user"), dict):
        return {"user": _mentioned(item["user"])}
    if kind == "date_time":
        return _moment(item)
    if needed and isinstance(item.get(needed), str):
        return linked(item[needed]) if needed == "url" else _emoji(item[needed])
    raise broken(f"unsupported type {kind[:32]} specified" if not needed else f'Field "{needed}" is missing')


def _emoji(emoji_id: str) -> JSON:
    if not re.fullmatch(r"\d{1,19}", emoji_id, re.ASCII):
        raise broken('Field "custom_emoji_id" must be a valid Number')
    return {"custom_emoji_id": emoji_id}


def _moment(item: JSON) -> JSON:
    unix, shown = item.get("unix_time"), item.get("date_time_format", "")
    if isinstance(unix, bool) or not isinstance(unix, int) or not isinstance(shown, str):
        raise broken("unix_time of a date_time is invalid")
    found = moment(str(unix), shown)
    if found is None:
        raise broken("date_time_format of a date_time is invalid")
    return found


def _mentioned(user: JSON) -> JSON:
    """Return the id of who is mentioned; the rest of the User is not the sender's to say."""
    user_id = user.get("id")
    if isinstance(user_id, bool) or not isinstance(user_id, int):
        raise broken("user of a text_mention is invalid")
    return {"id": user_id}


def broken(reason: str) -> ApiError:
    """Return the error of a text whose markup or entities are wrong."""
    return bad_request(f"can't parse entities: {reason}")
