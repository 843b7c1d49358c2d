"""The results of an inline query, read and checked as Telegram does.

https://core.telegram.org/bots/api#inlinequeryresult
"""

from bot.playground.api_error import ApiError, bad_request
from bot.playground.json_text import JSON
from bot.playground.params import Params
from bot.playground.rules.inline import Result
from bot.playground.rules.kinds import CAPTIONED, content
from bot.playground.rules.markup import buttons
from bot.playground.rules.media_params import looks, taken
from bot.playground.rules.place_params import contact_content, location_content, venue_content
from bot.playground.rules.words import caption, words_of
from bot.playground.world import World

MAX_RESULTS = 50
MAX_ID_BYTES = 64
_FILES = {
    "photo": ("photo", "photo"), "document": ("document", "document"), "audio": ("audio", "audio"),
    "voice": ("voice", "voice"), "video": ("video", "video"), "sticker": ("sticker", "sticker"),
    "gif": ("gif", "animation"), "mpeg4_gif": ("mpeg4", "animation"),
}  # fmt: skip
"""Types of results that show files: how their fields begin, and what kind the files are."""
_UNTITLED = {
    "article": "ARTICLE_TITLE_EMPTY", "document": "FILE_TITLE_EMPTY", "video": "VIDEO_TITLE_EMPTY",
    "voice": "FILE_TITLE_EMPTY", "location": "MESSAGE_TITLE_EMPTY", "venue": "MESSAGE_TITLE_EMPTY",
}  # fmt: skip
"""Types that need a title, and Telegram's word where it is empty."""
_WRONG = "can't parse inline query result: "
_PLACES = {"location": location_content, "venue": venue_content, "contact": contact_content}
_ON_THE_SERVER = {"message is too long": "MESSAGE_TOO_LONG", "message caption is too long": "MEDIA_CAPTION_TOO_LONG"}


def read_results(world: World, params: Params) -> dict[str, Result]:
    """Return the bot's results by id, in order."""
    try:
        given = params.parsed("results")
    except ApiError:
        raise bad_request("can't parse JSON encoded inline query results") from None
    if given is not None and not isinstance(given, list):
        raise bad_request("expected an Array of inline query results")
    if len(given or []) > MAX_RESULTS:
        raise bad_request("too many inline query results specified")
    results = [_read(world, one) for one in given or []]
    by_id = {result.id: result for result in results}
    if len(by_id) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    return by_id


def _read(world: World, given: object) -> Result:
    try:
        return _result(world, given)
    except ApiError as error:
        reason = error.description.removeprefix("Bad Request: ")
        if reason.startswith("can't parse") and not reason.startswith(_WRONG):
            reason = f"{_WRONG}{reason[0].upper()}{reason[1:]}"
        raise bad_request(_ON_THE_SERVER.get(reason, reason)) from None


def _result(world: World, given: object) -> Result:
    if not isinstance(given, dict):
        raise _wrong("Inline query result must be an object")
    kind, result_id = _string(given, "type").lower(), _string(given, "id")
    if kind not in {"article", *_FILES, *_PLACES}:
        raise _wrong(f'type "{kind[:64]}" is unsupported for the inline query result')
    if not 0 < len(result_id.encode()) <= MAX_ID_BYTES:
        raise bad_request("RESULT_ID_INVALID" if result_id else "RESULT_ID_EMPTY")
    title = _string(given, "title", needed=kind in _UNTITLED)
    if not title and kind in _UNTITLED:
        raise bad_request(_UNTITLED[kind])
    fields = Params(given, inner=True)
    sent = _written(given, needed=kind == "article") or _shown(world, kind, fields)
    return Result(
        result_id, kind, title[:256], _string(given, "description", needed=False)[:512], sent | buttons(fields)
    )


def _written(given: JSON, *, needed: bool) -> JSON:
    """Return what the result says in place of what it shows; {} if it says nothing."""
    said = given.get("input_message_content")
    if said is not None and not isinstance(said, dict):
        raise _wrong('Field "input_message_content" must be of type Object')
    if said is None:
        # As old bots say it.
        return (
            words_of(Params(given, inner=True), "message_text") if _string(given, "message_text", needed=needed) else {}
        )
    fields = Params(said, inner=True)
    if said.get("message_text"):
        return words_of(fields, "message_text")
    if {"latitude", "longitude"} <= said.keys():
        return venue_content(fields) if {"title", "address"} <= said.keys() else location_content(fields)
    if "phone_number" in said:
        return contact_content(fields)
    if needed or said:
        raise _wrong("Input message content is not specified")
    return {}


def _shown(world: World, kind: str, fields: Params) -> JSON:
    if kind in _PLACES:
        return _PLACES[kind](fields)
    begin, of_kind = _FILES[kind]
    if url := fields.text(f"{begin}_url"):
        if not url.startswith(("https://", "http://")):
            raise bad_request("WEBDOCUMENT_URL_INVALID")
        return {}  # shown by its title; the playground reaches nothing outside, so it cannot be sent
    if not fields.has(f"{begin}_file_id"):
        raise _wrong(f'Can\'t find field "{begin}_file_id"')
    words = caption(fields) if of_kind in CAPTIONED else {}
    return content(taken(world, fields, f"{begin}_file_id", of_kind)) | words | looks(fields, of_kind)


def _string(given: JSON, name: str, *, needed: bool = True) -> str:
    value = given.get(name)
    if value is None and needed:
        raise _wrong(f'Can\'t find field "{name}"')
    if value is not None and (isinstance(value, bool) or not isinstance(value, str | int | float)):
        raise _wrong(f'Field "{name}" must be of type String')
    return "" if value is None else str(value)


def _wrong(reason: str) -> ApiError:
    return bad_request(_WRONG + reason)
