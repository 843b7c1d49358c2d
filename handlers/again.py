"""The button "Try again" below what went wrong: the same question once more."""

import json

from telegram import Update

from bot.context import Context
from bot.routing import Button
from bot.storage import updates


async def again(ctx: Context) -> None:
    """Have a question that failed handled anew, for whoever asked or an admin; the explanation leaves."""
    update_id, message_id = _number(ctx.choice), ctx.message.message_id
    failed = await ctx.transact(updates.failed, update_id, ctx.place.chat_id, message_id)
    if failed is None:
        await ctx.answer_button(ctx.t("again-gone"), alert=True)
    elif not (_asker(ctx, failed) == ctx.user_id or await ctx.is_admin()):
        await ctx.answer_button(ctx.t("again-not-yours"), alert=True)
    else:
        # The inbox finds it when this tap has been handled.
        begun = await ctx.transact(updates.try_again, update_id)
        await ctx.answer_button(ctx.t("again-begun" if begun else "again-gone"))
        await ctx.services.delivery.delete(ctx.place, message_id)


def _number(choice: str) -> int:
    # What a button carries comes from outside; the database's column holds 63 bits.
    number = int(choice) if choice.isdecimal() else -1
    return number if number < 2**63 else -1


def _asker(ctx: Context, payload: str) -> int | None:
    person = Update.de_json(json.loads(payload), ctx.bot).effective_user
    return person.id if person else None


HANDLERS = [Button("again", again)]
