"""What each handler receives: who spoke, where, their words and language, and the ways to answer."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.constants import ChatType
from telegram.ext import Application, CallbackContext, ExtBot

from bot import texts
from bot.config import Settings
from bot.delivery import Delivery, Place
from bot.errors import BadInput, Value
from bot.guard import Lanes
from bot.inference.api import ChatRequest, Done, Inference, Piece, Waiting
from bot.jobs import Job, Jobs
from bot.live import LiveReply
from bot.markdown import Part, render
from bot.storage import history, people, updates
from bot.storage.database import Sessions
from bot.storage.tables import Chat, User

if TYPE_CHECKING:
    from bot.routing import Command

    Base = CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]
else:
    Base = CallbackContext

# An update whose handling has ended the whole process this often is given up.
MAX_ATTEMPTS = 3

# Part numbers are given in order; an answer that grows may come to need many.
_PARTS_OF_AN_ANSWER = 1000
# How often the place in the queue is looked up, in seconds.
_LOOK_AGAIN = 2.0

Keyboard = Sequence[Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Services:
    """What the application is made of; app.py builds it once."""

    settings: Settings
    sessions: Sessions
    inference: Inference
    delivery: Delivery
    commands: "Sequence[Command]"
    jobs: Jobs
    arrivals: Lanes
    conversations: Lanes


class ServedApplication(Application[Any, Any, Any, Any, Any, Any]):
    """PTB's application with our services beside it."""

    def __init__(self, *, services: Services, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.services = services


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
        self._part = 0
        self._sent: dict[int, int] = {}
        self._button_answered = False

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

    # ---- who, where, what

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
    def user_id(self) -> int:
        """The person's id; 0 where nobody signs (channels)."""
        return self.user.id if self.user else 0

    @property
    def words(self) -> str:
        """The message's text, without the command."""
        text = self.message.text or ""
        if text.startswith("/"):
            _, _, text = text.replace("\n", " \n", 1).partition(" ")
        return text.strip()

    @property
    def choice(self) -> str:
        """What the tapped button stands for: its data after the colon."""
        query = self.incoming.callback_query
        return (query.data or "").partition(":")[2] if query else ""

    @property
    def chat_model(self) -> str:
        """The chat model of this chat."""
        return self.chat.chat_model or self.services.settings.chat_model

    def t(self, key: str, **values: Value) -> str:
        """Return a text in the person's language."""
        return texts.text(self.language, key, **values)

    def session(self) -> AbstractAsyncContextManager[AsyncSession]:
        """Open one transaction. Keep it short: nothing is awaited in it but the database."""
        return self.services.sessions.begin()

    async def open(self) -> None:
        """Meet the chat and the person, remember what was said, and find what an earlier attempt already sent."""
        message, person = self.message, self.incoming.effective_user
        async with self.session() as session:
            attempts = await updates.begin(session, self.incoming.update_id)
            self._sent = await updates.replies(session, self.incoming.update_id)
            self.chat = await people.meet_chat(
                session, message.chat_id, message.chat.type, message.chat.effective_name or ""
            )
            self.user = None
            if person:
                self.user = await people.meet_user(
                    session, person.id, person.first_name, person.username or "", person.language_code or ""
                )
            if self.incoming.callback_query is None:
                self.row_id = await history.remember(session, self._said())
        chosen = self.user.language if self.user else self.chat.language
        self.language = texts.choose([chosen or None, person.language_code if person else None])
        if attempts > MAX_ATTEMPTS:
            raise BadInput("error-gave-up")

    def _said(self) -> history.Said:
        message = self.message
        return history.Said(
            chat_id=message.chat_id,
            thread_id=self.place.thread_id,
            message_id=message.message_id,
            text=message.text or message.caption or "",
            user_id=self.user_id or None,
            reply_to=message.reply_to_message.message_id if message.reply_to_message else None,
            sent_at=message.date,
        )

    # ---- answering

    async def reply(self, markdown: str, keyboard: Keyboard = ()) -> None:
        """Answer with a text, split where it is too long; the keyboard hangs on the last part."""
        *parts, last = render(markdown)
        for part in parts:
            await self._put(self._next_part(), part)
        message_id = await self._put(self._next_part(), last, _markup(keyboard))
        await self._remember_own(message_id, markdown)

    async def change(self, markdown: str, keyboard: Keyboard = ()) -> None:
        """Replace the message whose button was tapped."""
        part = render(markdown)[0]
        await self.services.delivery.edit(self.place, self.message.message_id, part, _markup(keyboard))

    async def answer_button(self, text: str = "", *, alert: bool = False) -> None:
        """End the spinning of the tapped button, with a short notice if there is one."""
        if self.incoming.callback_query and not self._button_answered:
            self._button_answered = True
            await self.services.delivery.answer_button(self.incoming.callback_query.id, text, alert=alert)

    async def answer(self, prepare: Callable[[], Awaitable[ChatRequest]], *, talk: bool = False) -> None:
        """Stream a model's answer. People can stop it, and the chat's next update need not wait for it.

        `prepare` makes the request when it is this answer's turn. With `talk` that is when the earlier answers of the
        conversation are complete, since they belong to what the model is told.
        """
        update_id, first = self.incoming.update_id, self._part
        live = self._live(first)
        self._part += _PARTS_OF_AN_ANSWER
        lane = (self.place.chat_id, self.place.thread_id) if talk else update_id
        self.services.arrivals.leave(update_id)
        async with self.services.conversations.turn(lane, update_id) as called:
            try:
                with self._stoppable() as job:
                    async with live.growing():
                        await self._wait(called, live)
                        request = await prepare()
                        await self._feed(live, request)
            except Exception:
                if live.text:
                    await self._settle(live, live.text, talk=False)  # what was written stays
                else:
                    self._part = first  # the explanation takes the place of "waiting"
                raise
            written = live.text.strip()
            if job.stopped:
                live.write("\n\n" + self.t("answer-stopped-here") if written else self.t("answer-stopped"))
            elif not written:
                live.write(self.t("answer-empty"))
            await self._settle(live, written, talk=talk and bool(written))

    def _live(self, first: int) -> LiveReply:
        update_id = self.incoming.update_id
        return LiveReply(
            self.services.delivery,
            self.place,
            # Any number but 0; the same after a restart, so that the draft goes on where it stood.
            draft_id=update_id,
            put=lambda index, part, keyboard: self._put(first + index, part, keyboard),
            stop=InlineKeyboardMarkup(
                [[InlineKeyboardButton(self.t("button-stop"), callback_data=f"stop:{update_id}")]]
            ),
        )

    @contextmanager
    def _stoppable(self) -> Generator[Job]:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - we are in a coroutine
        job = Job(self.incoming.update_id, self.place.chat_id, self.place.thread_id, self.user_id, task)
        self.services.jobs.add(job)
        try:
            yield job
        except asyncio.CancelledError:
            if not job.stopped:
                raise  # the process is ending; the update is handled after the restart
            task.uncancel()
        finally:
            self.services.jobs.remove(job)

    async def _wait(self, called: asyncio.Event, live: LiveReply) -> None:
        while not called.is_set():
            live.say(self.t("waiting-turn", ahead=self.services.conversations.ahead(self.incoming.update_id)))
            with suppress(TimeoutError):
                await asyncio.wait_for(called.wait(), _LOOK_AGAIN)

    async def _feed(self, live: LiveReply, request: ChatRequest) -> None:
        async with aclosing(self.services.inference.stream(request)) as events:
            async for event in events:
                match event:
                    case Waiting("loading"):
                        live.say(self.t("waiting-loading", model=request.model))
                    case Waiting(position=position):
                        live.say(self.t("waiting-queue", ahead=position))
                    case Piece(text):
                        live.write(text)
                    case Done():
                        live.done = event

    async def _settle(self, live: LiveReply, written: str, *, talk: bool) -> None:
        message_id = await live.finish()
        # A stopped answer was not counted: three characters a token is the usual in Spanish and English, rounded up.
        tokens = live.done.new_tokens if live.done else len(written) // 3 + 1
        await self._remember_own(message_id, written, talk=talk, tokens=tokens, model=self.chat_model)

    async def _remember_own(
        self, message_id: int, text: str, *, talk: bool = False, tokens: int = 0, model: str = ""
    ) -> None:
        said = history.Said(
            chat_id=self.place.chat_id,
            thread_id=self.place.thread_id,
            message_id=message_id,
            text=text,
            reply_to=self.message.message_id,
            answers=self.row_id or None,
            talk=talk,
            tokens=tokens,
            model=model,
        )
        async with self.session() as session:
            await history.remember(session, said)

    async def _put(self, part_number: int, part: Part, keyboard: InlineKeyboardMarkup | None = None) -> int:
        known = self._sent.get(part_number)
        if known and await self.services.delivery.edit(self.place, known, part, keyboard):
            return known
        reply_to = None if self.place.private else self.message.message_id
        message_id = await self.services.delivery.send(self.place, part, keyboard, reply_to)
        self._sent[part_number] = message_id
        async with self.session() as session:
            await updates.add_reply(session, self.incoming.update_id, part_number, self.place.chat_id, message_id)
        return message_id

    def _next_part(self) -> int:
        self._part += 1
        return self._part - 1


def _markup(keyboard: Keyboard) -> InlineKeyboardMarkup | None:
    rows = [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in keyboard]
    return InlineKeyboardMarkup(rows) if rows else None
