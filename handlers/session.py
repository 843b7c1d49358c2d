"""/session: plan the next study session in words or by buttons, and announce it."""

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from bot import texts
from bot.context import Context
from bot.drafting import WRITTEN, Keyboard, at, days, draft, hours, moved, rezoned, zones
from bot.errors import BadInput
from bot.markdown import render
from bot.meeting import announcement, reminders, when
from bot.planning import USUAL_TIME, hour_open, in_zone, parse_plan, parse_when, parse_zone
from bot.routing import Button, Command
from bot.storage import meetings
from bot.storage.tables import Meeting

# Of a chapter or a place, in characters.
_MOST = 200
# What a person was asked to write for which draft; the question carries it.
_ANSWER = re.compile(rf"({'|'.join(WRITTEN)}):(\d{{1,9}})\s+(.+)", re.DOTALL)


async def session(ctx: Context) -> None:
    """Take what a person was asked for; else draft what they write, or show what is planned and their draft."""
    if asked := _ANSWER.fullmatch(ctx.words):
        await _take(ctx, await _draft(ctx, asked[2]), asked[1], asked[3].strip())
    elif ctx.words:
        await _show(ctx, await _new(ctx, ctx.words), hour=hour_open(parse_plan(ctx.words)[0]))
    else:
        await _overview(ctx)


async def _overview(ctx: Context) -> None:
    now = datetime.now(UTC)
    begun = await ctx.transact(meetings.open_draft, ctx.place.chat_id, _maker(ctx), now)
    planned = await ctx.transact(meetings.upcoming, ctx.place.chat_id, now)
    if planned:
        lines = [_line(ctx, meeting) for meeting in planned]
        button = (ctx.t("session-button-new"), "session:0:new:")
        await ctx.reply("\n".join((ctx.t("session-planned"), *lines)), () if begun else [[button]])
    if begun or not planned:
        await _show(ctx, begun or await _new(ctx, ""))


async def press(ctx: Context) -> None:
    """Do what a draft's button says; what cannot be done is told to who tapped alone."""
    try:
        await _press(ctx)
    except BadInput as error:
        await ctx.answer_button(ctx.t(error.key, **error.values), alert=True)


async def _press(ctx: Context) -> None:
    number, action, value = [*ctx.choice.split(":", 2), "", ""][:3]
    if action == "new":
        await _show(ctx, await _new(ctx, ""))
        return
    meeting = await _draft(ctx, number)
    if action == "announce":
        await _announce(ctx, meeting)
    elif action == "discard":
        await ctx.transact(meetings.discard, meeting.id)
        await ctx.change(ctx.t("session-discarded"))
    elif action == "write" and value in WRITTEN:
        await ctx.ask(ctx.t(f"session-ask-{value}"), "session", f"{value}:{meeting.id}")
    else:
        await ctx.change(*await _chosen(ctx, meeting, action, value))


async def _chosen(ctx: Context, meeting: Meeting, action: str, value: str) -> tuple[str, Keyboard]:
    """Return what takes the draft's place once one of its buttons was tapped."""
    match action:
        case "days":
            return days(meeting, _now(meeting.zone).date())
        case "hours":
            return hours(meeting)
        case "day" | "hour" | "minute":
            return hours(await _change(ctx, meeting, {"starts_at": moved(meeting, action, value)}))
        case "zones":
            return zones(meeting)
        case "zone":
            return draft(await _set_zone(ctx, meeting, value))
        case "back":
            return draft(meeting)
        case _:
            raise BadInput


async def _new(ctx: Context, words: str) -> Meeting:
    first, chapter, place = parse_plan(words)
    meeting = Meeting(
        chat_id=ctx.place.chat_id,
        thread_id=ctx.place.thread_id,
        starts_at=await _when(ctx, first, ctx.chat.zone) if first else at(_now(ctx.chat.zone), USUAL_TIME),
        zone=ctx.chat.zone,
        chapter=chapter[:_MOST],
        place=place[:_MOST],
        language=ctx.language,
        made_by=_maker(ctx),
    )
    for message_id in await ctx.transact(meetings.draft, meeting):
        await _close(ctx, message_id, "session-replaced")
    return meeting


