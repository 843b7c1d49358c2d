"""The Bot API's methods, a module for each kind."""

from bot.playground.methods import chats, commands, media, messages, reactions, topics, updates
from bot.playground.methods.method import Method

METHODS: dict[str, Method] = {
    **updates.METHODS,
    **messages.METHODS,
    **media.METHODS,
    **chats.METHODS,
    **commands.METHODS,
    **topics.METHODS,
    **reactions.METHODS,
}
