"""The least that python-telegram-bot does for a command: `python -m benchmarks.echo_bot ADDRESS` polls and echoes.

Nothing is stored, and what was fetched is lost if it stops.
"""

import sys

from telegram import Update
from telegram.ext import ApplicationBuilder, CommandHandler, ContextTypes

from bot.playground.world import PLAYGROUND_TOKEN


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    """Say what was said."""
    if update.message is not None:
        await update.message.reply_text(update.message.text or "")


def main(address: str) -> None:
    """Run until terminated."""
    application = ApplicationBuilder().token(PLAYGROUND_TOKEN).base_url(f"{address}/bot").build()
    application.add_handler(CommandHandler("help", echo))
    application.run_polling()


if __name__ == "__main__":
    main(sys.argv[1])
