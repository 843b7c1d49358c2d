"""Who is in a chat: joining, leaving, adding, removing, promoting; and what the bot is told of it."""

import time

from bot.playground.chat import BOT_ID, PRESENT, Chat, Person
from bot.playground.json_text import JSON
from bot.playground.rules.hearing import tell
from bot.playground.world import World

ADMIN_RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_promote_members",
    "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
)  # fmt: skip
_OWN_RIGHTS = {
    "group": ("can_pin_messages",),
    "supergroup": ("can_pin_messages", "can_manage_topics"),
    "channel": ("can_post_messages", "can_edit_messages"),
}


def member_object(world: World, chat: Chat, user_id: int) -> JSON:
    """Return how a user stands in a chat: a Bot API ChatMember; KeyError if nobody has this id."""
    user = world.me if user_id == BOT_ID else world.people[user_id].user()
    status = chat.status(user_id)
    about: JSON = {"status": status, "user": user}
    if status == "creator":
        return about | {"is_anonymous": False}
    if status == "kicked":
        return about | {"until_date": 0}
    if status != "administrator":
        return about
    rights = (*ADMIN_RIGHTS, *_OWN_RIGHTS[chat.type])
    return about | {"can_be_edited": False, "is_anonymous": False} | dict.fromkeys(rights, True)


def refusal(chat: Chat, actor: Person, user_id: int, status: str) -> str:
    """Return why `actor` may not give a user this status, "" if they may."""
    now = chat.status(user_id)
    if chat.type == "private":
        blocks = actor.id == chat.id and user_id == BOT_ID and status in {"member", "kicked"}
        return "" if blocks else "a private chat has no other members"
    if chat.migrated_to:
        return "this group became a supergroup"
    if user_id == chat.owner:
        return "the owner's status cannot be changed"
    if user_id == actor.id and status in {"member", "left"}:
        return "this person is banned here" if now == "kicked" and status == "member" else ""
    if chat.is_admin(actor.id):
        return ""
    adds_bot = user_id == BOT_ID and now == "left" and status == "member" and chat.type != "channel"
    return "" if adds_bot and chat.status(actor.id) == "member" else "only administrators may do this"


def change(world: World, chat: Chat, actor: JSON, user_id: int, status: str) -> None:
    """Give a user the status that the user `actor` wants, tell people by a service message, and tell the bot."""
    if chat.status(user_id) == status:
        return
    before = member_object(world, chat, user_id)
    _set(chat, user_id, status)
    after = member_object(world, chat, user_id)
    if user_id == BOT_ID or chat.bot == "administrator":
        update = {"chat": world.chat_object(chat), "from": actor, "date": int(time.time())}
        kind = "my_chat_member" if user_id == BOT_ID else "chat_member"
        world.tell_bot(kind, update | {"old_chat_member": before, "new_chat_member": after})
    if chat.type in {"group", "supergroup"}:
        _announce(world, chat, actor, before, after)
    world.publish_chat(chat)


def _set(chat: Chat, user_id: int, status: str) -> None:
    if user_id == BOT_ID:
        chat.bot = status
        return
    for kept in (chat.members, chat.admins, chat.banned):
        if user_id in kept:
            kept.remove(user_id)
    if status in PRESENT:
        chat.members.append(user_id)
    if status == "administrator":
        chat.admins.append(user_id)
    if status == "kicked":
        chat.banned.append(user_id)


def _announce(world: World, chat: Chat, actor: JSON, before: JSON, after: JSON) -> None:
    was_in, is_in = (member["status"] in PRESENT for member in (before, after))
    if was_in == is_in:
        return
    content = {"new_chat_members": [after["user"]]} if is_in else {"left_chat_member": after["user"]}
    message = world.post(chat, actor, content)
    if after["user"]["id"] == world.bot_id and not is_in:
        world.tell_bot("message", message)  # the last thing that it hears from there
    else:
        tell(world, chat, message)


def leave(world: World, chat: Chat) -> None:
    """Take the bot out of a chat at its own wish."""
    before = member_object(world, chat, BOT_ID)
    chat.bot = "left"
    after = member_object(world, chat, BOT_ID)
    update = {"chat": world.chat_object(chat), "from": world.me, "date": int(time.time())}
    world.tell_bot("my_chat_member", update | {"old_chat_member": before, "new_chat_member": after})
    if chat.type != "channel":
        world.post(chat, world.me, {"left_chat_member": world.me})
    world.publish_chat(chat)
