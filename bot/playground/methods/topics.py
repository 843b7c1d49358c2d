"""Topics of forums: creating, renaming, closing, deleting; the General topic is one that always exists."""

from typing import Any

from bot.playground.api_error import bad_request
from bot.playground.chat import GENERAL, TOPIC_COLORS, Chat, Topic
from bot.playground.json_text import JSON
from bot.playground.methods.given import known_chat
from bot.playground.methods.method import Method
from bot.playground.params import Params
from bot.playground.rules.rights import must_administer
from bot.playground.rules.threads import topic_of
from bot.playground.rules.topics import MAX_NAME, MAX_TOPICS, create, rename, set_closed, set_hidden
from bot.playground.world import World

MAX_ICON = 64


def _forum(world: World, params: Params) -> Chat:
    chat = known_chat(world, params)
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    must_administer(chat, "not enough rights to manage topics in the chat")
    return chat


def _topic(world: World, params: Params) -> tuple[Chat, Topic]:
    chat = _forum(world, params)
    thread_id = params.integer("message_thread_id")
    if not thread_id:
        raise bad_request("message thread identifier is not specified")
    if thread_id not in chat.topics:
        raise bad_request("TOPIC_ID_INVALID")
    return chat, chat.topics[thread_id]


def _name(params: Params) -> str:
    name = " ".join(params.text("name").split())[:MAX_NAME]
    if not name:
        raise bad_request("title must be non-empty")
    return name


def _icon(params: Params) -> str:
    icon = params.text("icon_custom_emoji_id")
    if len(icon) > MAX_ICON:
        raise bad_request("DOCUMENT_INVALID")
    return icon


def _modified(changed: bool) -> bool:  # noqa: FBT001 - the one thing that is known
    if not changed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    return True


async def create_forum_topic(world: World, params: Params) -> JSON:
    """Create a topic and return it as a ForumTopic."""
    name = _name(params)
    chat = _forum(world, params)
    if len(chat.topics) >= MAX_TOPICS:
        raise bad_request("too many topics")
    color = params.integer("icon_color", TOPIC_COLORS[0])
    if color not in TOPIC_COLORS:
        raise bad_request("invalid icon color specified")
    topic = create(world, chat, world.me, name, color, _icon(params))
    about = {"message_thread_id": topic.id, "name": topic.name, "icon_color": topic.icon_color}
    return about | ({"icon_custom_emoji_id": topic.icon_custom_emoji_id} if topic.icon_custom_emoji_id else {})


async def edit_forum_topic(world: World, params: Params) -> bool:
    """Change a topic's name, its icon, or both."""
    chat, topic = _topic(world, params)
    name = _name(params) if params.text("name") else topic.name
    icon = _icon(params) if params.has("icon_custom_emoji_id") else topic.icon_custom_emoji_id
    return _modified(rename(world, chat, topic, world.me, name, icon))


async def close_forum_topic(world: World, params: Params) -> bool:
    """Close a topic: only administrators may write in it."""
    chat, topic = _topic(world, params)
    return _modified(set_closed(world, chat, topic, world.me, closed=True))


async def reopen_forum_topic(world: World, params: Params) -> bool:
    """Let all write in a topic again."""
    chat, topic = _topic(world, params)
    return _modified(set_closed(world, chat, topic, world.me, closed=False))


async def delete_forum_topic(world: World, params: Params) -> bool:
    """Delete a topic with all of its messages."""
    chat, topic = _topic(world, params)
    if topic.id == GENERAL:
        raise bad_request("TOPIC_ID_INVALID")
    inside = [number for number, message in chat.messages.items() if topic_of(message) == topic.id]
    del chat.topics[topic.id]
    for number in sorted({topic.id, *inside} & chat.messages.keys()):
        world.delete(chat, number)
    world.publish_chat(chat)
    return True


async def edit_general_forum_topic(world: World, params: Params) -> bool:
    """Change the name of the General topic."""
    chat = _forum(world, params)
    return _modified(rename(world, chat, chat.topics[GENERAL], world.me, _name(params), ""))


async def close_general_forum_topic(world: World, params: Params) -> bool:
    """Close the General topic."""
    chat = _forum(world, params)
    return _modified(set_closed(world, chat, chat.topics[GENERAL], world.me, closed=True))


async def reopen_general_forum_topic(world: World, params: Params) -> bool:
    """Open the General topic, also if it was hidden."""
    chat = _forum(world, params)
    topic = chat.topics[GENERAL]
    shown = topic.hidden and set_hidden(world, chat, topic, world.me, hidden=False)
    return _modified(set_closed(world, chat, topic, world.me, closed=False) or shown)


async def hide_general_forum_topic(world: World, params: Params) -> bool:
    """Hide the General topic, which closes it."""
    chat = _forum(world, params)
    topic = chat.topics[GENERAL]
    set_closed(world, chat, topic, world.me, closed=True)
    return _modified(set_hidden(world, chat, topic, world.me, hidden=True))


async def unhide_general_forum_topic(world: World, params: Params) -> bool:
    """Show the General topic again."""
    chat = _forum(world, params)
    return _modified(set_hidden(world, chat, chat.topics[GENERAL], world.me, hidden=False))


async def unpin_all_forum_topic_messages(world: World, params: Params) -> bool:
    """Unpin all that is pinned in a topic."""
    chat, topic = _topic(world, params)
    return _unpin(world, chat, topic.id)


async def unpin_all_general_forum_topic_messages(world: World, params: Params) -> bool:
    """Unpin all that is pinned in the General topic."""
    return _unpin(world, _forum(world, params), GENERAL)


def _unpin(world: World, chat: Chat, thread_id: int) -> bool:
    def inside(number: int) -> bool:
        return topic_of(chat.messages[number]) == thread_id

    chat.pinned = [number for number in chat.pinned if not inside(number)]
    world.publish_chat(chat)
    return True


async def get_forum_topic_icon_stickers(_: World, __: Params) -> list[Any]:
    """Return the stickers that may be icons: there are none here."""
    return []


METHODS: dict[str, Method] = {
    "createForumTopic": create_forum_topic,
    "editForumTopic": edit_forum_topic,
    "closeForumTopic": close_forum_topic,
    "reopenForumTopic": reopen_forum_topic,
    "deleteForumTopic": delete_forum_topic,
    "unpinAllForumTopicMessages": unpin_all_forum_topic_messages,
    "editGeneralForumTopic": edit_general_forum_topic,
    "closeGeneralForumTopic": close_general_forum_topic,
    "reopenGeneralForumTopic": reopen_general_forum_topic,
    "hideGeneralForumTopic": hide_general_forum_topic,
    "unhideGeneralForumTopic": unhide_general_forum_topic,
    "unpinAllGeneralForumTopicMessages": unpin_all_general_forum_topic_messages,
    "getForumTopicIconStickers": get_forum_topic_icon_stickers,
}
