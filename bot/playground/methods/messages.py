"""Messages: sending, drafting, editing, deleting, and the signs that go with them."""

import time

from bot.playground.api_error import bad_request
from bot.playground.entities import utf16_length
from bot.playground.json_text import JSON
from bot.playground.methods.given import (
    buttons,
    formatted,
    known_chat,
    message_text,
    replied,
    thread,
    writable_chat,
)
from bot.playground.methods.method import Method
from bot.playground.params import Params
from bot.playground.world import BOT, Chat, World

MAX_CALLBACK_ANSWER = 200
THINKING = "…"
_ACTIONS = frozenset({
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
})  # fmt: skip
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current"
    " content and reply markup of the message"
)


async def send_message(world: World, params: Params) -> JSON:
    """Post the bot's text and return the message."""
    content = message_text(params)
    chat = writable_chat(world, params)
    return world.post(chat, BOT, replied(params, chat) | content | buttons(params) | thread(params))


async def send_message_draft(world: World, params: Params) -> bool:
    """Show what the bot has written so far; an empty text shows as three dots."""
    text, entities = formatted(params, "text", "entities")
    chat = writable_chat(world, params)
    if chat.type != "private":
        raise bad_request("TEXTDRAFT_PEER_INVALID")
    draft_id = params.integer("draft_id")
    if not draft_id:
        raise bad_request("TEXTDRAFT_ID_INVALID")
    extra = {"entities": entities} if entities else {}
    world.publish(chat, "draft", draft_id=draft_id, text=text or THINKING, **extra)
    return True


async def send_chat_action(world: World, params: Params) -> bool:
    """Show for some seconds that the bot is at work."""
    chat = writable_chat(world, params)
    action = params.text("action").lower()
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.publish(chat, "action", action=action)
    return True


async def edit_message_text(world: World, params: Params) -> JSON:
    """Replace the text and the buttons of a message of the bot."""
    content = message_text(params)
    chat, old = _own_message(world, params)
    if "text" not in old:
        raise bad_request("there is no text in the message to edit")
    kept = {name: old[name] for name in old if name not in {"text", "entities", "reply_markup"}}
    return _edit(world, chat, old, kept | content | buttons(params))


async def edit_message_reply_markup(world: World, params: Params) -> JSON:
    """Replace the buttons of a message of the bot; without new ones they go away."""
    chat, old = _own_message(world, params)
    kept = {name: old[name] for name in old if name != "reply_markup"}
    return _edit(world, chat, old, kept | buttons(params))


def _own_message(world: World, params: Params) -> tuple[Chat, JSON]:
    if params.text("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = known_chat(world, params)
    message_id = params.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request("message to edit not found")
    if message["from"]["id"] != BOT["id"]:
        raise bad_request("message can't be edited")
    return chat, message


def _edit(world: World, chat: Chat, old: JSON, new: JSON) -> JSON:
    before, after = ({name: m[name] for name in m if name != "edit_date"} for m in (old, new))
    if before == after:
        raise bad_request(_NOT_MODIFIED)
    new["edit_date"] = int(time.time())
    world.replace(chat, new)
    return new


async def delete_message(world: World, params: Params) -> bool:
    """Delete a message of the bot, or anyone's in a private chat."""
    chat = known_chat(world, params)
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if chat.type != "private" and message["from"]["id"] != BOT["id"]:
        raise bad_request("message can't be deleted")
    del chat.messages[message["message_id"]]
    world.publish(chat, "delete", message_id=message["message_id"])
    return True


async def answer_callback_query(world: World, params: Params) -> bool:
    """Stop the button's spinner and show a text to the person who tapped it."""
    text = params.text("text")
    if utf16_length(text) > MAX_CALLBACK_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    query = world.callbacks.get(params.text("callback_query_id"))
    if query is None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if query["answered"]:
        return True
    query["answered"] = True
    answer = {"text": text, "show_alert": params.flag("show_alert")}
    chat = world.chats[query["chat_id"]]
    world.publish(chat, "callback_answer", callback_query_id=query["id"], **{"from": query["from"]}, **answer)
    return True


METHODS: dict[str, Method] = {
    "sendMessage": send_message,
    "sendMessageDraft": send_message_draft,
    "sendChatAction": send_chat_action,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback_query,
}
