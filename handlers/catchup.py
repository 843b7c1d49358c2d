"""/catchup: what happened in a group while somebody was away."""

import re
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from telegram import ChatMemberRestricted
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, Forbidden

from bot import privately
from bot.context import Context
from bot.errors import BadInput
from bot.markdown import escape
from bot.routing import Button, Command, Membership, Overheard
from bot.storage import recap as stored
from bot.storage.tables import Chat
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
# Groups that are offered, the last ones in which the person wrote.
_GROUPS = 10
_CHOSEN = re.compile(r"(-\d{1,18}):(.*)")
_OUTSIDE = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


@dataclass(frozen=True, slots=True)
class Span:
    """What of the past is asked for: messages since a moment, after a row, or so many of the last."""

    since: datetime | None = None
    after: int = 0
    most: int = MOST + 1


async def catchup(ctx: Context) -> None:
    """Tell what was said since the person last wrote, or since when they ask, in their private chat if possible.

    Who asks in the private chat is offered the groups in which they wrote.
    """
    if ctx.is_group:
        await _catch_up(ctx, ctx.chat, ctx.words)
        return
    _asked(ctx.words)
    known = await ctx.transact(stored.groups_of, ctx.user_id, _GROUPS)
    words = "".join(ctx.words.split())
    await ctx.reply(
        ctx.t("catchup-where" if known else "catchup-nowhere"),
        [[(chat.title or str(chat.id), f"catchup:{chat.id}:{words}")] for chat in known],
    )


async def chosen(ctx: Context) -> None:
    """Tell it of the group whose button was tapped, if the person is still in it."""
    found = _CHOSEN.fullmatch(ctx.choice)
    known = await ctx.transact(stored.groups_of, ctx.user_id, _GROUPS) if found and ctx.place.private else []
    chat = next((chat for chat in known if found and chat.id == int(found.group(1))), None)
    if found is None or chat is None or not await _is_member(ctx, chat.id):
        await ctx.answer_button(ctx.t("catchup-outside"), alert=True)
        return
    await ctx.answer_button()
    await _catch_up(ctx, chat, found.group(2))


async def _is_member(ctx: Context, chat_id: int) -> bool:
    try:
        member = await ctx.bot.get_chat_member(chat_id, ctx.user_id)
    except (BadRequest, Forbidden):  # the bot itself is out
        return False
    inside = not isinstance(member, ChatMemberRestricted) or member.is_member
    return inside and member.status not in _OUTSIDE


async def _catch_up(ctx: Context, chat: Chat, words: str) -> None:
    span = await _span(ctx, chat, words)
    spoken, in_all = await ctx.transact(
        stored.spoken, chat.id, before=_before(ctx), after=span.after, since=span.since, most=min(span.most, MOST)
    )
    note = await _seen(ctx, chat)
    if not spoken:
        await ctx.reply("\n\n".join((ctx.t("catchup-nothing"), note)))
        return
    heard = [Heard(*astuple(message)) for message in spoken]
    if in_all > len(heard) and span.most > MOST:
        note = f"{ctx.t('catchup-many', all=in_all, told=len(heard))} {note}"
    await work(ctx, lambda models: _told(ctx, models, chat, heard, note))


def _before(ctx: Context) -> int:
    """Return the row of the command in the group, before which everything counts; 0 for none."""
    return ctx.row_id if ctx.is_group else 0


async def _told(ctx: Context, models: Models, chat: Chat, heard: list[Heard], note: str) -> Outcome:
    done = await recap(models, heard, ctx.language)
    title = ctx.t(
        "catchup-title",
        chat=chat.title,
        since=_clock(chat, heard[0].sent_at),
        messages=len(heard),
        people=len({message.name for message in heard}),
    )
    markdown = "\n\n".join((title, *_paragraphs(ctx, chat, done), f"_{note}_"))
    private = ctx.is_group and await privately.tell(ctx, markdown)
    return Outcome(ctx.t("catchup-sent") if private else markdown)


def _paragraphs(ctx: Context, chat: Chat, done: Recap) -> list[str]:
    found = ["\n".join(f"- {_line(chat, point)}" for point in points) for points in done.threads if points]
    return [*found, *([ctx.t("catchup-left-out", count=done.left_out)] if done.left_out else [])]


def _line(chat: Chat, point: Point) -> str:
    words = f"{escape(point.name)}: «{escape(point.text)}»" if point.name else escape(point.text)
    link = _link(chat.id, point.topic, point.message)
    return f"{words} [↗]({link})" if link else words


def _link(chat_id: int, topic: int, message: int) -> str:
    """Return the link to a message, which members can follow; "" in basic groups, whose messages have none."""
    # https://core.telegram.org/api/links#private-message-links; ids of supergroups are -100 and the link's number.
    number = str(chat_id).removeprefix("-100")
    if not str(chat_id).startswith("-100") or not number.isdecimal():
        return ""
    return f"https://t.me/c/{number}/{f'{topic}/' if topic else ''}{message}"


async def _span(ctx: Context, chat: Chat, words: str) -> Span:
    moment = datetime.now(UTC) if ctx.incoming.callback_query else ctx.message.date
    asked = _asked(words)
    if asked is None:
        last = await ctx.transact(stored.last_spoken, chat.id, ctx.user_id, before=_before(ctx))
        return Span(after=last) if last else Span(moment - _USUAL)
    return Span(most=asked) if isinstance(asked, int) else Span(moment - asked)


def _asked(words: str) -> timedelta | int | None:
    """Return how long ago, or of how many messages, words ask to be told; None where they do not say."""
    if not words:
        return None
    found = _ASKED.fullmatch(words)
    named = found.group(2).lower() if found else ""
    unit = next((unit for unit, names in _UNITS.items() if named in names), "")
    if found is None or (named and not unit) or int(found.group(1)) == 0:
        raise BadInput("catchup-usage")
    number = int(found.group(1))
    return min(timedelta(**{unit: number}), _LONGEST) if unit else number


async def _seen(ctx: Context, chat: Chat) -> str:
    """Return what the bot could see there: that nobody takes the recap for everything that was said."""
    since = ctx.t("catchup-since", moment=_clock(chat, chat.joined_at or chat.created_at))
    return " ".join((ctx.t("catchup-all" if await ctx.sees_all(chat.id) else "catchup-some"), since))


def _clock(chat: Chat, moment: datetime) -> str:
    zone = chat.zone or "UTC"
    return f"{moment.astimezone(ZoneInfo(zone)):%d/%m/%Y %H:%M} ({zone})"


async def joined(ctx: Context) -> None:
    """Remember when the bot was added to a group."""
    change = ctx.incoming.my_chat_member
    if change and change.old_chat_member.status in _OUTSIDE and change.new_chat_member.status not in _OUTSIDE:
        chat = change.chat
        title = chat.effective_name or ""
        await ctx.transact(stored.note_joined, chat.id, chat.type, title, change.date.astimezone(UTC))


async def overhear(_: Context) -> None:
    """Do nothing: what people say to each other has been stored for the recap by now."""


HANDLERS = [
    Command("catchup", catchup, {"es": "ponmealdia"}, frozenset(("group", "private")), topic="group"),
    Button("catchup", chosen),
    Membership(joined),
    Overheard(overhear),
]
