"""/catchup: what happened in a group while somebody was away. /optout: who wants no part in it."""

import re
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from telegram.constants import ChatMemberStatus

from bot import privately
from bot.context import Context
from bot.errors import BadInput
from bot.markdown import escape
from bot.routing import Button, Command, Membership, Overheard
from bot.storage import recap as stored
from bot.tasks.models import Models
from bot.tasks.recap import Point, Recap, recap
from bot.tasks.threads import Heard
from bot.working import Outcome, work

# Messages that one recap is made of, at most.
MOST = 300
_USUAL = timedelta(days=1)
_ASKED = re.compile(r"(\d{1,4})\s*([a-zí]*)\.?", re.IGNORECASE)
_UNITS = {
    "minutes": ("m", "min", "mins", "minuto", "minutos", "minute", "minutes"),
    "hours": ("h", "hora", "horas", "hour", "hours"),
    "days": ("d", "día", "días", "dia", "dias", "day", "days"),
    "weeks": ("s", "semana", "semanas", "w", "week", "weeks"),
}
_LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Span:
    """What of the past is asked for: messages since a moment, after a row, or so many of the last."""

    since: datetime | None = None
    after: int = 0
    most: int = MOST + 1


async def catchup(ctx: Context) -> None:
    """Tell what was said since the person last wrote, or since when they ask, in their private chat if possible."""
    span = await _span(ctx)
    spoken, in_all = await ctx.transact(
        stored.spoken, ctx.chat.id, before=ctx.row_id, after=span.after, since=span.since, most=min(span.most, MOST)
    )
    if not spoken:
        await ctx.reply("\n\n".join((ctx.t("catchup-nothing"), await _seen(ctx))))
        return
    heard = [Heard(*astuple(message)) for message in spoken]
    note = await _seen(ctx)
    if in_all > len(heard) and span.most > MOST:
        note = f"{ctx.t('catchup-many', all=in_all, told=len(heard))} {note}"
    await work(ctx, lambda models: _told(ctx, models, heard, note))


async def _told(ctx: Context, models: Models, heard: list[Heard], note: str) -> Outcome:
    done = await recap(models, heard, ctx.language)
    title = ctx.t(
        "catchup-title",
        chat=ctx.chat.title,
        since=_clock(ctx, heard[0].sent_at),
        messages=len(heard),
        people=len({message.name for message in heard}),
    )
    markdown = "\n\n".join((title, *_paragraphs(ctx, done), f"_{note}_"))
    return Outcome(ctx.t("catchup-sent") if await privately.tell(ctx, markdown) else markdown)


def _paragraphs(ctx: Context, done: Recap) -> list[str]:
    found = ["\n".join(f"- {_line(ctx, point)}" for point in points) for points in done.threads if points]
    return [*found, *([ctx.t("catchup-left-out", count=done.left_out)] if done.left_out else [])]


def _line(ctx: Context, point: Point) -> str:
    words = f"{escape(point.name)}: «{escape(point.text)}»" if point.name else escape(point.text)
    link = _link(ctx.chat.id, point.topic, point.message)
    return f"{words} [↗]({link})" if link else words


def _link(chat_id: int, topic: int, message: int) -> str:
    """Return the link to a message, which members can follow; "" in basic groups, whose messages have none."""
    # https://core.telegram.org/api/links#private-message-links; ids of supergroups are -100 and the link's number.
    number = str(chat_id).removeprefix("-100")
    if not str(chat_id).startswith("-100") or not number.isdecimal():
        return ""
    return f"https://t.me/c/{number}/{f'{topic}/' if topic else ''}{message}"


async def _span(ctx: Context) -> Span:
    if not ctx.words:
        last = await ctx.transact(stored.last_spoken, ctx.chat.id, ctx.user_id, before=ctx.row_id)
        return Span(after=last) if last else Span(ctx.message.date - _USUAL)
    found = _ASKED.fullmatch(ctx.words)
    named = found.group(2).lower() if found else ""
    unit = next((unit for unit, names in _UNITS.items() if named in names), "")
    if found is None or (named and not unit) or int(found.group(1)) == 0:
        raise BadInput("catchup-usage")
    number = int(found.group(1))
    if not unit:
        return Span(most=number)
    return Span(ctx.message.date - min(timedelta(**{unit: number}), _LONGEST))


async def _seen(ctx: Context) -> str:
    """Return what the bot could see here: that nobody takes the recap for everything that was said."""
    since = ctx.t("catchup-since", moment=_clock(ctx, ctx.chat.joined_at or ctx.chat.created_at))
    return " ".join((ctx.t("catchup-all" if await ctx.sees_all() else "catchup-some"), since))


def _clock(ctx: Context, moment: datetime) -> str:
    zone = ctx.chat.zone or "UTC"
    return f"{moment.astimezone(ZoneInfo(zone)):%d/%m/%Y %H:%M} ({zone})"


async def optout(ctx: Context) -> None:
    """Store nothing more of what the person says in groups, or again if they say so."""
    if ctx.user is None:
        raise BadInput("optout-nobody")
    forgotten = await ctx.transact(stored.opt_out, ctx.user.id)
    if ctx.is_group:
        ctx.row_id = 0  # this message, too, is forgotten
    await ctx.reply(ctx.t("optout-done", count=forgotten), [[(ctx.t("button-opt-in"), "optin:")]])


async def optin(ctx: Context) -> None:
    """Take the person who tapped back in."""
    if ctx.user:
        await ctx.transact(stored.opt_in, ctx.user.id)
        await ctx.answer_button(ctx.t("optout-undone"), alert=True)


async def joined(ctx: Context) -> None:
    """Remember when the bot was added to a group."""
    change = ctx.incoming.my_chat_member
    outside = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
    if change and change.old_chat_member.status in outside and change.new_chat_member.status not in outside:
        chat = change.chat
        title = chat.effective_name or ""
        await ctx.transact(stored.note_joined, chat.id, chat.type, title, change.date.astimezone(UTC))


async def overhear(_: Context) -> None:
    """Do nothing: what people say to each other has been stored for the recap by now."""


HANDLERS = [
    Command("catchup", catchup, {"es": "ponmealdia"}, frozenset(("group",)), topic="group"),
    Command("optout", optout, {"es": "nomeguardes"}, frozenset(("group", "private"))),
    Button("optin", optin),
    Membership(joined),
    Overheard(overhear),
]
