"""What every request of the people's side shares: answers, refusals, and who and where is meant."""

import re
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.playground.chat import Chat, Person
from bot.playground.json_text import JSON, to_json
from bot.playground.world import World


def answer(value: Any, status: int = 200) -> Response:
    """Return JSON."""
    return Response(to_json(value), status, media_type="application/json")


def refuse(reason: str, status: int = 400) -> HTTPException:
    """Return the exception that becomes {"error": reason}."""
    return HTTPException(status, reason)


def number(value: object, name: str) -> int:
    """Return an id from a path, a query string or a body."""
    if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,18}", str(value), re.ASCII):
        raise refuse(f"{name} must be an integer")
    return int(str(value))


def flagged(given: JSON, name: str) -> bool:
    """Tell whether a switch of a body is on; a form says so in words."""
    return given.get(name) is True or given.get(name) == "true"


def chat_in(world: World, request: Request) -> Chat:
    """Return the chat that the path names."""
    return chat_of(world, request.path_params["chat_id"])


def chat_of(world: World, given: object) -> Chat:
    """Return the chat with this id."""
    chat = world.chats.get(number(given, "chat_id"))
    if chat is None:
        raise refuse("chat not found", 404)
    return chat


def message_in(chat: Chat, request: Request) -> JSON:
    """Return the message that the path names."""
    message = chat.messages.get(number(request.path_params["message_id"], "message id"))
    if message is None:
        raise refuse("message not found", 404)
    return message


def actor(world: World, chat: Chat, given: object) -> Person:
    """Return the person who does something in the chat; nobody does in a group that became a supergroup."""
    if chat.migrated_to:
        raise refuse("this group became a supergroup", 409)
    return member(world, chat, given)


def member(world: World, chat: Chat, given: object) -> Person:
    """Return the person who acts; they must be in the chat."""
    person = world.people.get(number(given, "from"))
    if person is None:
        raise refuse("person not found", 404)
    if person.id not in chat.members:
        raise refuse("this person is not in this chat", 403)
    return person
