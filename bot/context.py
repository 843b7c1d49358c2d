"""What each handler receives: who spoke, where, their words and language, and the ways to answer."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy.orm import Session
from telegram import Chat as TelegramChat
from telegram import ForceReply, Message, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.ext import CallbackContext, ExtBot

from bot import texts
from bot.delivery import Keyboard, Markup, Place, markup
from bot.errors import BadInput, BotError, Value
from bot.markdown import Attached, Part, escape, pieces, render
from bot.services import Services
from bot.slash import slash
from bot.storage import history, people, updates
from bot.storage.tables import Asked, Chat, User
from bot.tasks.models import Models

if TYPE_CHECKING:
    Base = CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]
else:
    Base = CallbackContext

# An update whose handling has ended the whole process this often is given up.
MAX_ATTEMPTS = 3

# Seconds that a message under way gets to arrive when the process ends.
_LAST_SEND = 5.0

P = ParamSpec("P")
T = TypeVar("T")


class Context(Base):
    """One update on its way through a handler."""

    services: Services
    incoming: Update
    language: str
    chat: Chat
    user: User | None

    def __init__(self, application: Any, chat_id: int | None = None, user_id: int | None = None) -> None:
        super().__init__(application, chat_id, user_id)
        self.row_id = 0
        # Whose message is stored: Telegram's stand-in for who speaks as a chat, too.
        self._author: int | None = None
        self._part = 0
        self._sent: dict[int, int] = {}
        self._putting = asyncio.Lock()
        self._button_answered = False
        self.asked: Asked | None = None  # the question of ours that this message answers
        # Whether an earlier attempt at this update ended halfway.
        self.replayed = False

    @classmethod
    def from_update(cls, update: object, application: Any) -> Self:
        """Build the context for an update; `open` completes it from the database."""
        context = super().from_update(update, application)
        if not isinstance(update, Update):
            raise TypeError(type(update).__name__)
        context.incoming = update
        context.services = application.services
        person = update.effective_user
        context.language = texts.choose([person.language_code if person else None])
        return context

    @property
    def message(self) -> Message:
        """The message that the update is about."""
        if self.incoming.effective_message is None:
            raise BadInput
        return self.incoming.effective_message

    @property
    def place(self) -> Place:
        """Where to answer."""
        message = self.message
        thread = message.message_thread_id if message.is_topic_message else None
        return Place(message.chat_id, thread or 0, private=message.chat.type == ChatType.PRIVATE)

    @property
    def update_id(self) -> int:
        """The update's id, by which jobs, lanes and replies know it."""
        return self.incoming.update_id

    @property
    def user_id(self) -> int:
        """The person's id; 0 where nobody signs: in channels, and where somebody speaks in the name of a chat."""
        return self.user.id if self.user else 0

    @property
    def person(self) -> int:
        """Who asks, as far as fairness goes: the person, or the chat in whose name somebody speaks unnamed."""
        return self._sender.id if self._sender else self.user_id or self.place.chat_id

    @property
    def _sender(self) -> TelegramChat | None:
        """The chat in whose name somebody speaks; all such people share one user of Telegram's."""
        return self.message.sender_chat if self.incoming.callback_query is None else None

    @property
    def words(self) -> str:
        """The message's text or caption without the command; before it, the options of one that had asked for it."""
        text = self.message.text or self.message.caption or ""
        command = slash(text)
        text = text[command.end :] if command else text
        return f"{self.asked.words if self.asked else ''} {text.strip()}".strip()

    @property
    def choice(self) -> str:
        """What the tapped button stands for: its data after the colon."""
        query = self.incoming.callback_query
        return (query.data or "").partition(":")[2] if query else ""

    @property
    def chat_model(self) -> str:
        """The chat model of this chat."""
        return self.chat.chat_model or self.services.settings.chat_model

    @property
    def is_group(self) -> bool:
        """Whether this is a group, with topics or without."""
        return self.message.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP)

    def models(self) -> Models:
        """Return what a task works with here."""
        return Models(self.services.inference, self.chat_model, self.person)

    def let_next_go(self) -> None:
        """Let the chat's next update be handled before this one ends."""
        self.services.arrivals.leave(self.update_id)

    async def is_admin(self) -> bool:
        """Tell whether the person administers this chat; only administrators speak in its name."""
        if self._sender:
            return self._sender.id == self.place.chat_id
        standing = await self.services.delivery.standing(self.place.chat_id, self.user_id)
        return standing in (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)

    async def sees_all(self, chat_id: int) -> bool:
        """Tell whether Telegram shows the bot all that is said in a chat."""
        me = await self.bot.get_me()
        standing = await self.services.delivery.standing(chat_id, me.id)
        return bool(me.can_read_all_group_messages) or standing == ChatMemberStatus.ADMINISTRATOR

    def t(self, key: str, **values: Value) -> str:
        """Return a text in the person's language, as Markdown; the values are shown as they are."""
        shown = {name: escape(value) if isinstance(value, str) else value for name, value in values.items()}
        return texts.text(self.language, key, **shown)

    async def transact(self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do `work(session, …)`, a function of storage or several of them in one, in one transaction."""
        return await self.services.database.transact(work, *args, **kwargs)

    async def open(self) -> None:
        """Meet the chat and the person, remember what was said, and find what an earlier attempt already sent."""
        attempts = await self.transact(self._begin)
        person = self.incoming.effective_user
        chosen = self.user.language if self.user else self.chat.language
        self.language = texts.choose([chosen or None, person.language_code if person else None])
        self.replayed = attempts > 1 or bool(self._sent)
        if attempts > MAX_ATTEMPTS:
            raise BotError("error-gave-up")

    def _begin(self, session: Session) -> int:
        message, person = self.message, self.incoming.effective_user
        attempts = updates.begin(session, self.update_id)
        self._sent = updates.replies(session, self.update_id)
        self.chat = people.meet_chat(session, message.chat_id, message.chat.type, message.chat.effective_name or "")
        self.user = None
        if person:
            names = person.first_name, person.username or "", person.language_code or ""
            met = people.meet_user(session, person.id, *names)
            self._author, self.user = met.id, None if self._sender else met
        if self.incoming.callback_query is None:
            replied = None if slash(message.text or "") else message.reply_to_message  # a command is a new wish
            self.asked = updates.question(session, message.chat_id, replied.message_id) if replied else None
            if not (self.user and self.user.opted_out and self.is_group):
                self.row_id = history.remember(session, self._said())
        return attempts

    def _said(self) -> history.Said:
        message = self.message
        return history.Said(
            chat_id=message.chat_id,
            thread_id=self.place.thread_id,
            message_id=message.message_id,
            text=message.text or message.caption or "",
            user_id=self._author,
            reply_to=message.reply_to_message.message_id if message.reply_to_message else None,
            sent_at=message.date,
        )

    async def reply(self, markdown: str, keyboard: Keyboard = (), attached: Attached | None = None) -> int:
        """Answer with a text, split where it is too long; what is attached leads, the keyboard hangs on the last part.

        Returns the id of the last message.
        """
        *parts, last = pieces(markdown, attached)
        for part in parts:
            await self.put(self.take_parts(), part)
        return await self.put(self.take_parts(), last, markup(keyboard), words=markdown)

    async def change(self, markdown: str, keyboard: Keyboard = (), attached: Attached | None = None) -> bool:
        """Replace the message whose button was tapped; return False where it can no longer be changed."""
        part = pieces(markdown, attached)[0]
        return await self.services.delivery.edit(self.place, self.message.message_id, part, markup(keyboard))

    async def ask(self, markdown: str, command: str, words: str) -> None:
        """Ask for the text that a command lacks; whoever answers has the command run with `words` and the answer."""
        part = render(markdown)[0]
        message_id = await self.put(self.take_parts(), part, ForceReply(selective=not self.place.private))
        await self.transact(updates.note_question, self.place.chat_id, message_id, command, words)

    async def answer_button(self, text: str = "", *, alert: bool = False) -> None:
        """End the spinning of the tapped button, with a short notice if there is one."""
        if self.incoming.callback_query and not self._button_answered:
            self._button_answered = True
            await self.services.delivery.answer_button(self.incoming.callback_query.id, text, alert=alert)

    async def remember_own(
        self, message_id: int, text: str, *, talk: bool = False, tokens: int = 0, model: str = ""
    ) -> None:
        """Store what the bot said in answer to this update."""
        said = replace(self._said_own(message_id, text), talk=talk, tokens=tokens, model=model)
        if not self._forgotten:
            await self.transact(history.remember, said)

    @property
    def _forgotten(self) -> bool:
        """Whether the message in a group that is answered is not stored: the answer may repeat what it said."""
        return self.is_group and not self.row_id

    def _said_own(self, message_id: int, text: str) -> history.Said:
        return history.Said(
            chat_id=self.place.chat_id,
            thread_id=self.place.thread_id,
            message_id=message_id,
            text=text,
            reply_to=self.message.message_id,
            answers=self.row_id or None,
        )

    async def keep_for_another_try(self) -> str:
        """Keep this update, which fails, for two days; return the data of the button that has it handled anew."""
        await self.transact(updates.mark_failing, self.update_id)
        return f"again:{self.update_id}"

    async def put(self, part_number: int, part: Part, keyboard: Markup = None, words: str | None = None) -> int:
        """Send a part of the reply, or edit it if an earlier attempt at this update sent it; return its message id.

        `words`: what this message is remembered by, None not at all.
        """
        async with self._putting:
            sending = asyncio.ensure_future(self._put(part_number, part, keyboard, words))
            try:
                return await asyncio.shield(sending)
            except asyncio.CancelledError:
                # What is on its way is recorded first: it would be sent again otherwise.
                await asyncio.wait([sending], timeout=_LAST_SEND)
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
                raise

    async def _put(self, part_number: int, part: Part, keyboard: Markup, words: str | None) -> int:
        known = self._sent.get(part_number)
        if not (known and await self.services.delivery.edit(self.place, known, part, keyboard)):
            reply_to = None if self.place.private else self.message.message_id
            known = await self.services.delivery.send(self.place, part, keyboard, reply_to)
            self._sent[part_number] = known
        await self.transact(self._record, part_number, known, words)
        return known

    def _record(self, session: Session, part_number: int, message_id: int, words: str | None) -> None:
        updates.add_reply(session, self.update_id, part_number, self.place.chat_id, message_id)
        if words is not None and not self._forgotten:
            history.remember(session, self._said_own(message_id, words))

    async def drop_parts(self, numbers: range) -> None:
        """Delete the messages of parts that an earlier attempt sent and this one does not need."""
        stale = [number for number in self._sent if number in numbers]
        for number in stale:
            await self.services.delivery.delete(self.place, self._sent.pop(number))
        if stale:
            await self.transact(updates.forget_replies, self.update_id, stale)

    def take_parts(self, count: int = 1) -> int:
        """Reserve part numbers and return the first; the same calls give the same numbers after a crash."""
        self._part += count
        return self._part - count

    def give_back_parts(self, first: int) -> None:
        """Let what comes next take the place of the parts from `first` on."""
        self._part = first
