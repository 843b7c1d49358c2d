"""The Bot API's methods, a module for each kind."""

from bot.playground.methods import (
    administration,
    albums,
    captions,
    chats,
    commands,
    copies,
    inline,
    media,
    message_lists,
    messages,
    moving,
    pins,
    places,
    polls,
    profile,
    reactions,
    topics,
    updates,
)
from bot.playground.methods.method import Method

METHODS: dict[str, Method] = {
    **updates.METHODS,
    **messages.METHODS,
    **message_lists.METHODS,
    **copies.METHODS,
    **captions.METHODS,
    **pins.METHODS,
    **media.METHODS,
    **albums.METHODS,
    **places.METHODS,
    **inline.METHODS,
    **polls.METHODS,
    **chats.METHODS,
    **administration.METHODS,
    **moving.METHODS,
    **commands.METHODS,
    **profile.METHODS,
    **topics.METHODS,
    **reactions.METHODS,
}
