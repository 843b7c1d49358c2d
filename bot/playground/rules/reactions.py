"""Reactions below messages, of people and of the bot."""

import time
from collections import Counter

from bot.playground.chat import BOT_ID, Chat
from bot.playground.json_text import JSON
from bot.playground.world import World

_EMOJI = """
    ❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳
    ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃
    🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷
    🤷‍♀ 😡
"""
EMOJI = frozenset(_EMOJI.split())
"""The emoji that Telegram takes as reactions: https://core.telegram.org/bots/api#reactiontypeemoji"""


def plain(emoji: str) -> str:
    """Return the emoji as Telegram writes it, without the sign that asks for a coloured picture."""
    return emoji.replace("\N{VARIATION SELECTOR-16}", "")


def react(world: World, chat: Chat, message_id: int, user_id: int, chosen: list[str]) -> None:
    """Set the reactions of a user to a message, show them, and tell the bot if they are a person's."""
    of_message = chat.reactions.setdefault(message_id, {})
    before = of_message.get(user_id, [])
    if before == chosen:
        return
    of_message[user_id] = chosen
    if not chosen:
        del of_message[user_id]
    world.publish(chat, "reaction", message_id=message_id, reactions=shown(chat, message_id))
    if user_id != BOT_ID:
        _tell(world, chat, message_id, user_id, (before, chosen))


def shown(chat: Chat, message_id: int) -> list[JSON]:
    """Return the reactions to a message as people see them, the most frequent first."""
    of_message = chat.reactions.get(message_id, {})
    counts = Counter(emoji for chosen in of_message.values() for emoji in chosen)
    return [
        {"emoji": emoji, "count": count, "from": [user for user, chosen in of_message.items() if emoji in chosen]}
        for emoji, count in counts.most_common()
    ]


def _tell(world: World, chat: Chat, message_id: int, user_id: int, change: tuple[list[str], list[str]]) -> None:
    # Outside private chats only administrators hear of reactions; in channels nobody hears whose they are.
    if chat.bot != ("member" if chat.type == "private" else "administrator"):
        return
    update: JSON = {"chat": world.chat_object(chat), "message_id": message_id, "date": int(time.time())}
    if chat.type == "channel":
        counts = [{"type": _type(r["emoji"]), "total_count": r["count"]} for r in shown(chat, message_id)]
        world.tell_bot("message_reaction_count", update | {"reactions": counts})
        return
    old, new = ([_type(emoji) for emoji in chosen] for chosen in change)
    update |= {"user": world.people[user_id].user(), "old_reaction": old, "new_reaction": new}
    world.tell_bot("message_reaction", update)


def _type(emoji: str) -> JSON:
    return {"type": "emoji", "emoji": emoji}
