"""What a person sends, as the fields of a Message."""

from collections.abc import Callable

from bot.playground.chat import Chat, Person
from bot.playground.json_text import JSON
from bot.playground.params import Upload
from bot.playground.people.asking import number, refuse
from bot.playground.people.sharing import asked, contact, forwarded, location, uploaded
from bot.playground.rules.replies import shown_as_original
from bot.playground.rules.threads import placed, topic_of
from bot.playground.rules.words import MAX_CAPTION, MAX_TEXT, captioned, cleaned
from bot.playground.text.entities import detect, trimmed, utf16_length
from bot.playground.world import World

_OTHER: dict[str, Callable[[World, Person, object], JSON]] = {
    "location": location,
    "contact": contact,
    "forward": forwarded,
    "poll": asked,
}


def composed(world: World, person: Person, given: JSON, upload: Upload | None) -> JSON:
    """Return the content of a new message: one of the other kinds, text, or a file with a caption."""
    for name, compose in _OTHER.items():
        if given.get(name) is not None:
            return compose(world, person, given[name])
    return _written(world, given, upload)


def _written(world: World, given: JSON, upload: Upload | None) -> JSON:
    text, entities = words(given.get("text"), MAX_CAPTION if upload else MAX_TEXT)
    found = {"entities": entities} if entities else {}
    if upload is None:
        if not text:
            raise refuse("text must not be empty")
        return {"text": text} | found
    return uploaded(world, upload, given.get("as")) | captioned(text, entities)


def words(given: object, limit: int) -> tuple[str, list[JSON]]:
    """Return a person's text as Telegram keeps it, and what Telegram finds in it."""
    if not isinstance(given, str | None):
        raise refuse("text must be a string")
    text, _ = trimmed(cleaned((given or "").replace("\r\n", "\n")), [])
    if utf16_length(text) > limit:
        raise refuse("the text is too long")
    return text, detect(text)


def reply(chat: Chat, reply_to: object) -> JSON:
    """Return the field of the message that is replied to."""
    if reply_to is None or reply_to == "":
        return {}
    original = chat.messages.get(number(reply_to, "reply_to"))
    if original is None:
        raise refuse("the message to reply to was not found", 404)
    return {"reply_to_message": shown_as_original(original)}


def place(chat: Chat, person: Person, given: JSON) -> JSON:
    """Return the fields of what is replied to, and of the topic that a new message belongs to."""
    thread = given.get("thread")
    thread_id = 0 if thread is None or thread == "" else number(thread, "thread")
    fields = placed(chat, thread_id, reply(chat, given.get("reply_to")))
    in_open_topic(chat, person, topic_of(fields))
    return fields


def must_speak(chat: Chat, person: Person, *, anonymous: bool) -> None:
    """Refuse unless this person may write here, and in this way."""
    if chat.migrated_to:
        raise refuse("this group became a supergroup", 409)
    if chat.type == "private" and chat.bot == "kicked":
        raise refuse("unblock the bot first", 403)
    if chat.type == "channel" and not chat.is_admin(person.id):
        raise refuse("only administrators write in a channel", 403)
    if anonymous and not (chat.type == "supergroup" and chat.is_admin(person.id)):
        raise refuse("only administrators of a supergroup write anonymously", 403)


def in_open_topic(chat: Chat, person: Person, thread_id: int) -> None:
    """Refuse a topic that is not there, or is closed for this person."""
    topic = chat.topics.get(thread_id)
    if chat.is_forum and thread_id > 1 and topic is None:
        raise refuse("there is no such topic", 404)
    if topic and topic.closed and not chat.is_admin(person.id):
        raise refuse("this topic is closed", 403)
