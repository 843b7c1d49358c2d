"""The bot of README.md on pyTelegramBotAPI: synchronous, threads, states in a file."""

import logging
import signal
import sys
import threading
from typing import Any

import telebot
from telebot import apihelper, custom_filters, types
from telebot.handler_backends import State, StatesGroup
from telebot.states.sync.context import StateContext
from telebot.states.sync.middleware import StateMiddleware
from telebot.storage import StatePickleStorage

ADDRESS, TOKEN, STATE, PORT, PICTURE = sys.argv[1:6]
SECRET = "a-secret-of-both-sides"
ALL_UPDATES = [name for name in telebot.util.update_types if name != "message_reaction_count"]
apihelper.API_URL = ADDRESS + "/bot{0}/{1}"
apihelper.FILE_URL = ADDRESS + "/file/bot{0}/{1}"

telebot.logger.setLevel(logging.WARNING)
bot = telebot.TeleBot(
    TOKEN, state_storage=StatePickleStorage(f"{STATE}/states"), use_class_middlewares=True, num_threads=2
)
bot.add_custom_filter(custom_filters.StateFilter(bot))
bot.setup_middleware(StateMiddleware(bot))
polls: dict[str, int] = {}
last_change = {"text": "nothing"}


class Book(StatesGroup):
    """The steps of saving a book."""

    title = State()
    author = State()


def rest(message: types.Message) -> str:
    """Return what follows the command."""
    return message.text.partition(" ")[2]


@bot.message_handler(commands=["start"])
def start(message: types.Message) -> None:
    payload = f" ({rest(message)})" if rest(message) else ""
    bot.send_message(message.chat.id, f"Hello, <b>{message.from_user.first_name}</b>.{payload}", parse_mode="HTML")


@bot.message_handler(commands=["book"])
def book(message: types.Message, state: StateContext) -> None:
    state.set(Book.title)
    bot.send_message(message.chat.id, "Which title?")


@bot.message_handler(commands=["cancel"])
def cancel(message: types.Message, state: StateContext) -> None:
    state.delete()
    bot.send_message(message.chat.id, "Cancelled.")


@bot.message_handler(state=Book.title)
def title(message: types.Message, state: StateContext) -> None:
    state.set(Book.author)
    state.add_data(title=message.text)
    bot.send_message(message.chat.id, "Who wrote it?")


@bot.message_handler(state=Book.author)
def author(message: types.Message, state: StateContext) -> None:
    with state.data() as data:
        name = data["title"]
    state.delete()
    bot.send_message(message.chat.id, f"Saved: {name} by {message.text}.")


def counter(taps: int) -> dict[str, Any]:
    """Return the text and the button of the counter."""
    keyboard = telebot.util.quick_markup({"+1": {"callback_data": f"count:{taps + 1}"}})
    return {"text": f"Taps: {taps}", "reply_markup": keyboard}


@bot.message_handler(commands=["count"])
def count(message: types.Message) -> None:
    bot.send_message(message.chat.id, **counter(0))


@bot.callback_query_handler(func=lambda query: query.data.startswith("count:"))
def counted(query: types.CallbackQuery) -> None:
    bot.answer_callback_query(query.id, "Counted")
    told = counter(int(query.data.removeprefix("count:")))
    bot.edit_message_text(chat_id=query.message.chat.id, message_id=query.message.id, **told)


@bot.message_handler(commands=["quiz"])
def quiz(message: types.Message) -> None:
    sent = bot.send_poll(
        message.chat.id,
        "2 + 2?",
        [types.InputPollOption(text) for text in ("3", "4", "5")],
        type="quiz",
        correct_option_ids=[1],
        is_anonymous=False,
        explanation="Arithmetic",
    )
    polls[sent.poll.id] = sent.chat.id


@bot.message_handler(commands=["poll"])
def ask(message: types.Message) -> None:
    options = [types.InputPollOption(text) for text in ("Rulfo", "Woolf", "Borges")]
    sent = bot.send_poll(message.chat.id, "Who next?", options, is_anonymous=False, allows_multiple_answers=True)
    polls[sent.poll.id] = sent.chat.id


@bot.poll_answer_handler()
def voted(answer: types.PollAnswer) -> None:
    chosen = ", ".join(map(str, answer.option_ids)) or "nothing"
    bot.send_message(polls[answer.poll_id], f"{answer.user.first_name} chose {chosen}")


@bot.message_handler(commands=["close"])
def close(message: types.Message) -> None:
    poll = bot.stop_poll(message.chat.id, message.reply_to_message.id)
    bot.send_message(message.chat.id, "Votes: " + " ".join(str(option.voter_count) for option in poll.options))


@bot.message_handler(content_types=["document"])
def document(message: types.Message) -> None:
    data = bot.download_file(bot.get_file(message.document.file_id).file_path)
    bot.send_message(message.chat.id, f"{message.document.file_name}: {len(data)} bytes")


@bot.message_handler(content_types=["photo"])
def photo(message: types.Message) -> None:
    largest = message.photo[-1]
    data = bot.download_file(bot.get_file(largest.file_id).file_path)
    bot.send_message(message.chat.id, f"Picture {largest.width}x{largest.height}: {len(data)} bytes")


@bot.message_handler(commands=["picture"])
def picture(message: types.Message) -> None:
    bot.send_photo(message.chat.id, types.InputFile(PICTURE), caption="<i>A picture</i>", parse_mode="HTML")


@bot.message_handler(commands=["album"])
def album(message: types.Message) -> None:
    first, second = (types.InputFile(PICTURE) for _ in range(2))
    bot.send_media_group(
        message.chat.id, [types.InputMediaPhoto(first), types.InputMediaPhoto(second, caption="Two of two")]
    )


