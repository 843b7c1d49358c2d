"""Chats and their members."""

from bot.playground.api_error import bad_request
from bot.playground.json_text import JSON
from bot.playground.methods.given import known_chat
from bot.playground.methods.method import Method
from bot.playground.params import Params
from bot.playground.world import BOT, Chat, World

ACCENT_COLORS = 7
_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def _seen_chat(world: World, params: Params) -> Chat:
    chat = known_chat(world, params)
    if chat.type == "private" and not world.people[chat.id].started:
        raise bad_request("chat not found")
    return chat


async def get_chat(world: World, params: Params) -> JSON:
    """Return all that the bot may know about a chat."""
    chat = _seen_chat(world, params)
    about = world.chat_object(chat)
    about |= {"accent_color_id": abs(chat.id) % ACCENT_COLORS, "max_reaction_count": 11}
    about["accepted_gift_types"] = dict.fromkeys(_GIFTS, False)
    if "username" in about:
        about["active_usernames"] = [about["username"]]
    return about


def _member(world: World, chat: Chat, user_id: int) -> JSON:
    if user_id == BOT["id"]:
        return {"status": "member", "user": BOT}
    person = world.people.get(user_id)
    if person is None:
        raise bad_request("member not found")
    if user_id == chat.owner:
        return {"status": "creator", "user": person.user(), "is_anonymous": False}
    return {"status": "member" if user_id in chat.members else "left", "user": person.user()}


async def get_chat_member(world: World, params: Params) -> JSON:
    """Return how a user stands in a chat."""
    chat = _seen_chat(world, params)
    user_id = params.integer("user_id")
    if not user_id:
        raise bad_request("invalid user_id specified")
    return _member(world, chat, user_id)


async def get_chat_administrators(world: World, params: Params) -> list[JSON]:
    """Return the administrators of a group that are no bots."""
    chat = _seen_chat(world, params)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    return [_member(world, chat, chat.owner)]


async def get_chat_member_count(world: World, params: Params) -> int:
    """Return how many are in a chat, the bot included."""
    return len(_seen_chat(world, params).members) + 1


async def set_chat_menu_button(world: World, params: Params) -> bool:
    """Change the button beside the input field, in one private chat or in all."""
    button = params.mapping("menu_button") or {"type": "default"}
    if button.get("type") not in {"commands", "default", "web_app"}:
        raise bad_request("can't parse menu button: unsupported type specified")
    if not params.text("chat_id"):
        world.menu_button = {"type": "commands"} if button["type"] == "default" else button
    else:
        _private(world, params).menu_button = None if button["type"] == "default" else button
    world.changed()
    return True


async def get_chat_menu_button(world: World, params: Params) -> JSON:
    """Return the button beside the input field."""
    if not params.text("chat_id"):
        return world.menu_button
    return _private(world, params).menu_button or world.menu_button


def _private(world: World, params: Params) -> Chat:
    chat = _seen_chat(world, params)
    if chat.type != "private":
        raise bad_request("chat_id must be of a private chat")
    return chat


METHODS: dict[str, Method] = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
}
