"""/sentiment: how a text sounds. /mood: how a conversation does, over time and by topic, as a picture."""

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import fmean
from typing import Any
from zoneinfo import ZoneInfo

from bot.context import Context
from bot.drawing import picture
from bot.errors import BadInput
from bot.markdown import Attached
from bot.routing import Command
from bot.storage import mood as stored
from bot.taking import take
from bot.tasks.models import Models
from bot.tasks.mood import MESSAGES, PEOPLE, Felt, Point, Topic, points, topics
from bot.tasks.sentiment import FEELINGS, Mood, quick, sentiment
from bot.working import Outcome, work

# Messages that one picture is made of; with the chat model alone, which takes a second for each, far fewer.
_MOST, _MOST_SLOWLY = 3000, 100
# Characters of a message that count: what comes later changes its mood little.
_READ = 800
_USUAL = timedelta(days=30)
_PERIOD = re.compile(
    r"([1-9]\d{0,2})?\s*(h|horas?|hours?|d|d[ií]as?|days?|s|semanas?|w|weeks?|m|mes|meses|months?|a|años?|y|years?)",
    re.IGNORECASE,
)
_UNITS = {"h": 1 / 24, "d": 1, "s": 7, "w": 7, "m": 30, "a": 365, "y": 365}
_BAR = 10
# Fewer points show no course.
_FEWEST = 3
# From where a mean counts as good or bad, as in the picture.
_CLEARLY = 0.1


async def run(ctx: Context) -> None:
    """Tell how the text sounds, with probabilities."""
    given = await take(ctx, ctx.words, "sentiment")
    if given is None:
        return

    async def do(models: Models) -> Outcome:
        [mood] = await sentiment(models, [given.text])
        return Outcome(_shown(ctx, mood))

    await work(ctx, do)


def _shown(ctx: Context, mood: Mood) -> str:
    lines = [_line(ctx, mood.scores[feeling], feeling) for feeling in reversed(FEELINGS)]
    return "\n".join((ctx.t(f"sentiment-{mood.label}"), "", *lines))


def _line(ctx: Context, score: float, feeling: str) -> str:
    filled = round(score * _BAR)
    bar = "▰" * filled + "▱" * (_BAR - filled)
    name = ctx.t(f"feeling-{feeling}")
    return f"`{bar}` {name} {round(score * 100)} %"


async def mood(ctx: Context) -> None:
    """Draw the chat's mood: means of several messages of several people, never one message or person."""
    since = datetime.now(UTC) - _period(ctx.words)
    most = _MOST if quick(ctx.models()) else _MOST_SLOWLY
    said = await ctx.transact(stored.uttered, ctx.chat.id, since=since, before=ctx.row_id or 2**62, most=most)

    async def do(models: Models) -> Outcome:
        moods = await sentiment(models, [one.text[:_READ] for one in said])
        felt = [
            Felt(one.user_id, one.names, one.text[:_READ], one.sent_at, feeling.balance)
            for one, feeling in zip(said, moods, strict=True)
        ]
        return await _drawn(ctx, felt)

    await work(ctx, do)


def _period(words: str) -> timedelta:
    if not words:
        return _USUAL
    found = _PERIOD.fullmatch(words)
    if found is None:
        raise BadInput("error-mood-period")
    return timedelta(days=int(found[1] or 1) * _UNITS[found[2][0].lower()])


async def _drawn(ctx: Context, felt: Sequence[Felt]) -> Outcome:
    people = PEOPLE if ctx.is_group else 1
    course = points(felt, people)
    if not course:
        few = ctx.t("mood-too-few", least=MESSAGES, people=people)
        blind = ctx.is_group and not await ctx.sees_all(ctx.chat.id)
        return Outcome(f"{few}\n\n{ctx.t('catchup-some')}" if blind else few)
    subjects = await asyncio.to_thread(topics, felt, people)
    if len(course) < _FEWEST:
        return Outcome(_told(ctx, felt, subjects))
    zone = ZoneInfo(ctx.chat.zone or "UTC")
    data = {
        "words": {key: ctx.t(f"mood-{key}") for key in ("title", "topics", "positive", "neutral", "negative")},
        "points": [_described(ctx, point, zone, hours=_short(course)) for point in course],
        "topics": [{"name": one.word, "mood": one.mood, "messages": one.messages} for one in subjects],
    }
    caption = ctx.t("mood-caption", messages=len(felt), points=len(course), least=MESSAGES, people=people)
    return Outcome(caption, attached=Attached("mood.png", await picture("mood", data)))


def _told(ctx: Context, felt: Sequence[Felt], subjects: Sequence[Topic]) -> str:
    """Return in words what is too little for a picture."""
    lines = [ctx.t("mood-brief", messages=len(felt), mood=_leaning(fmean(one.mood for one in felt)))]
    if subjects:
        told = [ctx.t("mood-brief-topic", topic=one.word, mood=_leaning(one.mood)) for one in subjects]
        lines.append(ctx.t("mood-brief-topics", topics=", ".join(told)))
    return "\n\n".join((*lines, ctx.t("mood-brief-more")))


def _leaning(mood: float) -> str:
    if abs(mood) < _CLEARLY:
        return "neutral"
    return "positive" if mood > 0 else "negative"


def _short(course: Sequence[Point]) -> bool:
    return course[-1].at - course[0].at < timedelta(days=2)


def _described(ctx: Context, point: Point, zone: ZoneInfo, *, hours: bool) -> dict[str, Any]:
    moment = point.at.astimezone(zone)
    label = f"{moment:%H:%M}" if hours else ctx.t("mood-day", day=moment.day, month=moment.month)
    return {"label": label, "mood": point.mood, "messages": point.messages}


HANDLERS = [
    Command("sentiment", run, {"es": "sentimiento"}, topic="texts"),
    Command("mood", mood, {"es": "animo"}, topic="group"),
]
