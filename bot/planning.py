"""When and where a study session is: dates, times and zones as people write them."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot import texts
from bot.letters import unaccented

# When nothing is said of the hour.
USUAL_TIME = time(18)
# Longer words are no date; dateparser's time grows with them.
_MOST = 100
# 16:00, 16.30, 16h, 16h30, 4 pm; or a bare hour after "a las" or "at".
_TIME = re.compile(
    r"(?:(?:\ba\s+las?|\bat|@)\s*)?"
    r"(?<![\d/.:-])(?:(?P<hour>[01]?\d|2[0-3])(?:[:.h](?P<minute>[0-5]\d))(?![/.\d-])|(?P<full>[01]?\d|2[0-3])\s*(?=[hap]))"
    r"\s*(?P<half>[ap]\.?\s?m\b\.?|h(?:s|rs|oras)?\b\.?)?"
)
_BARE = re.compile(r"(?:\ba\s+las?|\bat|@)\s*(?P<hour>[01]?\d|2[0-3])\b(?!\s*(?:de\s+\w{4,}|[/.:-]))")
# A part of the day; "mañana" alone is tomorrow.
_PART = re.compile(
    r"\b(?:(?:de|por|en|a|in)\s+(?:la|the)\s+(?P<part>tarde|noche|manana|afternoon|evening|morning)"
    r"|(?:al\s+|at\s+)?(?P<bare>tarde|noche|mediodia|morning|noon|afternoon|evening|night)|(?P<today>tonight))\b"
)
_HOUR = re.compile(r"\b(?P<hour>1[0-2]|[1-9])\b(?!\s*de\s+\w{4,})")
# From when on hours are offered for it, out of which "at 7" is understood, too.
_PARTS = {
    **dict.fromkeys(("manana", "morning"), time(10)),
    **dict.fromkeys(("mediodia", "noon"), time(12)),
    **dict.fromkeys(("tarde", "afternoon"), time(17)),
    **dict.fromkeys(("noche", "evening", "night", "tonight"), time(20)),
}
_EMPTY = re.compile(r"\b(?:el|la|este|esta|proxim[oa]|que\s+viene|on|this|next|a\s+las?|at)\b|[,;]")
_DATED = re.compile(r"[^\W\d]{3}|\d\s*[/.-]\s*\d")


def parse_when(words: str, languages: Sequence[str], now: datetime) -> datetime | None:
    """Return the moment that words mean, in the zone of `now`; None if they mean none.

    A date that has passed this year is next year's, an hour without a date the next such hour. `languages`: the
    likeliest first, which also decides whether 9/4 is in April.
    """
    rest, clock, part = _clock(_plain(words[:_MOST]))
    clock = clock or _PARTS.get(part)
    rest = " ".join(_EMPTY.sub(" ", rest).split())
    if not rest:
        return _next(clock, now) if clock else None
    day = _day(rest, languages, now) if _DATED.search(rest) else None
    return datetime.combine(day, clock or USUAL_TIME, now.tzinfo) if day else None


def _plain(words: str) -> str:
    # Without accents, as people write in a hurry.
    return unaccented(words.lower(), "NFD")


def hour_open(words: str) -> bool:
    """Tell whether words name a part of the day ("tomorrow afternoon") and no hour."""
    _, clock, part = _clock(_plain(words[:_MOST]))
    return bool(part) and clock is None


def _clock(words: str) -> tuple[str, time | None, str]:
    """Return the words without the hour and the part of the day, the hour, and the part."""
    named = _PART.search(words)
    part = next(filter(None, named.groups()), "") if named else ""
    if named:
        words = words[: named.start()] + " " + words[named.end() :]
    found = _TIME.search(words) or _BARE.search(words) or (_HOUR.search(words) if named else None)
    if found is None:
        return words, None, part
    rest = words[: found.start()] + " " + words[found.end() :]
    said, spoken = found.groupdict(), found.re is not _TIME
    half = said.get("half") or (("a" if _PARTS[part].hour < 12 else "p") if part else "")
    hour = _of_24(int(said["hour"] or said["full"]), half[:1], spoken=spoken)
    return rest, time(hour, int(said.get("minute") or 0)), part


def _of_24(hour: int, half: str, *, spoken: bool) -> int:
    # Who says "at 5" and no more does not mean to study before dawn.
    if hour < 12 and (half == "p" or (spoken and not half and hour < 8)):
        return hour + 12
    return 0 if half == "a" and hour == 12 else hour


def _day(words: str, languages: Sequence[str], now: datetime) -> date | None:
    import dateparser

    if words in ("pasado manana", "day after tomorrow"):
        return (now + timedelta(days=2)).date()
    settings = {"PREFER_DATES_FROM": "future", "RELATIVE_BASE": now.replace(tzinfo=None)}
    for language in languages:
        found: datetime | None = dateparser.parse(words, languages=[language], settings=settings)
        if found:
            return found.date()
    return None


def _next(clock: time, now: datetime) -> datetime:
    today = datetime.combine(now.date(), clock, now.tzinfo)
    return today if today > now else datetime.combine(now.date() + timedelta(days=1), clock, now.tzinfo)


def parse_plan(words: str) -> tuple[str, str, str]:
    """Return when, chapter and place of what follows /session: parts between commas, semicolons or line ends."""
    first, *more = [part.strip() for part in re.split(r"[,;\n]+", words, maxsplit=4)]
    # "Saturday 28 November, 16:00": the comma is inside the date.
    if more and (_TIME.fullmatch(_plain(more[0])) or _PART.fullmatch(_plain(more[0]))):
        first = f"{first} {more.pop(0)}"
    chapter = more.pop(0) if more else ""
    return first, chapter, ", ".join(part for part in more if part)


def offered(language: str) -> list[str]:
    """Return the IANA zones that people who speak a language are offered; any other can be written."""
    return texts.text(language, "session-zones").split()


@cache
def _zones() -> dict[str, str]:
    likely = {zone for language in texts.languages() for zone in offered(language)}
    known = sorted(available_timezones(), key=lambda name: (name not in likely, -name.count("/"), name))
    found: dict[str, str] = {}
    for name in known:
        for key in (name, name.rpartition("/")[2]):
            found.setdefault(_plain(key).replace("_", " "), name)
    return found


def parse_zone(words: str) -> str:
    """Return the IANA zone that a name or a city means, "" for none."""
    return _zones().get(" ".join(_plain(words[:_MOST]).replace("_", " ").split()), "")


def in_zone(moment: datetime, zone: str) -> datetime:
    """Return a moment as the clocks of a zone show it; UTC where no zone is known."""
    return moment.astimezone(ZoneInfo(zone) if zone else UTC)
