"""The people's side over HTTP: writing, editing, deleting, and tapping buttons."""

import secrets
import time

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground.chat import Chat, Person
from bot.playground.json_text import JSON
from bot.playground.params import Upload, read_form, read_object
from bot.playground.people.asking import actor, answer, chat_in, flagged, member, message_in, refuse
from bot.playground.people.composing import composed, must_speak, place, words
from bot.playground.rules.files import MAX_DOWNLOAD
from bot.playground.rules.hearing import tell
from bot.playground.rules.inline import inline_message_id, is_inline
from bot.playground.rules.keyboards import has_button
from bot.playground.rules.poll import NAMED_IN_CHANNEL
from bot.playground.rules.polls import fits
from bot.playground.rules.words import MAX_CAPTION, MAX_TEXT, captioned
from bot.playground.world import World


class WritingApi:
    """What people send, change and take back, and the buttons they tap."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes of messages and taps."""
        messages = "/api/chats/{chat_id}/messages"
        return [
            Route(messages, self.write, methods=["POST"]),
            Route(f"{messages}/{{message_id}}", self.edit, methods=["PATCH"]),
            Route(f"{messages}/{{message_id}}", self.delete, methods=["DELETE"]),
            Route(f"{messages}/{{message_id}}/taps", self.tap, methods=["POST"]),
        ]

    async def write(self, request: Request) -> Response:
        """Send a person's message, or their file with a caption."""
        chat = chat_in(self._world, request)
        given, upload = await _message_body(request)
        person = member(self._world, chat, given.get("from"))
        anonymous = flagged(given, "anonymous")
        must_speak(chat, person, anonymous=anonymous)
        around = place(chat, person, given)
        body = composed(self._world, person, given, upload)
        if not fits(self._world, chat, body):
            raise refuse(NAMED_IN_CHANNEL)
        message = self._world.post(chat, person.user(), around | body, anonymous=anonymous)
        if chat.type == "private":
            person.started = True
        tell(self._world, chat, message)
        return answer(message, 201)

    async def edit(self, request: Request) -> Response:
        """Change the text or the caption of a message that this person wrote."""
        chat = chat_in(self._world, request)
        given = await read_object(request)
        person, old = self._changeable(chat, request, given.get("from"))
        must_speak(chat, person, anonymous=False)
        caption = "text" not in old
        text, entities = words(given.get("text"), MAX_CAPTION if caption else MAX_TEXT)
        if not text and not caption:
            raise refuse("text must not be empty")
        new = captioned(text, entities) if caption else {"text": text} | ({"entities": entities} if entities else {})
        kept = {name: old[name] for name in old if name not in {"text", "entities", "caption", "caption_entities"}}
        if {name: value for name, value in old.items() if name != "edit_date"} == {
            name: value for name, value in (kept | new).items() if name != "edit_date"
        }:
            return answer(old)  # nothing changed, so nobody is told
        message = kept | {"edit_date": int(time.time())} | new
        self._world.replace(chat, message)
        tell(self._world, chat, message, edited=True)
        return answer(message)

    async def delete(self, request: Request) -> Response:
        """Take a message away; bots are not told."""
        chat = chat_in(self._world, request)
        person = actor(self._world, chat, request.query_params.get("from"))
        message = message_in(chat, request)
        own = chat.author(message["message_id"]) == person.id
        if not (own or chat.type == "private" or chat.is_admin(person.id)):
            raise refuse("this message is somebody else's", 403)
        self._world.delete(chat, message["message_id"])
        return answer({})

    def _changeable(self, chat: Chat, request: Request, given: object) -> tuple[Person, JSON]:
        person = actor(self._world, chat, given)
        message = message_in(chat, request)
        own = chat.author(message["message_id"]) == person.id
        if not own and not (chat.type == "channel" and chat.is_admin(person.id)):
            raise refuse("this message is somebody else's", 403)
        if {"forward_origin", "via_bot"} & message.keys() or not (
            {"text", "photo", "document", "video", "audio", "voice"} & message.keys()
        ):
            raise refuse("this message has no text that can be changed")
        return person, message

    async def tap(self, request: Request) -> Response:
        """Tap a button below one of the bot's messages."""
        chat = chat_in(self._world, request)
        given = await read_object(request)
        person = actor(self._world, chat, given.get("from"))
        message = message_in(chat, request)
        data = given.get("data")
        if not isinstance(data, str) or not has_button(message, data):
            raise refuse("this message has no button with this data")
        query_id = str(secrets.randbits(62))
        # Telegram: the same for all messages of a chat, and meant for high scores.
        # Of a message that was sent by way of the bot, the bot only learns its name.
        named = inline_message_id(chat.id, message["message_id"])
        tapped = {"inline_message_id": named} if is_inline(message) else {"message": message}
        query = {"id": query_id, "from": person.user(), **tapped, "chat_instance": str(chat.id), "data": data}
        self._world.keep_callback({"id": query_id, "chat_id": chat.id, "from": person.id, "answered": False})
        self._world.tell_bot("callback_query", query)
        return answer({"callback_query_id": query_id}, 201)


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
