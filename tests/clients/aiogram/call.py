"""Send one message with little patience, and print what happened: {"error": class} or {"sent": message id}."""

import asyncio
import json
import sys

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError

ADDRESS, TOKEN, CHAT = sys.argv[1:4]


async def send() -> dict[str, object]:
    async with Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(ADDRESS))) as bot:
        try:
            return {"sent": (await bot.send_message(int(CHAT), "one message", request_timeout=1)).message_id}
        except AiogramError as error:
            return {"error": type(error).__name__, "text": str(error)}


print(json.dumps(asyncio.run(send())))  # noqa: T201 - it is what the test reads
