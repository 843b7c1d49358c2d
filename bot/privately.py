"""What is asked for in a group and answered in the asker's private chat."""

from telegram.error import BadRequest, Forbidden

from bot.attending import PARTS
from bot.context import Context
from bot.delivery import Place
from bot.markdown import render
from bot.storage import updates

# Where such parts are numbered: beyond those of the answer in the group.
_FIRST = 10 * PARTS


async def tell(ctx: Context, markdown: str) -> bool:
    """Send a text to the person's private chat, once also after a crash; return False where there is no such chat.

    There is none with people who never wrote to the bot, with those who blocked it, and with who speaks as a chat.
    """
    if ctx.user is None:
        return False
    place, known = Place(ctx.user_id, 0, private=True), await ctx.transact(updates.replies, ctx.update_id)
    try:
        for number, part in enumerate(render(markdown), _FIRST):
            if number not in known:
                message_id = await ctx.services.delivery.send(place, part)
                await ctx.transact(updates.add_reply, ctx.update_id, number, ctx.user_id, message_id)
    except (Forbidden, BadRequest):
        return False
    return True
