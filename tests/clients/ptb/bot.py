"""The bot of README.md on python-telegram-bot: its own Application, conversations, jobs and persistence."""

import datetime as dt
import logging
import sys
from typing import Any

from telegram import (
    BotCommand,
    ChatMember,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputMediaPhoto,
    InputTextMessageContent,
    KeyboardButton,
    Message,
    ReactionTypeEmoji,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
    User,
)
from telegram.constants import ParseMode
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    InlineQueryHandler,
    MessageHandler,
    MessageReactionHandler,
    PicklePersistence,
    PollAnswerHandler,
    filters,
)

ADDRESS, TOKEN, STATE, PORT, PICTURE = sys.argv[1:6]
SECRET = "a-secret-of-both-sides"
TITLE, AUTHOR = range(2)
NEW = filters.UpdateType.MESSAGE
Context = ContextTypes.DEFAULT_TYPE

logging.basicConfig(level=logging.WARNING)


def said(update: Update) -> Message:
    """Return the message of an update that has one."""
    assert update.effective_message is not None
    return update.effective_message


def who(update: Update) -> User:
    """Return the person of an update that has one."""
    assert update.effective_user is not None
    return update.effective_user


async def start(update: Update, context: Context) -> None:
    payload = f" ({context.args[0]})" if context.args else ""
    await said(update).reply_html(f"Hello, <b>{who(update).first_name}</b>.{payload}")


async def book(update: Update, _: Context) -> int:
    await said(update).reply_text("Which title?")
    return TITLE


async def title(update: Update, context: Context) -> int:
    assert context.user_data is not None
    context.user_data["title"] = said(update).text
    await said(update).reply_text("Who wrote it?")
    return AUTHOR


async def author(update: Update, context: Context) -> int:
    assert context.user_data is not None
    await said(update).reply_text(f"Saved: {context.user_data.pop('title')} by {said(update).text}.")
    return ConversationHandler.END


async def cancel(update: Update, _: Context) -> int:
    await said(update).reply_text("Cancelled.")
    return ConversationHandler.END


def counter(taps: int) -> dict[str, Any]:
    """Return the text and the button of the counter."""
    button = InlineKeyboardButton("+1", callback_data=f"count:{taps + 1}")
    return {"text": f"Taps: {taps}", "reply_markup": InlineKeyboardMarkup([[button]])}


async def count(update: Update, _: Context) -> None:
    await said(update).reply_text(**counter(0))


async def counted(update: Update, _: Context) -> None:
    query = update.callback_query
    assert query is not None
    assert query.data is not None
    await query.answer("Counted")
    await query.edit_message_text(**counter(int(query.data.removeprefix("count:"))))


async def quiz(update: Update, context: Context) -> None:
    poll = await said(update).reply_poll(
        "2 + 2?",
        ["3", "4", "5"],
        type="quiz",
        correct_option_ids=[1],
        is_anonymous=False,
        explanation="*Arithmetic*",
        explanation_parse_mode=ParseMode.MARKDOWN_V2,
    )
    assert poll.poll is not None
    context.bot_data[poll.poll.id] = poll.chat_id


async def ask(update: Update, context: Context) -> None:
    options = ["Rulfo", "Woolf", "Borges"]
    poll = await said(update).reply_poll("Who next?", options, is_anonymous=False, allows_multiple_answers=True)
    assert poll.poll is not None
    context.bot_data[poll.poll.id] = poll.chat_id


async def voted(update: Update, context: Context) -> None:
    answer = update.poll_answer
    assert answer is not None
    assert answer.user is not None
    chosen = ", ".join(map(str, answer.option_ids)) or "nothing"
    await context.bot.send_message(context.bot_data[answer.poll_id], f"{answer.user.first_name} chose {chosen}")


async def close(update: Update, context: Context) -> None:
    original = said(update).reply_to_message
    assert original is not None
    poll = await context.bot.stop_poll(original.chat_id, original.message_id)
    await said(update).reply_text("Votes: " + " ".join(str(option.voter_count) for option in poll.options))


async def document(update: Update, _: Context) -> None:
    sent = said(update).document
    assert sent is not None
    data = await (await sent.get_file()).download_as_bytearray()
    await said(update).reply_text(f"{sent.file_name}: {len(data)} bytes")


