"""Which messages reach the bot, and as which kind of update."""

from bot.playground.chat import BOT_ID, Chat
from bot.playground.json_text import JSON
from bot.playground.text.entities import part
from bot.playground.world import BOT, World

SERVICE = frozenset({
    "new_chat_members", "left_chat_member", "pinned_message", "forum_topic_created", "forum_topic_edited",
    "forum_topic_closed", "forum_topic_reopened", "general_forum_topic_hidden", "general_forum_topic_unhidden",
    "migrate_to_chat_id", "migrate_from_chat_id", "new_chat_title",
})  # fmt: skip
"""Fields of messages that nobody wrote; bots see these even with privacy mode."""


def tell(world: World, chat: Chat, message: JSON, *, edited: bool = False) -> None:
    """Send the bot the update about a message that somebody else wrote or changed, if it gets to see it."""
    if hears(world, chat, message):
        kind = "channel_post" if chat.type == "channel" else "message"
        world.tell_bot(f"edited_{kind}" if edited else kind, message)


def hears(world: World, chat: Chat, message: JSON) -> bool:
    """Tell whether the bot gets to see a message."""
    if chat.bot not in {"member", "administrator"}:
        return False
    if chat.type == "channel":
        return chat.bot == "administrator"
    if chat.type == "private" or chat.bot == "administrator" or not world.privacy_mode:
        return True
    return not SERVICE.isdisjoint(message) or _is_for_bot(chat, message)


def _is_for_bot(chat: Chat, message: JSON) -> bool:
    """Tell whether privacy mode lets a group message through: a command, a mention, a reply, sent by way of the bot."""
    replied = message.get("reply_to_message")
    if replied and "forum_topic_created" not in replied and chat.author(replied["message_id"]) == BOT_ID:
        return True
    text = message.get("text") or message.get("caption") or ""
    name = f"@{BOT['username']}".lower()
    for entity in message.get("entities") or message.get("caption_entities") or []:
        said = part(text, entity).lower()
        if entity["type"] == "mention" and said == name:
            return True
        if entity["type"] == "bot_command" and ("@" not in said or said.endswith(name)):
            return True
    return bool(message.get("via_bot"))
