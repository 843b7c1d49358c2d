"""Send one message with little patience, and print what happened: {"error": class} or {"sent": message id}."""

import asyncio
import json
import sys

from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, ExtBot

ADDRESS, TOKEN, CHAT, PATIENT = sys.argv[1:5]


async def send() -> dict[str, object]:
    limiter = AIORateLimiter(max_retries=3) if PATIENT == "patient" else None
    async with ExtBot(TOKEN, base_url=f"{ADDRESS}/bot", rate_limiter=limiter) as bot:
        try:
            return {"sent": (await bot.send_message(int(CHAT), "one message", read_timeout=1)).message_id}
        except TelegramError as error:
            return {"error": type(error).__name__, "text": str(error)}


print(json.dumps(asyncio.run(send())))  # noqa: T201 - it is what the test reads
