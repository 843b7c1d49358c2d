"""The bot's own reactions to messages."""

from bot.playground.api_error import bad_request
from bot.playground.chat import BOT_ID
from bot.playground.methods.given import known_chat
from bot.playground.methods.method import Method
from bot.playground.params import Params
from bot.playground.rules.reactions import EMOJI, plain, react
from bot.playground.rules.rights import must_be_in
from bot.playground.world import World

MAX_REACTIONS = 1
_TYPES = ("emoji", "custom_emoji", "paid")


async def set_message_reaction(world: World, params: Params) -> bool:
    """Replace the bot's reaction to a message; an empty list removes it."""
    given = params.parsed("reaction")
    given = [] if given is None else given
    if not isinstance(given, list):
        raise bad_request("can't parse reaction types JSON object: expected an Array")
    chosen = [_emoji(one) for one in given[: MAX_REACTIONS + 1]]
    chat = known_chat(world, params)
    must_be_in(chat)
    message_id = params.integer("message_id")
    if message_id not in chat.messages:
        raise bad_request("message to react not found")
    if len(chosen) > MAX_REACTIONS:
        raise bad_request("REACTIONS_TOO_MANY")
    react(world, chat, message_id, BOT_ID, chosen)
    return True


def _emoji(given: object) -> str:
    if not isinstance(given, dict) or given.get("type") not in _TYPES:
        raise bad_request("can't parse reaction types JSON object: unsupported type specified")
    emoji = plain(str(given.get("emoji", "")))
    if given["type"] != "emoji" or emoji not in EMOJI:
        raise bad_request("REACTION_INVALID")
    return emoji


METHODS: dict[str, Method] = {"setMessageReaction": set_message_reaction}