async def photo(update: Update, _: Context) -> None:
    largest = said(update).photo[-1]
    data = await (await largest.get_file()).download_as_bytearray()
    await said(update).reply_text(f"Picture {largest.width}x{largest.height}: {len(data)} bytes")


async def picture(update: Update, _: Context) -> None:
    with open(PICTURE, "rb") as file:  # noqa: ASYNC230, PTH123 - a few hundred bytes
        await said(update).reply_photo(file, caption="<i>A picture</i>", parse_mode=ParseMode.HTML)


async def album(update: Update, _: Context) -> None:
    with open(PICTURE, "rb") as file:  # noqa: ASYNC230, PTH123 - a few hundred bytes
        data = file.read()
    await said(update).reply_media_group([InputMediaPhoto(data), InputMediaPhoto(data, caption="Two of two")])


async def remind(update: Update, context: Context) -> None:
    assert context.job_queue is not None
    context.job_queue.run_once(reminder, dt.timedelta(milliseconds=50), chat_id=said(update).chat_id)
    await said(update).reply_text("I will remind you.")


async def reminder(context: Context) -> None:
    assert context.job is not None
    assert context.job.chat_id is not None
    await context.bot.send_message(context.job.chat_id, "Reminder!")


async def edited(update: Update, _: Context) -> None:
    await said(update).reply_text(f"Edited: {said(update).text}", do_quote=True)


async def noted(update: Update, _: Context) -> None:
    await said(update).reply_text(f"Noted: {said(update).text}", do_quote=True)


async def topic(update: Update, context: Context) -> None:
    name = " ".join(context.args or [])
    made = await context.bot.create_forum_topic(said(update).chat_id, name)
    await context.bot.send_message(
        said(update).chat_id, f"Talk here: {made.name}", message_thread_id=made.message_thread_id
    )


async def where(update: Update, _: Context) -> None:
    message = said(update)
    await message.reply_text(f"Topic {message.message_thread_id if message.is_topic_message else 'none'}")


async def like(update: Update, _: Context) -> None:
    await said(update).set_reaction("👍")


async def reacted(update: Update, context: Context) -> None:
    change = update.message_reaction
    assert change is not None
    assert change.user is not None
    old, new = (
        "".join(kind.emoji for kind in kinds if isinstance(kind, ReactionTypeEmoji)) or "-"
        for kinds in (change.old_reaction, change.new_reaction)
    )
    await context.bot.send_message(change.chat.id, f"{change.user.first_name}: {old} > {new}")


async def asked_inline(update: Update, _: Context) -> None:
    query = update.inline_query
    assert query is not None
    content = InputTextMessageContent(f"Echo: *{query.query}*", parse_mode=ParseMode.MARKDOWN_V2)
    await query.answer([InlineQueryResultArticle("1", "Echo", content, description="Says it again")], cache_time=0)


async def member_changed(update: Update, context: Context) -> None:
    change = update.chat_member
    assert change is not None
    old, new = change.old_chat_member, change.new_chat_member
    await context.bot.send_message(change.chat.id, f"{new.user.first_name}: {old.status} > {new.status}")


async def bot_changed(update: Update, context: Context) -> None:
    change = update.my_chat_member
    assert change is not None
    if change.new_chat_member.status == ChatMember.ADMINISTRATOR:
        await context.bot.send_message(change.chat.id, "Thank you.")
    context.bot_data["last"] = f"{change.chat.id} {change.new_chat_member.status}"


async def last(update: Update, context: Context) -> None:
    await said(update).reply_text(f"Last: {context.bot_data.get('last', 'nothing')}")


async def welcome(update: Update, _: Context) -> None:
    names = ", ".join(user.first_name for user in said(update).new_chat_members or [] if not user.is_bot)
    if names:
        await said(update).reply_text(f"Welcome, {names}.")


async def migrated(update: Update, context: Context) -> None:
    new = said(update).migrate_to_chat_id
    if new:
        await context.bot.send_message(new, f"Moved to {new}")


async def members(update: Update, context: Context) -> None:
    chat = await context.bot.get_chat(said(update).chat_id)
    number = await chat.get_member_count()
    names = sorted(admin.user.first_name for admin in await chat.get_administrators())
    await said(update).reply_text(f"{chat.title}: {number} members, {', '.join(names)}")