async def _close(ctx: Context, message_id: int, key: str) -> None:
    """Take the buttons from a message where a draft stood, and say what became of it."""
    await ctx.services.delivery.edit(ctx.place, message_id, render(ctx.t(key))[0])


def _maker(ctx: Context) -> int | None:
    return ctx.user.id if ctx.user else None


async def _take(ctx: Context, meeting: Meeting, field: str, words: str) -> None:
    """Fill in what a person wrote."""
    hour = field == "when" and hour_open(words)
    if field == "zone":
        meeting = await _set_zone(ctx, meeting, words)
    elif field == "when":
        meeting = await _change(ctx, meeting, {"starts_at": await _when(ctx, words, meeting.zone)})
    else:
        meeting = await _change(ctx, meeting, {field: " ".join(words.split())[:_MOST]})
    await _show(ctx, meeting, hour=hour)


async def _show(ctx: Context, meeting: Meeting, *, hour: bool = False) -> None:
    """Show a draft in a new message: the hours to choose from if `hour`, and first the zones, once in a chat."""
    filled = hours(meeting) if hour else draft(meeting)
    message_id = await ctx.reply(*(filled if meeting.zone else zones(meeting)))
    before = await ctx.transact(meetings.show, meeting.id, ctx.place.thread_id, message_id)
    if before:
        await _close(ctx, before, "session-below")


async def _announce(ctx: Context, meeting: Meeting) -> None:
    now = datetime.now(UTC)
    if meeting.starts_at <= now:
        raise BadInput("session-past")
    if not meeting.zone:
        await ctx.change(*zones(meeting))
        return
    if meeting.state == "draft" and not await ctx.transact(
        meetings.plan, meeting.id, reminders(meeting.starts_at, now)
    ):
        raise BadInput("session-gone")
    message_id = await ctx.reply(*announcement(meeting, ()))
    await ctx.transact(meetings.set_message, meeting.id, message_id)
    await ctx.change(ctx.t("session-announced"))


async def _draft(ctx: Context, number: str) -> Meeting:
    """Return the draft of a button or a question, for whoever made it or an admin. Raises BadInput otherwise."""
    known = number.isdecimal() and len(number) < 10
    meeting = await ctx.transact(meetings.get, ctx.place.chat_id, int(number)) if known else None
    # Announced, but the message never left: the same tap is being handled again after a crash.
    unsent = meeting and meeting.state == "planned" and meeting.message_id is None
    if meeting is None or not (meeting.state == "draft" or unsent):
        raise BadInput("session-gone")
    if meeting.made_by != _maker(ctx) and not await ctx.is_admin():
        raise BadInput("session-not-yours")
    return meeting


async def _change(ctx: Context, meeting: Meeting, values: Mapping[str, object]) -> Meeting:
    changed = await ctx.transact(meetings.change, meeting.id, values)
    if changed is None:
        raise BadInput("session-gone")
    return changed


async def _set_zone(ctx: Context, meeting: Meeting, words: str) -> Meeting:
    zone = parse_zone(words)
    if not zone:
        raise BadInput("session-zone-unknown")
    await ctx.transact(meetings.set_zone, ctx.place.chat_id, zone)
    return await _change(ctx, meeting, {"zone": zone, "starts_at": rezoned(meeting, zone)})


async def _when(ctx: Context, words: str, zone: str) -> datetime:
    languages = (ctx.language, *(code for code in texts.languages() if code != ctx.language))
    # In a thread: the library's first date takes a fifth of a second.
    found = await asyncio.to_thread(parse_when, words, languages, _now(zone))
    if found is None:
        raise BadInput("session-when-unknown")
    return found


def _now(zone: str) -> datetime:
    return in_zone(datetime.now(UTC), zone)


def _line(ctx: Context, meeting: Meeting) -> str:
    chapter = f" · {ctx.t('session-chapter', chapter=meeting.chapter)}" if meeting.chapter else ""
    return f"• {when(meeting)}{chapter}"


HANDLERS = [Command("session", session, {"es": "sesion"}, topic="group"), Button("session", press)]
