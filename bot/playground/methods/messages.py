"""Messages: sending, drafting, editing, deleting, and the signs that go with them."""

import time

from bot.playground.api_error import bad_request
from bot.playground.chat import BOT_ID, Chat
from bot.playground.json_text import JSON
from bot.playground.methods.given import known_chat, message_given, place, writable_chat
from bot.playground.methods.method import Method
from bot.playground.params import Params
from bot.playground.rules.hearing import SERVICE
from bot.playground.rules.inline import inline_message, is_inline
from bot.playground.rules.markup import buttons
from bot.playground.rules.rights import must_be_in
from bot.playground.rules.threads import thread_of
from bot.playground.rules.words import formatted, words_of
from bot.playground.text.entities import utf16_length
from bot.playground.text.mentions import with_people
from bot.playground.world import World

MAX_CALLBACK_ANSWER = 200
DELETABLE_SECONDS = 48 * 3600
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
    content = words_of(params, "text")
    chat = writable_chat(world, params)
    return world.post(chat, world.me, place(world, params, chat) | content | buttons(params, chat))


async def send_message_draft(world: World, params: Params) -> bool:
    """Show what the bot has written so far; an empty text shows as three dots."""
    text, entities = formatted(params, "text", "entities")
    chat = writable_chat(world, params)
    if chat.type != "private":
        raise bad_request("TEXTDRAFT_PEER_INVALID")
    draft_id = params.integer("draft_id")
    if not draft_id:
        raise bad_request("TEXTDRAFT_ID_INVALID")
    extra = with_people({"entities": entities}, world.people, world.me)
    world.publish(
        chat, "draft", draft_id=draft_id, text=text or THINKING, **extra, **thread_of(place(world, params, chat))
    )
    return True


async def send_chat_action(world: World, params: Params) -> bool:
    """Show for some seconds that the bot is at work."""
    chat = writable_chat(world, params)
    action = params.text("action").lower()
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.publish(chat, "action", action=action, **thread_of(place(world, params, chat)))
    return True


async def edit_message_text(world: World, params: Params) -> JSON | bool:
    """Replace the text and the buttons of a message of the bot."""
    content = words_of(params, "text")
    chat, old = own_message(world, params)
    if "text" not in old:
        raise bad_request("there is no text in the message to edit")
    kept = {name: old[name] for name in old if name not in {"text", "entities", "reply_markup"}}
    return edit(world, chat, old, kept | content | buttons(params))


async def edit_message_reply_markup(world: World, params: Params) -> JSON | bool:
    """Replace the buttons of a message of the bot; without new ones they go away."""
    chat, old = own_message(world, params)
    kept = {name: old[name] for name in old if name != "reply_markup"}
    return edit(world, chat, old, kept | buttons(params))


def own_message(world: World, params: Params) -> tuple[Chat, JSON]:
    """Return the message of the bot that is to be edited, and its chat."""
    if not params.integer("message_id") and not params.text("chat_id").strip():
        return _inline_message(world, params)
    chat = known_chat(world, params)
    must_be_in(chat)
    message = message_given(chat, params, "edit")
    if chat.author(message["message_id"]) != BOT_ID or "forward_origin" in message or not SERVICE.isdisjoint(message):
        raise bad_request("message can't be edited")
    return chat, message


def _inline_message(world: World, params: Params) -> tuple[Chat, JSON]:
    named = params.text("inline_message_id")
    if not named:
        raise bad_request("message identifier is not specified")
    found = inline_message(world.chats, named)
    if found is None:
        raise bad_request("MESSAGE_ID_INVALID")
    return found


def edit(world: World, chat: Chat, old: JSON, new: JSON) -> JSON | bool:
    """Put `new` in the place of `old` and return it, or True for a message that somebody sent by way of the bot.

    An edit that changes nothing is refused.
    """
    new = with_people(new, world.people, world.me)
    before, after = ({name: m[name] for name in m if name != "edit_date"} for m in (old, new))
    if before == after:
        raise bad_request(_NOT_MODIFIED)
    new["edit_date"] = int(time.time())
    world.replace(chat, new)
    return True if is_inline(new) else new


async def delete_message(world: World, params: Params) -> bool:
    """Delete a message: the bot's own, anyone's in a private chat or where the bot is administrator."""
    chat = known_chat(world, params)
    must_be_in(chat)
    message = chat.messages.get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if not deletable(chat, message):
        raise bad_request("message can't be deleted")
    world.delete(chat, message["message_id"])
    return True


def deletable(chat: Chat, message: JSON) -> bool:
    """Tell whether the bot may delete a message; administrators always may, else not after 48 hours."""
    if chat.bot == "administrator":
        return True
    if message["date"] < time.time() - DELETABLE_SECONDS:
        return False
    return chat.type == "private" or chat.author(message["message_id"]) == BOT_ID


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
    answer = {"text": text, "show_alert": params.flag("show_alert"), "url": params.text("url")}
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
