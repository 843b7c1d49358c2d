"""A poll, as data: what is asked, who chose what, and how the Bot API shows it.

Rules: https://core.telegram.org/bots/api#poll
"""

from dataclasses import dataclass, field

from bot.playground.chat import BOT_ID, Chat
from bot.playground.json_text import JSON

KEPT_PLACES = 100
"""Messages that show one poll and are kept up to date; of more the oldest, but for the first, stay as they are."""
NAMED_IN_CHANNEL = "non-anonymous polls can't be sent to channel chats"
_IN_MESSAGES_ONLY = frozenset({"description", "description_entities"})
_SOLUTION = frozenset({"correct_option_ids", "explanation", "explanation_entities"})


@dataclass(slots=True)
class Poll:
    """A poll. `about` is a Bot API Poll without counts, never changed in place.

    `votes` has the chosen options by voter: a person's id, or that of the group as which an administrator voted.
    `places` are the messages that show the poll, as (chat id, message id). `hints` are for who looks at it alone:
    `shuffle_options`, `hide_results_until_closes` and `allow_adding_options`.
    """

    id: str
    author: int
    about: JSON
    hints: JSON = field(default_factory=dict)
    closed: bool = False
    votes: dict[int, list[int]] = field(default_factory=dict)
    places: list[tuple[int, int]] = field(default_factory=list)

    def show(self, chat_id: int, message_id: int) -> None:
        """Note that a message shows this poll."""
        self.places.append((chat_id, message_id))
        if len(self.places) > KEPT_PLACES:
            del self.places[1]


def whole(poll: Poll) -> JSON:
    """Return the poll as a Bot API Poll with its counts and its solution."""
    counts = [0] * len(poll.about["options"])
    for chosen in poll.votes.values():
        for option in chosen:
            counts[option] += 1
    options = [option | {"voter_count": count} for option, count in zip(poll.about["options"], counts, strict=True)]
    now = {"options": options, "total_voter_count": len(poll.votes), "is_closed": poll.closed}
    return {"id": poll.id} | poll.about | now


def in_message(poll: Poll, chat: Chat, *, forwarded: bool) -> JSON:
    """Return the poll as the bot sees it in a message: an open quiz tells its solution to its author's chat only."""
    shown = whole(poll)
    known = (poll.author == BOT_ID and not forwarded) or chat.type == "private"
    return shown if poll.closed or known else {name: shown[name] for name in shown if name not in _SOLUTION}


def alone(poll: Poll) -> JSON:
    """Return the poll as it stands in an update, outside of any message."""
    shown = whole(poll)
    return {name: shown[name] for name in shown if name not in _IN_MESSAGES_ONLY}


def saved_poll(poll: Poll) -> JSON:
    """Return the poll for the state file."""
    copied = {"votes": list(poll.votes.items()), "places": list(poll.places)}
    return {
        "id": poll.id,
        "author": poll.author,
        "about": poll.about,
        "hints": poll.hints,
        "closed": poll.closed,
    } | copied


def restored_poll(item: JSON) -> Poll:
    """Return the poll that `saved_poll` returned, read from JSON."""
    votes = dict(item["votes"])
    places = [(chat_id, message_id) for chat_id, message_id in item["places"]]
    return Poll(item["id"], item["author"], item["about"], item["hints"], item["closed"], votes, places)
