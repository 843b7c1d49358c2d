"""Which of the bot's command menus a person sees.

Order of resolution: https://core.telegram.org/bots/api#determining-list-of-commands
"""

from bot.playground.chat import Chat
from bot.playground.json_text import JSON
from bot.playground.world import World


def menu_key(kind: str, *where: int, language: str = "") -> str:
    """Return the name under which a menu is kept."""
    return ":".join([kind, *map(str, where), language])


def menu_for(world: World, chat: Chat, person_id: int) -> list[JSON]:
    """Return the menu that a person sees in a chat: the narrowest scope, their language before none."""
    language = world.people[person_id].language_code.partition("-")[0]
    for scope in _scopes(chat, person_id):
        for key in (menu_key(*scope, language=language), menu_key(*scope)):
            if key in world.commands:
                return world.commands[key]
    return []


def _scopes(chat: Chat, person_id: int) -> list[tuple[str, *tuple[int, ...]]]:
    if chat.type == "private":
        return [("chat", chat.id), ("all_private_chats",), ("default",)]
    admin = chat.is_admin(person_id)
    return [
        ("chat_member", chat.id, person_id),
        *([("chat_administrators", chat.id)] if admin else []),
        ("chat", chat.id),
        *([("all_chat_administrators",)] if admin else []),
        ("all_group_chats",),
        ("default",),
    ]
