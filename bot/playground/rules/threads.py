"""Topics of forums: where a message belongs, and what it carries because of that."""

from bot.playground.api_error import bad_request
from bot.playground.chat import GENERAL, Chat, Topic
from bot.playground.json_text import JSON


def placed(chat: Chat, thread_id: int, replied: JSON, *, closed_too: bool = True) -> JSON:
    """Return the fields that put a message into a topic; `replied` is its reply, {} if it answers nothing.

    A message without a thread goes where the one it replies to is. As in Telegram, one that replies to nothing carries
    the message that created its topic as the one it replies to. ApiError if there is no such topic, or it is closed.
    """
    original = replied.get("reply_to_message", {})
    if not chat.is_forum:
        return replied | _in_discussion(chat, thread_id, original)
    thread_id = thread_id or topic_of(original)
    if thread_id == GENERAL:
        return replied | _in_general(original)
    topic = chat.topics.get(thread_id)
    if topic is None:
        raise bad_request("message thread not found")
    if topic.closed and not closed_too:
        raise bad_request("TOPIC_CLOSED")
    started = {} if replied else _beginning(chat, topic)
    return replied | started | {"message_thread_id": topic.id, "is_topic_message": True}


def topic_of(message: JSON) -> int:
    """Return the topic that a message is in; the General one does not show."""
    return int(message["message_thread_id"]) if message.get("is_topic_message") else GENERAL


def _in_general(original: JSON) -> JSON:
    """A reply in General names the first message of its chain as if that were a thread, which it is not."""
    root = original.get("message_thread_id") or original.get("message_id")
    return {"message_thread_id": root} if root else {}


def _beginning(chat: Chat, topic: Topic) -> JSON:
    first = chat.messages.get(topic.id)
    return {"reply_to_message": first} if first else {}


def _in_discussion(chat: Chat, thread_id: int, original: JSON) -> JSON:
    """In a supergroup without topics every chain of replies is a thread, named by its first message."""
    if thread_id and (chat.type != "supergroup" or thread_id not in chat.messages):
        raise bad_request("message thread not found")
    root = thread_id or original.get("message_thread_id") or original.get("message_id")
    return {"message_thread_id": root} if root and chat.type == "supergroup" else {}


def thread_of(message: JSON) -> JSON:
    """Return the topic's field of an event, {} outside topics."""
    return {"message_thread_id": message["message_thread_id"]} if message.get("is_topic_message") else {}
