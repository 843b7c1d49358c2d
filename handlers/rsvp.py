"""Below an announced session: who comes, the calendar file, calling it off."""

from bot.context import Context
from bot.errors import BadInput
from bot.markdown import Attached
from bot.meeting import ANSWERS, announcement, calendar
from bot.routing import Button
from bot.storage import meetings
from bot.storage.tables import Meeting


async def press(ctx: Context) -> None:
    """Do what a button below an announcement says; what cannot be done is told to who tapped alone."""
    try:
        await _press(ctx)
    except BadInput as error:
        await ctx.answer_button(ctx.t(error.key, **error.values), alert=True)


async def _press(ctx: Context) -> None:
    number, _, action = ctx.choice.partition(":")
    known = number.isdecimal() and len(number) < 10
    meeting = await ctx.transact(meetings.get, ctx.place.chat_id, int(number)) if known else None
    # Called off already: the same tap is being handled again after a crash.
    again = meeting and meeting.state == "cancelled" and action == "cancel"
    if meeting is None or not (meeting.state == "planned" or again):
        raise BadInput("session-gone")
    if action in ANSWERS:
        await _answer(ctx, meeting, action)
    elif action == "calendar":
        name = f"{meeting.starts_at:%Y-%m-%d}.ics"
        await ctx.reply(ctx.t("session-calendar"), attached=Attached(name, calendar(meeting), picture=False))
    elif action == "cancel":
        await _cancel(ctx, meeting)
    else:
        raise BadInput


async def _answer(ctx: Context, meeting: Meeting, said: str) -> None:
    await ctx.transact(meetings.answer, meeting.id, ctx.user_id, said)
    await ctx.answer_button(ctx.t("session-noted"))
    await ctx.change(*announcement(meeting, await ctx.transact(meetings.answers, meeting.id)))


async def _cancel(ctx: Context, meeting: Meeting) -> None:
    if meeting.made_by != ctx.user_id and not await ctx.is_admin():
        await ctx.answer_button(ctx.t("session-not-yours"), alert=True)
        return
    if await ctx.transact(meetings.cancel, meeting.id):
        meeting.state = "cancelled"
    await ctx.change(*announcement(meeting, ()))
    # Who only watches for new messages learns of it, too.
    await ctx.reply(announcement(meeting, ())[0])


HANDLERS = [Button("rsvp", press)]
