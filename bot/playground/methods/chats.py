"""Chats and their members."""

from bot.playground.api_error import bad_request
from bot.playground.chat import BOT_ID, Chat
from bot.playground.json_text import JSON
from bot.playground.methods.given import known_chat, met_chat, seen_chat
from bot.playground.methods.method import Method
from bot.playground.params import Params
from bot.playground.rules.membership import leave, member_object
from bot.playground.rules.menu_buttons import menu_button
from bot.playground.rules.rights import must_meet
from bot.playground.world import ANONYMOUS, World

ACCENT_COLORS = 7
_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
_PERMISSIONS = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
    "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
    "can_add_web_page_previews", "can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics",
)  # fmt: skip
_NOT_GIVEN = frozenset({"can_change_info", "can_pin_messages"})


async def get_chat(world: World, params: Params) -> JSON:
    """Return all that the bot may know about a chat."""
    chat = seen_chat(world, params)
    about = world.chat_object(chat)
    about |= {"accent_color_id": abs(chat.id) % ACCENT_COLORS, "max_reaction_count": 11}
    about["accepted_gift_types"] = dict.fromkeys(_GIFTS, False)
    if "username" in about:
        about["active_usernames"] = [about["username"]]
    if chat.description:
        about["description"] = chat.description
    if chat.type in {"group", "supergroup"}:
        about["permissions"] = {name: name not in _NOT_GIVEN for name in _PERMISSIONS}
    if chat.pinned:
        about["pinned_message"] = chat.messages[max(chat.pinned)]
    return about


async def get_chat_member(world: World, params: Params) -> JSON:
    """Return how a user stands in a chat."""
    chat = met_chat(world, params)
    user_id = params.integer("user_id")
    if not user_id:
        raise bad_request("invalid user_id specified")
    if user_id == ANONYMOUS["id"]:  # who asks this wants to know whether an anonymous administrator may do something
        return {"status": "left", "user": ANONYMOUS}
    if not world.knows(user_id):
        raise bad_request("member not found")
    return member_object(world, chat, world.kept_id(user_id))


async def get_user_profile_photos(world: World, params: Params) -> JSON:
    """Return the pictures of a user: nobody has any here."""
    user_id = params.integer("user_id")
    if user_id <= 0:
        raise bad_request("invalid user_id specified")
    if not world.knows(user_id):
        raise bad_request("user not found")
    return {"total_count": 0, "photos": []}


async def get_chat_administrators(world: World, params: Params) -> list[JSON]:
    """Return who runs a chat; of bots only this one."""
    chat = met_chat(world, params)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    return [member_object(world, chat, one) for one in (chat.owner, *chat.admins, BOT_ID) if chat.is_admin(one)]


async def get_chat_member_count(world: World, params: Params) -> int:
    """Return how many are in a chat, the bot included."""
    return len(met_chat(world, params).members) + 1


async def leave_chat(world: World, params: Params) -> bool:
    """Take the bot out of a group or a channel."""
    chat = known_chat(world, params)
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    must_meet(chat)
    leave(world, chat)
    return True


async def set_chat_menu_button(world: World, params: Params) -> bool:
    """Change the button beside the input field, in one private chat or in all."""
    button = menu_button(params.mapping("menu_button") or {"type": "default"})
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
    chat = seen_chat(world, params)
    if chat.type != "private":
        raise bad_request("chat_id must be of a private chat")
    return chat


METHODS: dict[str, Method] = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getUserProfilePhotos": get_user_profile_photos,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
}
