"""Polls as they go on: who votes, who is told, and how they end.

A forwarded poll is the same poll: its votes count wherever it is shown.
"""

import secrets
import time

from bot.playground.chat import BOT_ID, Chat
from bot.playground.json_text import JSON
from bot.playground.rules.poll import Poll, alone, in_message, whole
from bot.playground.world import World

KEPT_POLLS = 2000
CHANNEL_BOT: JSON = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
"""The user that Telegram names where a chat has voted."""


def create(world: World, author: int, about: JSON, *, closed: bool = False, hints: JSON | None = None) -> Poll:
    """Keep a new poll of `author` and let it end in time; beyond 2000 the oldest is forgotten."""
    poll = Poll(str(secrets.randbits(62)), author, about, hints or {}, closed)
    world.polls[poll.id] = poll
    if len(world.polls) > KEPT_POLLS:
        del world.polls[next(iter(world.polls))]
    close_in_time(world)
    return poll


def send(world: World, chat: Chat, sender: JSON, poll: Poll, around: JSON) -> JSON:
    """Post a poll with what belongs around it, and return the message."""
    message = world.post(chat, sender, around | {"poll": {"id": poll.id}})
    if poll.hints:
        refresh(world, poll)
    return message


def of_message(world: World, message: JSON) -> Poll | None:
    """Return the poll that a message shows, None if it shows none or one long forgotten."""
    return world.polls.get(message.get("poll", {}).get("id", ""))


def copy(world: World, author: int, content: JSON) -> JSON:
    """Return the content of a copied message: a poll in it becomes a new one of `author`, without votes."""
    poll = of_message(world, content)
    if poll is None:
        return content
    about = {name: value for name, value in poll.about.items() if name not in {"open_period", "close_date"}}
    return content | {"poll": {"id": create(world, author, about, hints=poll.hints).id}}


def fits(world: World, chat: Chat, content: JSON) -> bool:
    """Tell whether content may stand in a chat: polls that name their voters may not stand in channels."""
    poll = of_message(world, content)
    return chat.type != "channel" or poll is None or poll.about["is_anonymous"] is True


def refusal(poll: Poll, voter: int, chosen: list[int]) -> str:
    """Return why this vote ([]: its retraction) does not count, "" if it does."""
    if poll.closed:
        return "the poll is closed"
    if len(set(chosen)) < len(chosen) or not all(0 <= option < len(poll.about["options"]) for option in chosen):
        return "options must be different numbers of the poll's options"
    if len(chosen) > 1 and not poll.about["allows_multiple_answers"]:
        return "only one option may be chosen"
    if voter in poll.votes and not poll.about["allows_revoting"]:
        return "votes in this poll cannot be changed"
    return ""


def vote(world: World, poll: Poll, voter: int, chosen: list[int]) -> None:
    """Count a vote that was not refused, or ([]) take it back; nobody is told of one that changes nothing."""
    chosen = sorted(chosen)
    if poll.votes.get(voter, []) == chosen:
        return
    if chosen:
        poll.votes[voter] = chosen
    else:
        del poll.votes[voter]
    refresh(world, poll)
    if poll.author == BOT_ID:
        world.tell_bot("poll", alone(poll))
        if not poll.about["is_anonymous"]:
            world.tell_bot("poll_answer", _answer(world, poll, voter, chosen))


def _answer(world: World, poll: Poll, voter: int, chosen: list[int]) -> JSON:
    if voter in world.people:
        who: JSON = {"user": world.people[voter].user()}
    else:
        who = {"voter_chat": world.chat_object(world.chats[voter]), "user": CHANNEL_BOT}
    persistent = [poll.about["options"][option]["persistent_id"] for option in chosen]
    return {"poll_id": poll.id, **who, "option_ids": chosen, "option_persistent_ids": persistent}


def close(world: World, poll: Poll) -> None:
    """End the poll; the bot is told whoever ended it."""
    poll.closed = True
    refresh(world, poll)
    if poll.author == BOT_ID:
        world.tell_bot("poll", alone(poll))


def refresh(world: World, poll: Poll) -> None:
    """Bring every message that shows the poll up to date and tell those who look at it."""
    votes = {str(voter): chosen for voter, chosen in poll.votes.items()}
    for chat_id, message_id in poll.places:
        chat = world.chats[chat_id]
        if message := chat.messages.get(message_id):
            shown = in_message(poll, chat, forwarded="forward_origin" in message)
            chat.messages[message_id] = message | {"poll": shown}
            hints = {"hints": poll.hints} if poll.hints else {}
            world.publish(chat, "poll", message_id=message_id, poll=whole(poll), votes=votes, **hints)


def close_in_time(world: World) -> None:
    """End the polls whose time is over, and come back when the next one's is; needs the running event loop."""
    now = time.time()
    for poll in _timed(world):
        if poll.about["close_date"] <= now:
            close(world, poll)
    ends = [float(poll.about["close_date"]) for poll in _timed(world)]
    world.alarm.set(min(ends, default=None), lambda: close_in_time(world))


def _timed(world: World) -> list[Poll]:
    return [poll for poll in world.polls.values() if not poll.closed and "close_date" in poll.about]
