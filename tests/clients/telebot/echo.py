"""An echo on pyTelegramBotAPI's asynchronous half, which calls everything by GET with a form as the body."""

import asyncio
import sys

from telebot import asyncio_helper, types
from telebot.async_telebot import AsyncTeleBot

ADDRESS, TOKEN = sys.argv[1:3]
asyncio_helper.API_URL = ADDRESS + "/bot{0}/{1}"
asyncio_helper.FILE_URL = ADDRESS + "/file/bot{0}/{1}"
bot = AsyncTeleBot(TOKEN)


@bot.message_handler(content_types=["document"])
async def document(message: types.Message) -> None:
    file = await bot.get_file(message.document.file_id)
    await bot.reply_to(message, f"{len(await bot.download_file(file.file_path))} bytes")


@bot.message_handler(func=lambda _: True)
async def echo(message: types.Message) -> None:
    await bot.reply_to(message, message.text)


asyncio.run(bot.infinity_polling(timeout=10, request_timeout=12))
