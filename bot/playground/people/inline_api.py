"""The people's side over HTTP: inline mode."""

import secrets

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground.chat import Chat, Person
from bot.playground.json_text import JSON
from bot.playground.params import read_object
from bot.playground.people.asking import answer, chat_of, member, refuse
from bot.playground.people.composing import must_speak, place
from bot.playground.rules.hearing import tell
from bot.playground.rules.inline import InlineQuery, Result, inline_message_id
from bot.playground.world import World

MAX_QUERY = 256
MAX_OFFSET_BYTES = 64


class InlineApi:
    """Asking the bot from any chat, and sending one of its results."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes of inline mode."""
        return [
            Route("/api/inline", self.ask, methods=["POST"]),
            Route("/api/inline/{query_id}/choose", self.choose, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        """Pass on what a person asks; the bot need not be in the chat."""
        given = await read_object(request)
        chat = chat_of(self._world, given.get("chat_id"))
        person = member(self._world, chat, given.get("from"))
        must_speak(chat, person, anonymous=False)
        text, offset = given.get("query", ""), given.get("offset") or ""
        if not isinstance(text, str) or len(text) > MAX_QUERY:
            raise refuse(f"query must be a string of at most {MAX_QUERY} characters")
        if not isinstance(offset, str) or len(offset.encode()) > MAX_OFFSET_BYTES:
            raise refuse("offset must be one that the bot gave")
        query = InlineQuery(str(secrets.randbits(62)), person.id, chat.id, text)
        self._world.keep_inline_query(query)
        kind = "sender" if chat.type == "private" else chat.type
        asked = {"id": query.id, "from": person.user(), "query": text, "offset": offset, "chat_type": kind}
        self._world.tell_bot("inline_query", asked)
        return answer({"inline_query_id": query.id}, 201)

    async def choose(self, request: Request) -> Response:
        """Send one of the results as the person who asked."""
        given = await read_object(request)
        query, result = self._chosen(request, given)
        chat = self._world.chats[query.chat]
        person = member(self._world, chat, given.get("from"))
        if person.id != query.person:
            raise refuse("somebody else asked this", 403)
        must_speak(chat, person, anonymous=False)
        around = place(chat, person, given) | {"via_bot": self._world.me}
        message = self._world.post(chat, person.user(), around | result.content)
        if chat.type == "private":
            person.started = True
        tell(self._world, chat, message)
        self._tell_chosen(chat, person, query, result, message)
        return answer(message, 201)

    def _chosen(self, request: Request, given: JSON) -> tuple[InlineQuery, Result]:
        query = self._world.inline_queries.get(request.path_params["query_id"])
        if query is None:
            raise refuse("nobody asked this, or too long ago", 404)
        result = query.results.get(str(given.get("result_id")))
        if result is None:
            raise refuse("the bot gave no such result", 404)
        if result.is_outside:
            raise refuse("this file is on the web, which the playground does not reach", 409)
        return query, result

    def _tell_chosen(self, chat: Chat, person: Person, query: InlineQuery, result: Result, message: JSON) -> None:
        """Tell the bot what was chosen; it can change the message later if this has buttons."""
        buttons = "reply_markup" in message
        named = {"inline_message_id": inline_message_id(chat.id, message["message_id"])} if buttons else {}
        chosen = {"result_id": result.id, "from": person.user(), "query": query.text, **named}
        self._world.tell_bot("chosen_inline_result", chosen)
