"""What the bot may do in a chat, and Telegram's words where it may not.

Each kind of access is refused as the Bot API server refuses it: reading what a chat is, changing what is there, asking
who is in it, and writing.
"""

from bot.playground.api_error import ApiError, bad_request, forbidden
from bot.playground.chat import PRESENT, Chat


def may_read(chat: Chat) -> None:
    """Refuse unless the bot may know the chat: supergroups and channels that it is not in only if they are public."""
    if chat.type not in {"supergroup", "channel"}:
        return
    if chat.bot == "kicked" or not chat.username:
        must_be_in(chat)


def must_be_in(chat: Chat) -> None:
    """Refuse unless the bot is in the chat, be it a group that became a supergroup, or a person's who blocked it."""
    if chat.type == "private" or chat.bot in PRESENT:
        return
    if chat.bot == "kicked":
        raise forbidden(f"bot was kicked from the {chat.type} chat")
    raise forbidden(f"bot is not a member of the {chat.type} chat")


def must_meet(chat: Chat) -> None:
    """Refuse unless the bot is in a chat that still exists; a group that became a supergroup says where it went."""
    if chat.migrated_to:
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": chat.migrated_to},
        )
    must_be_in(chat)


def must_write(chat: Chat) -> None:
    """Refuse unless the bot may post in the chat; in channels only administrators may."""
    must_meet(chat)
    if chat.type == "private" and chat.bot == "kicked":
        raise forbidden("bot was blocked by the user")
    if chat.type == "channel" and chat.bot != "administrator":
        raise bad_request("need administrator rights in the channel chat")


def must_administer(chat: Chat, refusal: str) -> None:
    """Refuse with `refusal` unless the bot is an administrator of the chat; in a private chat it need not be."""
    must_meet(chat)
    if chat.type != "private" and chat.bot != "administrator":
        raise bad_request(refusal)
