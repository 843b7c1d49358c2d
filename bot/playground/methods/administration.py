"""What a bot that runs a chat does with it: its title, its description, and who is in it."""

import hashlib

from bot.playground.api_error import bad_request
from bot.playground.chat import PRESENT, Chat
from bot.playground.methods.given import known_chat
from bot.playground.methods.method import Method
from bot.playground.params import Params
from bot.playground.rules.hearing import tell
from bot.playground.rules.membership import change
from bot.playground.rules.rights import must_administer
from bot.playground.world import World

MAX_TITLE = 128
MAX_DESCRIPTION = 255
_RESTRICT = "not enough rights to restrict/unrestrict chat member"


async def set_chat_title(world: World, params: Params) -> bool:
    """Change the title of a group or a channel; the service message about it reaches the bot too, as in Telegram."""
    chat = _shared(world, params, "can't change private chat title", "not enough rights to change chat title")
    title = " ".join(params.text("title").split())[:MAX_TITLE]
    if not title:
        raise bad_request("title must be non-empty")
    if title == chat.title:
        raise bad_request("chat title is not modified")
    chat.title = title
    tell(world, chat, world.post(chat, world.me, {"new_chat_title": title}))
    world.publish_chat(chat)
    return True


async def set_chat_description(world: World, params: Params) -> bool:
    """Change what a group or a channel says of itself; an empty text removes it."""
    refusal = "not enough rights to set chat description"
    chat = _shared(world, params, "can't change private chat description", refusal)
    text = params.text("description").strip()[:MAX_DESCRIPTION]
    if text == chat.description:
        raise bad_request("chat description is not modified")
    chat.description = text
    world.publish_chat(chat)
    return True


async def ban_chat_member(world: World, params: Params) -> bool:
    """Remove a person for good."""
    chat, user_id = _member(world, params)
    status = chat.status(user_id)
    if status == "creator":
        raise bad_request("can't remove chat owner")
    if status == "administrator":
        raise bad_request("user is an administrator of the chat")
    change(world, chat, world.me, user_id, "kicked")
    return True


async def unban_chat_member(world: World, params: Params) -> bool:
    """Let a person who was removed come back; unless `only_if_banned`, one who is in the chat is removed from it."""
    chat, user_id = _member(world, params)
    _not_in_groups(chat)
    status = chat.status(user_id)
    if status == "kicked" or (status in PRESENT and not params.flag("only_if_banned")):
        if status in {"creator", "administrator"}:
            raise bad_request("user is an administrator of the chat")
        change(world, chat, world.me, user_id, "left")
    return True


async def promote_chat_member(world: World, params: Params) -> bool:
    """Make a member an administrator, or, if no right is given, a member again; rights are not told apart."""
    chat, user_id = _member(world, params, "not enough rights")
    _not_in_groups(chat)
    status = chat.status(user_id)
    if status == "creator":
        raise bad_request("can't remove chat owner")
    if status not in PRESENT:
        raise bad_request("USER_NOT_PARTICIPANT")
    change(world, chat, world.me, user_id, "administrator" if _any_right(params) else "member")
    return True


def _any_right(params: Params) -> bool:
    names = (
        "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
        "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
        "can_delete_stories", "can_post_messages", "can_edit_messages", "can_pin_messages", "can_manage_topics",
    )  # fmt: skip
    return any(params.flag(name) for name in names)


async def export_chat_invite_link(world: World, params: Params) -> str:
    """Return the chat's link; it always stays the same, and nobody can follow it."""
    refusal = "not enough rights to manage chat invite link"
    chat = _shared(world, params, "can't get invite link for a private chat", refusal)
    return "https://t.me/+" + hashlib.sha256(str(chat.id).encode()).hexdigest()[:16]


def _shared(world: World, params: Params, in_private: str, without_rights: str) -> Chat:
    chat = known_chat(world, params)
    if chat.type == "private":
        raise bad_request(in_private)
    must_administer(chat, without_rights)
    return chat


def _member(world: World, params: Params, refusal: str = _RESTRICT) -> tuple[Chat, int]:
    user_id = params.integer("user_id")
    if user_id <= 0:
        raise bad_request("invalid user_id specified")
    chat = _shared(world, params, "can't change member status in private chats", refusal)
    if user_id == world.bot_id:
        raise bad_request("can't restrict self")
    if user_id not in world.people:
        raise bad_request("user not found")
    return chat, user_id


def _not_in_groups(chat: Chat) -> None:
    if chat.type == "group":
        raise bad_request("method is available for supergroup and channel chats only")


METHODS: dict[str, Method] = {
    "setChatTitle": set_chat_title,
    "setChatDescription": set_chat_description,
    "banChatMember": ban_chat_member,
    "unbanChatMember": unban_chat_member,
    "promoteChatMember": promote_chat_member,
    "exportChatInviteLink": export_chat_invite_link,
}
