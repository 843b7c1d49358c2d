"""The people's side over HTTP: chats, messages, taps, files. docs/playground.md describes it."""

import re
import secrets
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground.entities import detect, part, trimmed, utf16_length
from bot.playground.files import MAX_DOWNLOAD, content, is_photo, store
from bot.playground.json_text import JSON, to_json
from bot.playground.keyboards import has_button
from bot.playground.methods.commands import menu_for
from bot.playground.methods.given import MAX_CAPTION, MAX_TEXT, cleaned, shown_as_original
from bot.playground.params import Upload, read_form, read_object
from bot.playground.world import BOT, Chat, Person, World

MAX_PEOPLE = 1000
_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_HARMLESS = frozenset({"application/pdf", "text/plain", "text/markdown", "text/csv"})
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?", re.ASCII)
_USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}", re.ASCII)


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


def chat_in(world: World, request: Request) -> Chat:
    """Return the chat that the path names."""
    chat = world.chats.get(number(request.path_params["chat_id"], "chat_id"))
    if chat is None:
        raise refuse("chat not found", 404)
    return chat


def member(world: World, chat: Chat, given: object) -> Person:
    """Return the person who acts; they must be in the chat."""
    person = world.people.get(number(given, "from"))
    if person is None:
        raise refuse("person not found", 404)
    if person.id not in chat.members:
        raise refuse("this person is not in this chat", 403)
    return person


def is_for_bot(world: World, chat: Chat, message: JSON) -> bool:
    """Tell whether the bot gets to see a message: in groups with privacy mode only what addresses it."""
    if chat.type == "private" or not world.privacy_mode:
        return True
    if message.get("reply_to_message", {}).get("from", {}).get("id") == BOT["id"]:
        return True
    text = message.get("text") or message.get("caption") or ""
    name = f"@{BOT['username']}".lower()
    for entity in message.get("entities") or message.get("caption_entities") or []:
        said = part(text, entity).lower()
        if entity["type"] == "mention" and said == name:
            return True
        if entity["type"] == "bot_command" and ("@" not in said or said.endswith(name)):
            return True
    return False


class PeopleApi:
    """What people do, and what they can look up."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes under /api, without those of the events."""
        chat = "/api/chats/{chat_id}"
        return [
            Route("/api/people", self.people, methods=["GET"]),
            Route("/api/people", self.add_person, methods=["POST"]),
            Route("/api/people/{person_id}", self.change_person, methods=["PATCH"]),
            Route("/api/chats", self.chats, methods=["GET"]),
            Route(f"{chat}/messages", self.write, methods=["POST"]),
            Route(f"{chat}/messages/{{message_id}}/taps", self.tap, methods=["POST"]),
            Route(f"{chat}/commands", self.commands, methods=["GET"]),
            Route("/api/files/{file_id}", self.file, methods=["GET"]),
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
        self._world.changed()
        return answer(_shown(person))

    async def chats(self, _: Request) -> Response:
        """List the chats."""
        shown = ("id", "type", "title", "members")
        return answer([{name: getattr(chat, name) for name in shown} for chat in self._world.chats.values()])

    async def write(self, request: Request) -> Response:
        """Send a person's message, or their file with a caption."""
        chat = chat_in(self._world, request)
        given, upload = await _message_body(request)
        person = member(self._world, chat, given.get("from"))
        body = self._content(given.get("text"), upload)
        message = self._world.post(chat, person.user(), self._reply(chat, given.get("reply_to")) | body)
        if chat.type == "private":
            person.started = True
        if is_for_bot(self._world, chat, message):
            self._world.tell_bot("message", message)
        return answer(message, 201)

    def _content(self, text: object, upload: Upload | None) -> JSON:
        if not isinstance(text, str | None):
            raise refuse("text must be a string")
        words, _ = trimmed(cleaned((text or "").replace("\r\n", "\n")), [])
        if utf16_length(words) > (MAX_CAPTION if upload else MAX_TEXT):
            raise refuse("the text is too long")
        found = detect(words)
        if upload is None:
            if not words:
                raise refuse("text must not be empty")
            return {"text": words} | ({"entities": found} if found else {})
        file = store(self._world, upload, "photo" if is_photo(upload) else "document")
        caption = ({"caption": words} if words else {}) | ({"caption_entities": found} if found else {})
        return content(file) | caption

    def _reply(self, chat: Chat, reply_to: object) -> JSON:
        if reply_to is None or reply_to == "":
            return {}
        original = chat.messages.get(number(reply_to, "reply_to"))
        if original is None:
            raise refuse("the message to reply to was not found", 404)
        return {"reply_to_message": shown_as_original(original)}

    async def tap(self, request: Request) -> Response:
        """Tap a button below one of the bot's messages."""
        chat = chat_in(self._world, request)
        given = await read_object(request)
        person = member(self._world, chat, given.get("from"))
        message = chat.messages.get(number(request.path_params["message_id"], "message id"))
        data = given.get("data")
        if message is None:
            raise refuse("message not found", 404)
        if not isinstance(data, str) or not has_button(message, data):
            raise refuse("this message has no button with this data")
        query_id = str(secrets.randbits(62))
        # Telegram: the same for all messages of a chat, and meant for high scores.
        query = {"id": query_id, "from": person.user(), "message": message, "chat_instance": str(chat.id), "data": data}
        self._world.keep_callback({"id": query_id, "chat_id": chat.id, "from": person.id, "answered": False})
        self._world.tell_bot("callback_query", query)
        return answer({"callback_query_id": query_id}, 201)

    async def commands(self, request: Request) -> Response:
        """Return the bot's command menu as one person sees it in one chat."""
        chat = chat_in(self._world, request)
        person = member(self._world, chat, request.query_params.get("from"))
        return answer(menu_for(self._world, chat, person.id))

    async def file(self, request: Request) -> Response:
        """Return the bytes of a file; only pictures may be shown in the page, all else is downloaded."""
        file = self._world.files.get(request.path_params["file_id"])
        if file is None:
            raise refuse("file not found", 404)
        inline = file.mime_type in _INLINE
        kind = file.mime_type if file.mime_type in _INLINE | _HARMLESS else "application/octet-stream"
        disposition = "inline" if inline else f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
        headers = {
            "Content-Disposition": disposition,
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, max-age=86400, immutable",
        }
        return Response(file.data, media_type=kind, headers=headers)


def _shown(person: Person) -> JSON:
    return {name: getattr(person, name) for name in ("id", "first_name", "username", "language_code")}


def _language(given: JSON, default: str) -> str:
    code = given.get("language_code", default)
    if not isinstance(code, str) or not _LANGUAGE.fullmatch(code):
        raise refuse("language_code must be like es or pt-br")
    return code


async def _message_body(request: Request) -> tuple[JSON, Upload | None]:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await read_object(request), None
    fields, uploads = await read_form(request)
    upload = uploads.get("file")
    if upload and not upload.data:
        raise refuse("the file is empty")
    if upload and len(upload.data) > MAX_DOWNLOAD:
        raise refuse("the file is larger than 20 MB", 413)
    return fields, upload
