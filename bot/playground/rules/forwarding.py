"""Messages that go on to other chats: what of them goes, and where it says that it comes from."""

from bot.playground.json_text import JSON
from bot.playground.rules.hearing import SERVICE

_LEFT_BEHIND = frozenset({
    "message_id", "from", "sender_chat", "author_signature", "chat", "date", "edit_date", "reply_to_message",
    "external_reply", "quote", "message_thread_id", "is_topic_message", "media_group_id", "reply_markup",
    "has_protected_content", "forward_origin", "via_bot",
})  # fmt: skip


def may_go(message: JSON) -> bool:
    """Tell whether a message can be forwarded or copied: service messages and protected ones cannot."""
    return SERVICE.isdisjoint(message) and not message.get("has_protected_content")


def may_be_copied(message: JSON) -> bool:
    """Tell whether a message can be copied: of a quiz the bot must know the solution, since the copy is a new one."""
    poll = message.get("poll", {})
    return may_go(message) and (poll.get("type") != "quiz" or "correct_option_ids" in poll)


def copied(message: JSON) -> JSON:
    """Return the content of a copy: all of a message that is not about where and by whom it was written."""
    return {name: value for name, value in message.items() if name not in _LEFT_BEHIND}


def forwarded(message: JSON) -> JSON:
    """Return the content of a forwarded message: what a copy has, and where it comes from."""
    via = {"via_bot": message["via_bot"]} if "via_bot" in message else {}
    return copied(message) | via | {"forward_origin": message.get("forward_origin") or origin(message)}


def origin(message: JSON) -> JSON:
    """Return where a message comes from, as a Bot API MessageOrigin; nobody here hides who they are."""
    date = {"date": message["date"]}
    sender = message.get("sender_chat")
    if sender is None:
        return {"type": "user", **date, "sender_user": message["from"]}
    signature = {name: message[name] for name in ("author_signature",) if name in message}
    if sender["type"] == "channel":
        return {"type": "channel", **date, "chat": sender, "message_id": message["message_id"], **signature}
    return {"type": "chat", **date, "sender_chat": sender, **signature}