@bot.message_handler(commands=["remind"])
def remind(message: types.Message) -> None:
    bot.send_message(message.chat.id, "I will remind you.")
    threading.Timer(0.05, bot.send_message, [message.chat.id, "Reminder!"]).start()


@bot.edited_message_handler(content_types=["text"])
def edited(message: types.Message) -> None:
    bot.reply_to(message, f"Edited: {message.text}")


@bot.channel_post_handler(content_types=["text"])
def noted(message: types.Message) -> None:
    bot.reply_to(message, f"Noted: {message.text}")


@bot.message_handler(commands=["topic"])
def topic(message: types.Message) -> None:
    made = bot.create_forum_topic(message.chat.id, rest(message))
    bot.send_message(message.chat.id, f"Talk here: {made.name}", message_thread_id=made.message_thread_id)


@bot.message_handler(commands=["where"])
def where(message: types.Message) -> None:
    thread = message.message_thread_id if message.is_topic_message else None
    bot.send_message(message.chat.id, f"Topic {thread or 'none'}", message_thread_id=thread)


@bot.message_handler(commands=["like"])
def like(message: types.Message) -> None:
    bot.set_message_reaction(message.chat.id, message.id, [types.ReactionTypeEmoji("👍")])


@bot.message_reaction_handler()
def reacted(change: types.MessageReactionUpdated) -> None:
    old, new = ("".join(kind.emoji for kind in kinds) or "-" for kinds in (change.old_reaction, change.new_reaction))
    bot.send_message(change.chat.id, f"{change.user.first_name}: {old} > {new}")


@bot.inline_handler(lambda _: True)
def asked_inline(query: types.InlineQuery) -> None:
    content = types.InputTextMessageContent(f"Echo: <b>{query.query}</b>", parse_mode="HTML")
    article = types.InlineQueryResultArticle("1", "Echo", content, description="Says it again")
    bot.answer_inline_query(query.id, [article], cache_time=0)


@bot.chat_member_handler()
def member_changed(change: types.ChatMemberUpdated) -> None:
    old, new = change.old_chat_member, change.new_chat_member
    bot.send_message(change.chat.id, f"{new.user.first_name}: {old.status} > {new.status}")


@bot.my_chat_member_handler()
def bot_changed(change: types.ChatMemberUpdated) -> None:
    if change.new_chat_member.status == "administrator":
        bot.send_message(change.chat.id, "Thank you.")
    last_change["text"] = f"{change.chat.id} {change.new_chat_member.status}"


@bot.message_handler(commands=["last"])
def last(message: types.Message) -> None:
    bot.send_message(message.chat.id, f"Last: {last_change['text']}")


@bot.message_handler(content_types=["new_chat_members"])
def welcome(message: types.Message) -> None:
    names = ", ".join(user.first_name for user in message.new_chat_members if not user.is_bot)
    if names:
        bot.send_message(message.chat.id, f"Welcome, {names}.")


@bot.message_handler(content_types=["migrate_to_chat_id"])
def migrated(message: types.Message) -> None:
    bot.send_message(message.migrate_to_chat_id, f"Moved to {message.migrate_to_chat_id}")


@bot.message_handler(commands=["members"])
def members(message: types.Message) -> None:
    chat = bot.get_chat(message.chat.id)
    number = bot.get_chat_member_count(chat.id)
    names = sorted(admin.user.first_name for admin in bot.get_chat_administrators(chat.id))
    bot.send_message(message.chat.id, f"{chat.title}: {number} members, {', '.join(names)}")


@bot.message_handler(commands=["copy"])
def copy(message: types.Message) -> None:
    bot.copy_message(message.chat.id, message.chat.id, message.reply_to_message.id)


@bot.message_handler(commands=["forward"])
def forward(message: types.Message) -> None:
    bot.forward_message(message.chat.id, message.chat.id, message.reply_to_message.id)


@bot.message_handler(commands=["pin"])
def pin(message: types.Message) -> None:
    bot.pin_chat_message(message.chat.id, message.reply_to_message.id, disable_notification=True)


@bot.message_handler(commands=["contact"])
def ask_contact(message: types.Message) -> None:
    keyboard = types.ReplyKeyboardMarkup(resize_keyboard=True, one_time_keyboard=True)
    keyboard.add(types.KeyboardButton("My number", request_contact=True))
    bot.send_message(message.chat.id, "May I have it?", reply_markup=keyboard)


@bot.message_handler(content_types=["contact"])
def contact(message: types.Message) -> None:
    told = f"Phone {message.contact.phone_number}"
    bot.send_message(message.chat.id, told, reply_markup=types.ReplyKeyboardRemove())


@bot.message_handler(content_types=["location"])
def location(message: types.Message) -> None:
    bot.send_message(message.chat.id, f"At {message.location.latitude:.2f}, {message.location.longitude:.2f}")


bot.set_my_commands([types.BotCommand("start", "Begin"), types.BotCommand("book", "Save a book")])
bot.set_my_commands([types.BotCommand("start", "Empezar")], language_code="es")
if PORT == "0":
    signal.signal(signal.SIGTERM, lambda *_: bot.stop_bot())
    bot.infinity_polling(timeout=10, long_polling_timeout=2, allowed_updates=ALL_UPDATES)
else:
    bot.run_webhooks(
        listen="127.0.0.1",
        port=int(PORT),
        url_path="hook",
        webhook_url=f"http://127.0.0.1:{PORT}/hook/",  # the library adds the slash to its own path
        secret_token=SECRET,
        allowed_updates=ALL_UPDATES,
    )
