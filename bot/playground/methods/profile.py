"""What the bot says of itself: name, description and short description, in each language."""

import re

from bot.playground.api_error import bad_request
from bot.playground.json_text import JSON
from bot.playground.methods.method import Method
from bot.playground.params import Params
from bot.playground.world import BOT, World

LIMITS = {"name": 64, "description": 512, "short_description": 120}
_TOO_LONG = {
    "name": "BOT_TITLE_INVALID",
    "description": "BOT_DESCRIPTION_TOO_LONG",
    "short_description": "ABOUT_TOO_LONG",
}
_LANGUAGE = re.compile(r"(?:[a-z]{2})?", re.ASCII)


def _language(params: Params) -> str:
    code = params.text("language_code")
    if not _LANGUAGE.fullmatch(code):
        raise bad_request("LANG_CODE_INVALID")
    return code


def _setting(field: str) -> Method:
    """Return the method that sets `field` for one language; an empty text removes it."""

    async def set_field(world: World, params: Params) -> bool:
        key = f"{field}:{_language(params)}"
        text = params.text(field).strip()
        if len(text) > LIMITS[field]:
            raise bad_request(_TOO_LONG[field])
        before = world.profile.pop(key, "")
        if text:
            world.profile[key] = text
        if text != before:
            _show(world)
        return True

    return set_field


def _show(world: World) -> None:
    for chat in world.chats.values():
        if chat.type == "private":
            world.publish_chat(chat)


def _getting(field: str) -> Method:
    """Return the method that tells `field` in one language, in none if that has no text of its own."""

    async def get_field(world: World, params: Params) -> JSON:
        default = world.profile.get(f"{field}:") or (BOT["first_name"] if field == "name" else "")
        return {field: world.profile.get(f"{field}:{_language(params)}") or default}

    return get_field


METHODS: dict[str, Method] = {
    "setMyName": _setting("name"),
    "getMyName": _getting("name"),
    "setMyDescription": _setting("description"),
    "getMyDescription": _getting("description"),
    "setMyShortDescription": _setting("short_description"),
    "getMyShortDescription": _getting("short_description"),
}
