"""Methods for many messages: reading their ids, and deleting them."""

from bot.playground.api_error import bad_request
from bot.playground.chat import Chat
from bot.playground.json_text import JSON
from bot.playground.methods.given import known_chat
from bot.playground.methods.messages import deletable
from bot.playground.methods.method import Method
from bot.playground.params import Params
from bot.playground.rules.rights import must_be_in
from bot.playground.world import World

MAX_IDS = 100


def message_ids(params: Params) -> list[int]:
    """Return the 1 to 100 ids in `message_ids`."""
    given = params.parsed("message_ids")
    if given is None or given == []:
        raise bad_request("message identifiers are not specified")
    if not isinstance(given, list):
        raise bad_request("expected an Array of message identifiers")
    if len(given) > MAX_IDS:
        raise bad_request("too many message identifiers specified")
    return [_id(one) for one in given]


def _id(given: object) -> int:
    # Telegram reads numbers in strings as well.
    text = str(given) if isinstance(given, int | str) and not isinstance(given, bool) else ""
    if not (text.isascii() and text.isdigit() and len(text) < 19 and int(text)):
        raise bad_request("invalid message identifier specified")
    return int(text)


def found(chat: Chat, ids: list[int]) -> list[JSON]:
    """Return the messages with these ids; those that are not there are skipped."""
    return [chat.messages[one] for one in ids if one in chat.messages]


async def delete_messages(world: World, params: Params) -> bool:
    """Delete messages, or none of them if one may not be deleted."""
    ids = message_ids(params)
    chat = known_chat(world, params)
    must_be_in(chat)
    messages = found(chat, list(dict.fromkeys(ids)))
    if not all(deletable(chat, message) for message in messages):
        raise bad_request("message can't be deleted")
    for message in messages:
        world.delete(chat, message["message_id"])
    return True


METHODS: dict[str, Method] = {"deleteMessages": delete_messages}
