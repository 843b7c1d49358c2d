"""The people's side over HTTP: who there is, in which chats. docs/playground.md describes it."""

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground.chat import Person
from bot.playground.json_text import JSON
from bot.playground.params import read_object
from bot.playground.people.asking import answer, chat_in, member, number, refuse
from bot.playground.rules.menus import menu_for
from bot.playground.world import BOT, World

MAX_PEOPLE = 1000
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?", re.ASCII)
_USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}", re.ASCII)


class PeopleApi:
    """People, chats, and the command menus that people see."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes of people and chats."""
        return [
            Route("/api/people", self.people, methods=["GET"]),
            Route("/api/people", self.add_person, methods=["POST"]),
            Route("/api/people/{person_id}", self.change_person, methods=["PATCH"]),
            Route("/api/chats", self.chats, methods=["GET"]),
            Route("/api/chats/{chat_id}/commands", self.commands, methods=["GET"]),
        ]

    async def people(self, _: Request) -> Response:
        """List the people."""
        return answer([_shown(person) for person in self._world.people.values()])

    async def add_person(self, request: Request) -> Response:
        """Let a new person in."""
        given = await read_object(request)
        if len(self._world.people) >= MAX_PEOPLE:
            raise refuse("there are too many people", 409)
        first_name, username = given.get("first_name"), given.get("username")
        if not isinstance(first_name, str) or not 1 <= len(first_name.strip()) <= 64:
            raise refuse("first_name must have 1 to 64 characters")
        if username is not None and not (isinstance(username, str) and _USERNAME.fullmatch(username)):
            raise refuse("username must have 4 to 32 letters, digits or underscores")
        taken = {str(person.username).lower() for person in self._world.people.values()} | {BOT["username"]}
        if username is not None and username.lower() in taken:
            raise refuse("this username is taken", 409)
        person = Person(max(self._world.people) + 1, first_name.strip(), username, _language(given, "en"))
        self._world.add_person(person)
        return answer(_shown(person), 201)

    async def change_person(self, request: Request) -> Response:
        """Change the language of a person's Telegram."""
        person = self._world.people.get(number(request.path_params["person_id"], "id"))
        if person is None:
            raise refuse("person not found", 404)
        person.language_code = _language(await read_object(request), person.language_code)
        self._world.publish_chat(self._world.chats[person.id])  # what the bot says of itself may be in this language
        return answer(_shown(person))

    async def chats(self, _: Request) -> Response:
        """List the chats."""
        return answer([self._world.listing(chat) for chat in self._world.chats.values()])

    async def commands(self, request: Request) -> Response:
        """Return the bot's command menu as one person sees it in one chat."""
        chat = chat_in(self._world, request)
        person = member(self._world, chat, request.query_params.get("from"))
        return answer(menu_for(self._world, chat, person.id))


def _shown(person: Person) -> JSON:
    return {name: getattr(person, name) for name in ("id", "first_name", "username", "language_code")}


def _language(given: JSON, default: str) -> str:
    code = given.get("language_code", default)
    if not isinstance(code, str) or not _LANGUAGE.fullmatch(code):
        raise refuse("language_code must be like es or pt-br")
    return code
