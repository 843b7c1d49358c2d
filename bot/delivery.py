"""Everything that is sent to Telegram: flood control, retries, and texts that grow."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeAlias, TypeVar

import httpx
import structlog
from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaDocument,
    InputMediaPhoto,
    Message,
    MessageEntity,
    ReplyParameters,
)
from telegram.constants import ChatAction
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.markdown import Attached, Part

T = TypeVar("T")
Markup: TypeAlias = InlineKeyboardMarkup | ForceReply | None
# Rows of buttons, each a label and the data (64 bytes at the most) that a tap brings back.
Keyboard = Sequence[Sequence[tuple[str, str]]]

_log = structlog.get_logger(__name__)

# A lost connection is tried again after half a second, then after longer and longer pauses, for as long as it takes:
# an answer that was written must arrive, and a home's line may be down for a while.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 60.0
# Groups allow 20 messages a minute, edits included. Previews take their pace from that, and leave some of the 20 to
# what must arrive: several answers may be written in a group at once.
_EDIT_EVERY = 3.1
_MINUTE, _FOR_PREVIEWS = 60.0, 14
# Seconds for a picture or a file to go up a slow line.
_UPLOAD = 60.0
# What Telegram says of a reaction to a message that is not there: the Bot API server, and what stands behind it.
_GONE = ("message to react not found", "message_id_invalid")


@dataclass(frozen=True, slots=True)
class Place:
    """Where to send: a chat and the thread in it (0: none). Drafts exist in private chats only."""

    chat_id: int
    thread_id: int = 0
    private: bool = False

    @property
    def thread(self) -> int | None:
        """The thread as the Bot API takes it."""
        return self.thread_id or None


class Delivery:
    """Sends within Telegram's limits. What must arrive waits as long as Telegram says; previews are dropped instead."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        # Telegram's retry_after is the law: until then (monotonic seconds) nothing is sent to that chat.
        self._closed_until: dict[int, float] = {}
        self._next_edit: dict[int, float] = {}
        # Telegram's retry_after for questions about messages; it closes the chat to nothing else.
        self._unasked_until: dict[int, float] = {}
        # When the last messages went to a chat.
        self._sent: dict[int, deque[float]] = {}

    async def send(self, place: Place, part: Part, keyboard: Markup = None, reply_to: int | None = None) -> int:
        """Send a message and return its id. Raises TelegramError when Telegram refuses it for good."""
        aimed = {
            "message_thread_id": place.thread,
            "reply_markup": keyboard,
            "reply_parameters": ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None,
        }

        async def send(entities: Sequence[MessageEntity]) -> Message:
            said = replace(part, entities=tuple(entities))
            return await self._insist(place.chat_id, lambda: self._send(place.chat_id, said, aimed))

        try:
            message = await send(part.entities)
        except BadRequest as error:
            if not (part.entities and _about_entities(error)):
                raise
            message = await send(())  # plain words are better than none
        return message.message_id

    async def _send(self, chat_id: int, part: Part, aimed: dict[str, Any]) -> Message:
        if part.attached is None:
            return await self._bot.send_message(chat_id, part.text, entities=part.entities, **aimed)
        file = _file(part.attached)
        said = {"caption": part.text or None, "caption_entities": part.entities, "write_timeout": _UPLOAD} | aimed
        if part.attached.picture:
            return await self._bot.send_photo(chat_id, file, **said)
        return await self._bot.send_document(chat_id, file, **said)

    async def edit(self, place: Place, message_id: int, part: Part, keyboard: Markup = None) -> bool:
        """Edit a message; return False when it is gone or can no longer be edited."""
        try:
            await self._insist(place.chat_id, lambda: self._edit(place, message_id, part, keyboard), twice=True)
        except BadRequest as error:
            if part.entities and _about_entities(error):
                return await self.edit(place, message_id, replace(part, entities=()), keyboard)
            return _unchanged(error)
        return True

    async def delete(self, place: Place, message_id: int) -> None:
        """Delete a message if it still stands."""
        with contextlib.suppress(BadRequest):
            await self._insist(place.chat_id, lambda: self._bot.delete_message(place.chat_id, message_id), twice=True)

    async def stands(self, place: Place, message_id: int) -> bool | None:
        """Tell whether somebody's message still stands, without a trace; None where Telegram does not say.

        Bots hear nothing of deletions, and of a message that it has seen a Bot API server believes that it is there. A
        reaction is set by Telegram itself, which answers for the message: so the bot takes back one that it does not
        have. (If it reacts to questions one day, ask in another way.) What could not be asked now counts as standing.
        """
        now = time.monotonic()
        if max(self._unasked_until.get(place.chat_id, 0), self._closed_until.get(place.chat_id, 0)) > now:
            return True
        try:
            await self._bot.set_message_reaction(place.chat_id, message_id, [])
        except RetryAfter as error:
            self._unasked_until[place.chat_id] = now + seconds_to_wait(error)
        except BadRequest as error:
            return _verdict(error)
        except NetworkError:
            return True
        except TelegramError:
            return None
        return True

    async def standing(self, chat_id: int, user_id: int) -> str:
        """Return what somebody is in a chat ("administrator"), once Telegram can be reached."""
        member = await self._insist(chat_id, lambda: self._bot.get_chat_member(chat_id, user_id), twice=True)
        return str(member.status)

    async def preview_edit(self, place: Place, message_id: int, part: Part, keyboard: InlineKeyboardMarkup) -> None:
        """Edit a message if that can be done right now and the chat has not had much lately."""
        now = time.monotonic()
        if self._next_edit.get(place.chat_id, 0) > now or self._lately(place.chat_id, now) >= _FOR_PREVIEWS:
            return
        self._next_edit[place.chat_id] = now + _EDIT_EVERY
        if await self._try(place.chat_id, lambda: self._edit(place, message_id, part, keyboard)):
            self._note(place.chat_id)

    async def draft(self, place: Place, draft_id: int, part: Part) -> None:
        """Show a text as being written, if that can be done right now. Telegram shows it for 30 seconds."""
        await self._try(
            place.chat_id,
            lambda: self._bot.send_message_draft(
                place.chat_id, draft_id, part.text, message_thread_id=place.thread, entities=part.entities
            ),
        )

    async def typing(self, place: Place) -> None:
        """Show "typing", which lasts 5 seconds, if that can be done right now."""
        await self._try(
            place.chat_id,
            lambda: self._bot.send_chat_action(place.chat_id, ChatAction.TYPING, message_thread_id=place.thread),
        )

    async def answer_button(self, query_id: str, text: str = "", *, alert: bool = False) -> None:
        """End the spinning of a tapped button, if that can be done right now; Telegram soon ends it by itself."""
        await self._try(0, lambda: self._bot.answer_callback_query(query_id, text or None, show_alert=alert))

    async def _edit(self, place: Place, message_id: int, part: Part, keyboard: Markup) -> object:
        # A question that expects an answer keeps its form: only buttons can be edited in.
        buttons = keyboard if isinstance(keyboard, InlineKeyboardMarkup) else None
        if part.attached is None:
            return await self._bot.edit_message_text(
                part.text, place.chat_id, message_id, entities=part.entities, reply_markup=buttons
            )
        kind = InputMediaPhoto if part.attached.picture else InputMediaDocument
        media = kind(_file(part.attached), caption=part.text or None, caption_entities=part.entities)
        return await self._bot.edit_message_media(
            media, place.chat_id, message_id, reply_markup=buttons, write_timeout=_UPLOAD
        )

    async def _insist(self, chat_id: int, call: Callable[[], Awaitable[T]], *, twice: bool = False) -> T:
        # `twice`: the call may reach Telegram a second time without harm.
        pause = _FIRST_PAUSE
        while True:
            await asyncio.sleep(max(0.0, self._closed_until.get(chat_id, 0) - time.monotonic()))
            try:
                result = await call()
            except RetryAfter as error:
                self._close(chat_id, error)
            except (BadRequest, Forbidden):
                raise
            except NetworkError as error:
                if not (twice or _never_left(error)):
                    raise
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                self._note(chat_id)
                return result

    async def _try(self, chat_id: int, call: Callable[[], Awaitable[object]]) -> bool:
        if self._closed_until.get(chat_id, 0) > time.monotonic():
            return False
        try:
            await call()
        except RetryAfter as error:
            self._close(chat_id, error)
        except TelegramError as error:
            _log.debug("preview dropped", error=type(error).__name__)
        else:
            return True
        return False

    def _note(self, chat_id: int) -> None:
        self._sent.setdefault(chat_id, deque(maxlen=_FOR_PREVIEWS)).append(time.monotonic())

    def _lately(self, chat_id: int, now: float) -> int:
        return sum(sent > now - _MINUTE for sent in self._sent.get(chat_id, ()))

    def _close(self, chat_id: int, error: RetryAfter) -> None:
        seconds = seconds_to_wait(error)
        _log.warning("flood control", seconds=seconds)
        self._closed_until[chat_id] = time.monotonic() + seconds


def markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    """Return rows of (label, data) as Telegram takes them."""
    rows = [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in keyboard]
    return InlineKeyboardMarkup(rows) if rows else None


async def reach(call: Callable[[], Awaitable[object]]) -> None:
    """Make a call that may be repeated, again and again until Telegram can be reached; raises what it refuses."""
    pause = _FIRST_PAUSE
    while True:
        try:
            await call()
        except BadRequest:
            raise
        except NetworkError as error:
            _log.warning("Telegram cannot be reached, trying again", error=type(error).__name__, seconds=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
        else:
            return


def seconds_to_wait(error: RetryAfter) -> float:
    """Return how long Telegram wants us to be silent."""
    after = error.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)


def _file(attached: Attached) -> InputFile:
    return InputFile(attached.data, filename=attached.name, attach=True)


def _never_left(error: NetworkError) -> bool:
    # A time-out while waiting for the answer says nothing about whether the message arrived: sent again, it may
    # stand there twice.
    return not isinstance(error, TimedOut) or isinstance(error.__cause__, httpx.ConnectTimeout | httpx.PoolTimeout)


def _about_entities(error: BadRequest) -> bool:
    return "entit" in error.message.lower()


def _unchanged(error: BadRequest) -> bool:
    return "not modified" in error.message.lower()


def _verdict(error: BadRequest) -> bool | None:
    said = error.message.lower()
    if any(words in said for words in _GONE):
        return False
    return True if "reaction_empty" in said else None
