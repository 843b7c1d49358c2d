"""The bot's command menus, by scope and language.

Order of resolution: https://core.telegram.org/bots/api#determining-list-of-commands
"""

import re

from bot.playground.api_error import bad_request
from bot.playground.json_text import JSON
from bot.playground.methods.given import chat_named
from bot.playground.methods.method import Method
from bot.playground.params import Params
from bot.playground.rules.menus import menu_key
from bot.playground.world import World

MAX_COMMANDS = 100
MAX_MENUS = 10_000
_IN_CHAT = {"chat": ("chat_id",), "chat_administrators": ("chat_id",), "chat_member": ("chat_id", "user_id")}
_EVERYWHERE = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})


def _key(world: World, params: Params) -> str:
    scope = params.mapping("scope") or {"type": "default"}
    kind = scope.get("type")
    if not isinstance(kind, str) or kind not in _EVERYWHERE | _IN_CHAT.keys():
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    language = params.text("language_code")
    if not re.fullmatch(r"(?:[a-z]{2})?", language, re.ASCII):
        raise bad_request("BOT_COMMAND_LANGCODE_INVALID")
    return menu_key(kind, *(_part(world, scope, name) for name in _IN_CHAT.get(kind, ())), language=language)


def _part(world: World, scope: JSON, name: str) -> int:
    if name == "chat_id":
        return chat_named(world, str(scope.get(name, "")).strip()).id
    return _number(scope, name)


def _number(scope: JSON, name: str) -> int:
    value = str(scope.get(name, ""))
    if not re.fullmatch(r"-?\d{1,18}", value, re.ASCII):
        raise bad_request(f"can't parse BotCommandScope: {name} is invalid")
    return int(value)


async def set_my_commands(world: World, params: Params) -> bool:
    """Replace the menu of one scope and language."""
    key = _key(world, params)
    commands = params.parsed("commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands: an Array is expected")
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    if len(world.commands) >= MAX_MENUS and key not in world.commands:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.commands[key] = [_command(command) for command in commands]
    if not commands:
        del world.commands[key]
    world.changed()
    return True


def _command(given: object) -> JSON:
    if not isinstance(given, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = given.get("command"), given.get("description")
    if not isinstance(name, str) or not re.fullmatch(r"/?[a-z0-9_]{1,32}", name, re.ASCII):
        raise bad_request("BOT_COMMAND_INVALID")
    if not isinstance(description, str) or not 1 <= len(description.strip()) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name.removeprefix("/"), "description": description.strip()}


async def get_my_commands(world: World, params: Params) -> list[JSON]:
    """Return the menu of exactly this scope and language."""
    return world.commands.get(_key(world, params), [])


async def delete_my_commands(world: World, params: Params) -> bool:
    """Forget the menu of one scope and language, so that the next wider one shows."""
    world.commands.pop(_key(world, params), None)
    world.changed()
    return True


METHODS: dict[str, Method] = {
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
}
