"""A group that becomes a supergroup takes along what it has."""

from bot.context import Context
from bot.routing import Moved
from bot.storage import migration


async def moved(ctx: Context) -> None:
    """Give the new chat what the old one had."""
    message = ctx.message
    if message.migrate_to_chat_id:
        await ctx.transact(migration.move, message.chat_id, message.migrate_to_chat_id)


HANDLERS = [Moved(moved)]
