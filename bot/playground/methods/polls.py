"""The bot's polls: sending and stopping them."""

from bot.playground.api_error import bad_request
from bot.playground.chat import BOT_ID
from bot.playground.json_text import JSON
from bot.playground.methods.given import known_chat, place, writable_chat
from bot.playground.methods.method import Method
from bot.playground.params import Params
from bot.playground.rules.markup import buttons
from bot.playground.rules.poll import NAMED_IN_CHANNEL, whole
from bot.playground.rules.poll_params import asked
from bot.playground.rules.polls import close, create, of_message, send
from bot.playground.rules.rights import must_be_in
from bot.playground.world import World


async def send_poll(world: World, params: Params) -> JSON:
    """Post a poll and return the message."""
    poll = asked(params)
    chat = writable_chat(world, params)
    if chat.type == "channel" and not poll.about["is_anonymous"]:
        raise bad_request(NAMED_IN_CHANNEL)
    around = place(world, params, chat) | buttons(params, chat)
    return send(world, chat, world.me, create(world, BOT_ID, poll.about, closed=poll.closed, hints=poll.hints), around)


async def stop_poll(world: World, params: Params) -> JSON:
    """End a poll of the bot's and return it with its counts; its buttons become those given now."""
    chat = known_chat(world, params)
    must_be_in(chat)
    message_id = params.integer("message_id")
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request("message with poll to stop not found")
    if "poll" not in message:
        raise bad_request("message is not a poll")
    poll = of_message(world, message)
    if poll is None or poll.author != BOT_ID or chat.author(message_id) != BOT_ID or "forward_origin" in message:
        raise bad_request("poll can't be stopped")
    if poll.closed:
        raise bad_request("poll has already been closed")
    markup = buttons(params)
    close(world, poll)
    if message.get("reply_markup") != markup.get("reply_markup"):
        kept = {name: value for name, value in chat.messages[message_id].items() if name != "reply_markup"}
        world.replace(chat, kept | markup)
    return whole(poll)


METHODS: dict[str, Method] = {"sendPoll": send_poll, "stopPoll": stop_poll}
