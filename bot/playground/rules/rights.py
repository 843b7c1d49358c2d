"""What the bot may do in a chat, and Telegram's words where it may not."""

from bot.playground.api_error import ApiError, bad_request, forbidden
from bot.playground.chat import Chat


def must_be_in(chat: Chat) -> None:
    """Refuse unless the bot is in the chat; a group that became a supergroup says where it went."""
    if chat.migrated_to:
        raise ApiError(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": chat.migrated_to},
        )
    if chat.type == "private" and chat.bot == "kicked":
        raise forbidden("bot was blocked by the user")
    if chat.bot == "kicked":
        raise forbidden(f"bot was kicked from the {chat.type} chat")
    if chat.bot == "left":
        raise forbidden(f"bot is not a member of the {chat.type} chat")


def must_write(chat: Chat) -> None:
    """Refuse unless the bot may post in the chat; in channels only administrators may."""
    must_be_in(chat)
    if chat.type == "channel" and chat.bot != "administrator":
        raise bad_request("need administrator rights in the channel chat")


def must_administer(chat: Chat, refusal: str) -> None:
    """Refuse with `refusal` unless the bot is an administrator of the chat; in a private chat it need not be."""
    must_be_in(chat)
    if chat.type != "private" and chat.bot != "administrator":
        raise bad_request(refusal)
