"""Send one message with little patience, and print what happened: {"error": class} or {"sent": message id}."""

import json
import sys

import requests
import telebot
from telebot import apihelper, util

ADDRESS, TOKEN, CHAT, PATIENT = sys.argv[1:5]
apihelper.API_URL = ADDRESS + "/bot{0}/{1}"
bot = telebot.TeleBot(TOKEN, threaded=False)


def send() -> dict[str, object]:
    try:
        if PATIENT == "patient":
            return {"sent": util.antiflood(bot.send_message, int(CHAT), "one message").message_id}
        return {"sent": bot.send_message(int(CHAT), "one message", timeout=1).message_id}
    except (apihelper.ApiTelegramException, requests.RequestException) as error:
        return {"error": type(error).__name__, "text": str(error)}


print(json.dumps(send()))  # noqa: T201 - it is what the test reads
