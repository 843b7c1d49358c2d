"""The people's side over HTTP: writing, tapping buttons, and files."""

import secrets
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground.asking import answer, chat_in, member, number, refuse
from bot.playground.entities import detect, part, trimmed, utf16_length
from bot.playground.files import MAX_DOWNLOAD, content, is_photo, store
from bot.playground.json_text import JSON
from bot.playground.keyboards import has_button
from bot.playground.methods.given import MAX_CAPTION, MAX_TEXT, cleaned, shown_as_original
from bot.playground.params import Upload, read_form, read_object
from bot.playground.world import BOT, Chat, World

_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_HARMLESS = frozenset({"application/pdf", "text/plain", "text/markdown", "text/csv"})


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


class WritingApi:
    """What people send, and the files that were sent."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes of messages, taps and files."""
        messages = "/api/chats/{chat_id}/messages"
        return [
            Route(messages, self.write, methods=["POST"]),
            Route(f"{messages}/{{message_id}}/taps", self.tap, methods=["POST"]),
            Route("/api/files/{file_id}", self.file, methods=["GET"]),
        ]

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