async def copy(update: Update, _: Context) -> None:
    original = said(update).reply_to_message
    assert original is not None
    await original.copy(original.chat_id)


async def forward(update: Update, _: Context) -> None:
    original = said(update).reply_to_message
    assert original is not None
    await original.forward(original.chat_id)


async def pin(update: Update, _: Context) -> None:
    original = said(update).reply_to_message
    assert original is not None
    await original.pin(disable_notification=True)


async def ask_contact(update: Update, _: Context) -> None:
    buttons = [[KeyboardButton("My number", request_contact=True)]]
    keyboard = ReplyKeyboardMarkup(buttons, resize_keyboard=True, one_time_keyboard=True)
    await said(update).reply_text("May I have it?", reply_markup=keyboard)


async def contact(update: Update, _: Context) -> None:
    shared = said(update).contact
    assert shared is not None
    await said(update).reply_text(f"Phone {shared.phone_number}", reply_markup=ReplyKeyboardRemove())


async def location(update: Update, _: Context) -> None:
    place = said(update).location
    assert place is not None
    await said(update).reply_text(f"At {place.latitude:.2f}, {place.longitude:.2f}")


async def set_commands(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    await application.bot.set_my_commands([BotCommand("start", "Begin"), BotCommand("book", "Save a book")])
    await application.bot.set_my_commands([BotCommand("start", "Empezar")], language_code="es")


COMMANDS = {
    "start": start,
    "count": count,
    "quiz": quiz,
    "poll": ask,
    "close": close,
    "picture": picture,
    "album": album,
    "remind": remind,
    "topic": topic,
    "where": where,
    "like": like,
    "last": last,
    "members": members,
    "copy": copy,
    "forward": forward,
    "pin": pin,
    "contact": ask_contact,
}


def build() -> Application[Any, Any, Any, Any, Any, Any]:
    builder: Any = ApplicationBuilder().token(TOKEN).base_url(f"{ADDRESS}/bot").base_file_url(f"{ADDRESS}/file/bot")
    persistence: Any = PicklePersistence(STATE, update_interval=0.1)
    application: Any = builder.persistence(persistence).post_init(set_commands).build()
    words = filters.TEXT & ~filters.COMMAND & NEW & filters.ChatType.PRIVATE
    application.add_handler(
        ConversationHandler(
            [CommandHandler("book", book, filters=NEW)],
            {TITLE: [MessageHandler(words, title)], AUTHOR: [MessageHandler(words, author)]},
            [CommandHandler("cancel", cancel)],
            name="book",
            persistent=True,
        )
    )
    for name, handler in COMMANDS.items():
        application.add_handler(CommandHandler(name, handler, filters=NEW))
    application.add_handler(CallbackQueryHandler(counted, pattern=r"^count:\d+$"))
    application.add_handler(PollAnswerHandler(voted))
    application.add_handler(MessageReactionHandler(reacted))
    application.add_handler(InlineQueryHandler(asked_inline))
    application.add_handler(ChatMemberHandler(member_changed, ChatMemberHandler.CHAT_MEMBER))
    application.add_handler(ChatMemberHandler(bot_changed, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(MessageHandler(filters.Document.ALL & NEW, document))
    application.add_handler(MessageHandler(filters.PHOTO & NEW, photo))
    application.add_handler(MessageHandler(filters.CONTACT, contact))
    application.add_handler(MessageHandler(filters.LOCATION, location))
    application.add_handler(MessageHandler(filters.StatusUpdate.NEW_CHAT_MEMBERS, welcome))
    application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, migrated))
    application.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE & filters.TEXT, edited))
    application.add_handler(MessageHandler(filters.UpdateType.CHANNEL_POST & filters.TEXT, noted))
    return application  # type: ignore[no-any-return]


def main() -> None:
    if PORT == "0":
        build().run_polling(allowed_updates=Update.ALL_TYPES, timeout=dt.timedelta(seconds=30))
    else:
        build().run_webhook(
            "127.0.0.1",
            int(PORT),
            url_path="hook",
            webhook_url=f"http://127.0.0.1:{PORT}/hook",
            secret_token=SECRET,
            allowed_updates=Update.ALL_TYPES,
        )


main()
