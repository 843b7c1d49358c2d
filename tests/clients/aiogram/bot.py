"""The bot of README.md on aiogram 3: routers, states, callback data, its pydantic models of every update."""

import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.base import BaseStorage, StateType, StorageKey
from aiogram.types import (
    BotCommand,
    CallbackQuery,
    ChatMemberAdministrator,
    ChatMemberUpdated,
    FSInputFile,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InputPollOption,
    InputTextMessageContent,
    KeyboardButton,
    Message,
    MessageReactionUpdated,
    PollAnswer,
    ReactionTypeEmoji,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from aiogram.utils.keyboard import InlineKeyboardBuilder
from aiogram.utils.media_group import MediaGroupBuilder
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

ADDRESS, TOKEN, STATE, PORT, PICTURE = sys.argv[1:6]
SECRET = "a-secret-of-both-sides"
SPOKEN = F.text & ~F.text.startswith("/")
router = Router()
polls: dict[str, int] = {}
last_change = {"text": "nothing"}
pending: set[asyncio.Task[None]] = set()

logging.basicConfig(level=logging.WARNING)


class FileStorage(BaseStorage):
    """States in one JSON file, so that they outlive the process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kept: dict[str, dict[str, Any]] = json.loads(path.read_text()) if path.exists() else {}

    def _of(self, key: StorageKey) -> dict[str, Any]:
        return self.kept.setdefault(f"{key.chat_id}:{key.user_id}", {"state": None, "data": {}})

    def _save(self) -> None:
        self.path.write_text(json.dumps(self.kept))

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        self._of(key)["state"] = state.state if isinstance(state, State) else state
        self._save()

    async def get_state(self, key: StorageKey) -> str | None:
        return self._of(key)["state"]

    async def set_data(self, key: StorageKey, data: Any) -> None:
        self._of(key)["data"] = dict(data)
        self._save()

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        return dict(self._of(key)["data"])

    async def close(self) -> None:
        self._save()


class Book(StatesGroup):
    """The steps of saving a book."""

    title = State()
    author = State()


class Counter(CallbackData, prefix="count"):
    """What the counter's button carries."""

    taps: int


@router.message(CommandStart())
async def start(message: Message, command: CommandObject) -> Any:
    payload = f" ({command.args})" if command.args else ""
    # Returned, not awaited: by webhook it goes out as the answer to the update.
    return message.answer(f"Hello, <b>{message.from_user.first_name}</b>.{payload}")


@router.message(Command("book"))
async def book(message: Message, state: FSMContext) -> None:
    await state.set_state(Book.title)
    await message.answer("Which title?")


@router.message(Command("cancel"))
async def cancel(message: Message, state: FSMContext) -> None:
    await state.clear()
    await message.answer("Cancelled.")


@router.message(Book.title, SPOKEN)
async def title(message: Message, state: FSMContext) -> None:
    await state.update_data(title=message.text)
    await state.set_state(Book.author)
    await message.answer("Who wrote it?")


@router.message(Book.author, SPOKEN)
async def author(message: Message, state: FSMContext) -> None:
    data = await state.get_data()
    await state.clear()
    await message.answer(f"Saved: {data['title']} by {message.text}.")


def counter(taps: int) -> tuple[str, InlineKeyboardMarkup]:
    """Return the text and the button of the counter."""
    builder = InlineKeyboardBuilder()
    builder.button(text="+1", callback_data=Counter(taps=taps + 1))
    return f"Taps: {taps}", builder.as_markup()


@router.message(Command("count"))
async def count(message: Message) -> None:
    text, keyboard = counter(0)
    await message.answer(text, reply_markup=keyboard)


@router.callback_query(Counter.filter())
async def counted(query: CallbackQuery, callback_data: Counter) -> Any:
    text, keyboard = counter(callback_data.taps)
    await query.message.edit_text(text, reply_markup=keyboard)
    return query.answer("Counted")


@router.message(Command("quiz"))
async def quiz(message: Message) -> None:
    sent = await message.answer_poll(
        "2 + 2?",
        ["3", "4", "5"],
        type="quiz",
        correct_option_ids=[1],
        is_anonymous=False,
        explanation="<b>Arithmetic</b>",
    )
    polls[sent.poll.id] = sent.chat.id


@router.message(Command("poll"))
async def ask(message: Message) -> None:
    options = [InputPollOption(text=text) for text in ("Rulfo", "Woolf", "Borges")]
    sent = await message.answer_poll("Who next?", options, is_anonymous=False, allows_multiple_answers=True)
    polls[sent.poll.id] = sent.chat.id


@router.poll_answer()
async def voted(answer: PollAnswer, bot: Bot) -> None:
    chosen = ", ".join(map(str, answer.option_ids)) or "nothing"
    await bot.send_message(polls[answer.poll_id], f"{answer.user.first_name} chose {chosen}")


@router.message(Command("close"))
async def close(message: Message, bot: Bot) -> None:
    poll = await bot.stop_poll(message.chat.id, message.reply_to_message.message_id)
    await message.answer("Votes: " + " ".join(str(option.voter_count) for option in poll.options))


@router.message(F.document)
async def document(message: Message, bot: Bot) -> None:
    data = await bot.download(message.document)
    await message.answer(f"{message.document.file_name}: {len(data.read())} bytes")


@router.message(F.photo)
async def photo(message: Message, bot: Bot) -> None:
    largest = message.photo[-1]
    data = await bot.download(largest)
    await message.answer(f"Picture {largest.width}x{largest.height}: {len(data.read())} bytes")


@router.message(Command("picture"))
async def picture(message: Message) -> Any:
    return message.answer_photo(FSInputFile(PICTURE), caption="<i>A picture</i>")


@router.message(Command("album"))
async def album(message: Message) -> None:
    media = MediaGroupBuilder()
    media.add_photo(FSInputFile(PICTURE))
    media.add_photo(FSInputFile(PICTURE), caption="Two of two")
    await message.answer_media_group(media.build())


@router.message(Command("remind"))
async def remind(message: Message) -> None:
    await message.answer("I will remind you.")
    task = asyncio.create_task(reminder(message))
    pending.add(task)
    task.add_done_callback(pending.discard)


async def reminder(message: Message) -> None:
    await asyncio.sleep(0.05)
    await message.answer("Reminder!")


@router.edited_message(F.text)
async def edited(message: Message) -> None:
    await message.reply(f"Edited: {message.text}")


@router.channel_post(F.text)
async def noted(post: Message) -> None:
    await post.reply(f"Noted: {post.text}")


@router.message(Command("topic"))
async def topic(message: Message, command: CommandObject, bot: Bot) -> None:
    made = await bot.create_forum_topic(message.chat.id, command.args)
    await bot.send_message(message.chat.id, f"Talk here: {made.name}", message_thread_id=made.message_thread_id)


@router.message(Command("where"))
async def where(message: Message) -> None:
    await message.answer(f"Topic {message.message_thread_id if message.is_topic_message else 'none'}")


@router.message(Command("like"))
async def like(message: Message) -> None:
    await message.react([ReactionTypeEmoji(emoji="👍")])


@router.message_reaction()
async def reacted(change: MessageReactionUpdated, bot: Bot) -> None:
    old, new = ("".join(kind.emoji for kind in kinds) or "-" for kinds in (change.old_reaction, change.new_reaction))
    await bot.send_message(change.chat.id, f"{change.user.first_name}: {old} > {new}")


@router.inline_query()
async def asked_inline(query: InlineQuery) -> Any:
    content = InputTextMessageContent(message_text=f"Echo: <b>{query.query}</b>")
    article = InlineQueryResultArticle(id="1", title="Echo", description="Says it again", input_message_content=content)
    return query.answer([article], cache_time=0)


@router.chat_member()
async def member_changed(change: ChatMemberUpdated, bot: Bot) -> None:
    old, new = change.old_chat_member, change.new_chat_member
    await bot.send_message(change.chat.id, f"{new.user.first_name}: {old.status} > {new.status}")


@router.my_chat_member()
async def bot_changed(change: ChatMemberUpdated, bot: Bot) -> None:
    if isinstance(change.new_chat_member, ChatMemberAdministrator):
        await bot.send_message(change.chat.id, "Thank you.")
    last_change["text"] = f"{change.chat.id} {change.new_chat_member.status}"


@router.message(Command("last"))
async def last(message: Message) -> None:
    await message.answer(f"Last: {last_change['text']}")


@router.message(F.new_chat_members)
async def welcome(message: Message) -> None:
    names = ", ".join(user.first_name for user in message.new_chat_members if not user.is_bot)
    if names:
        await message.answer(f"Welcome, {names}.")


@router.message(F.migrate_to_chat_id)
async def migrated(message: Message, bot: Bot) -> None:
    await bot.send_message(message.migrate_to_chat_id, f"Moved to {message.migrate_to_chat_id}")


@router.message(Command("members"))
async def members(message: Message, bot: Bot) -> None:
    chat = await bot.get_chat(message.chat.id)
    number = await bot.get_chat_member_count(chat.id)
    names = sorted(admin.user.first_name for admin in await bot.get_chat_administrators(chat.id))
    await message.answer(f"{chat.title}: {number} members, {', '.join(names)}")


@router.message(Command("copy"))
async def copy(message: Message) -> None:
    await message.reply_to_message.copy_to(message.chat.id)


@router.message(Command("forward"))
async def forward(message: Message) -> None:
    await message.reply_to_message.forward(message.chat.id)


@router.message(Command("pin"))
async def pin(message: Message) -> None:
    await message.reply_to_message.pin(disable_notification=True)


@router.message(Command("contact"))
async def ask_contact(message: Message) -> None:
    buttons = [[KeyboardButton(text="My number", request_contact=True)]]
    keyboard = ReplyKeyboardMarkup(keyboard=buttons, resize_keyboard=True, one_time_keyboard=True)
    await message.answer("May I have it?", reply_markup=keyboard)


@router.message(F.contact)
async def contact(message: Message) -> None:
    await message.answer(f"Phone {message.contact.phone_number}", reply_markup=ReplyKeyboardRemove())


@router.message(F.location)
async def location(message: Message) -> None:
    await message.answer(f"At {message.location.latitude:.2f}, {message.location.longitude:.2f}")


async def set_commands(bot: Bot) -> None:
    begin, save = (
        BotCommand(command="start", description="Begin"),
        BotCommand(command="book", description="Save a book"),
    )
    await bot.set_my_commands([begin, save])
    await bot.set_my_commands([BotCommand(command="start", description="Empezar")], language_code="es")


async def set_webhook(bot: Bot) -> None:
    await bot.set_webhook(
        f"http://127.0.0.1:{PORT}/hook",
        secret_token=SECRET,
        allowed_updates=[*dispatcher.resolve_used_update_types()],
    )


dispatcher = Dispatcher(storage=FileStorage(Path(STATE)))
dispatcher.include_router(router)
dispatcher.startup.register(set_commands)
session = AiohttpSession(api=TelegramAPIServer.from_base(ADDRESS))
bot = Bot(TOKEN, session=session, default=DefaultBotProperties(parse_mode=ParseMode.HTML))

if PORT == "0":
    used = dispatcher.resolve_used_update_types()
    asyncio.run(dispatcher.start_polling(bot, allowed_updates=used, polling_timeout=30))
else:
    application = web.Application()
    # Not in the background, so that what a handler returns becomes the body of the answer, as multipart.
    handler = SimpleRequestHandler(dispatcher, bot, handle_in_background=False, secret_token=SECRET)
    handler.register(application, path="/hook")
    dispatcher.startup.register(set_webhook)
    setup_application(application, dispatcher, bot=bot)
    web.run_app(application, host="127.0.0.1", port=int(PORT), print=None)
