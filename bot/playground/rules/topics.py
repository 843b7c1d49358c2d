"""What happens to a forum's topics; each change shows as a service message, as in Telegram."""

from bot.playground.chat import GENERAL, Chat, Topic
from bot.playground.json_text import JSON
from bot.playground.rules.hearing import tell
from bot.playground.world import World

MAX_NAME = 128
MAX_TOPICS = 200
"""Fewer than Telegram allows: each change of one tells people of all."""


def create(world: World, chat: Chat, creator: JSON, name: str, color: int, icon: str = "") -> Topic:
    """Create a topic in the name of the user `creator`."""
    about = {"name": name, "icon_color": color} | ({"icon_custom_emoji_id": icon} if icon else {})
    topic = Topic(world.next_message_id, name, color, icon)
    chat.topics[topic.id] = topic
    _say(world, chat, topic, creator, {"forum_topic_created": about})
    return topic


def rename(world: World, chat: Chat, topic: Topic, user: JSON, name: str, icon: str) -> bool:
    """Give a topic another name and icon; return False if it has these already."""
    changed: JSON = {}
    if name != topic.name:
        changed["name"] = name
    if icon != topic.icon_custom_emoji_id:
        changed["icon_custom_emoji_id"] = icon
    topic.name, topic.icon_custom_emoji_id = name, icon
    if changed:
        _say(world, chat, topic, user, {"forum_topic_edited": changed})
    return bool(changed)


def set_closed(world: World, chat: Chat, topic: Topic, user: JSON, *, closed: bool) -> bool:
    """Close or reopen a topic; return False if it was so already."""
    if topic.closed == closed:
        return False
    topic.closed = closed
    _say(world, chat, topic, user, {"forum_topic_closed" if closed else "forum_topic_reopened": {}})
    return True


def set_hidden(world: World, chat: Chat, topic: Topic, user: JSON, *, hidden: bool) -> bool:
    """Hide or show the General topic; return False if it was so already."""
    if topic.hidden == hidden:
        return False
    topic.hidden = hidden
    _say(world, chat, topic, user, {"general_forum_topic_hidden" if hidden else "general_forum_topic_unhidden": {}})
    return True


def _say(world: World, chat: Chat, topic: Topic, user: JSON, content: JSON) -> None:
    where = {} if topic.id == GENERAL else {"message_thread_id": topic.id, "is_topic_message": True}
    # Of its own doings a bot hears as well where they show as service messages.
    tell(world, chat, world.post(chat, user, content | where))
    world.publish_chat(chat)
