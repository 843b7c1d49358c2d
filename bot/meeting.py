"""A study session as people see it: the draft, the announcement, the reminder, the calendar file."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import structlog
from babel.dates import format_date, format_datetime, get_timezone_location
from telegram.error import TelegramError

from bot import texts
from bot.delivery import Keyboard, Place
from bot.errors import Value
from bot.markdown import escape, render
from bot.planning import in_zone
from bot.services import Services
from bot.storage import meetings
from bot.storage.meetings import Due
from bot.storage.tables import Meeting

# How long before a session people are reminded of it.
REMIND = (timedelta(hours=24), timedelta(hours=1))
# What a calendar shows, since nobody is asked how long a session takes.
LENGTH = timedelta(hours=2)
ANSWERS = ("yes", "maybe", "no")
# Names in an announcement, each 64 characters at the most: they all fit a message.
_NAMES = 15

_log = structlog.get_logger(__name__)


def reminders(starts_at: datetime, now: datetime) -> list[datetime]:
    """Return when to remind of a session: what lies ahead of now, of a day and an hour before it."""
    return [due for before in REMIND if (due := starts_at - before) > now]


def when(meeting: Meeting) -> str:
    """Return date and time in the session's language and zone."""
    local = in_zone(meeting.starts_at, meeting.zone)
    # The long names of the days and months; seconds say nothing.
    shown = format_datetime(local, texts.text(meeting.language, "session-date-pattern"), locale=meeting.language)
    return f"{shown} ({meeting.zone or 'UTC'})"


def short_day(day: date, language: str) -> str:
    """Return a day as a button names it: its weekday and its number."""
    return str(format_date(day, "EEE d", locale=language))


def city(zone: str, language: str) -> str:
    """Return the city that a zone is named after, or the islands."""
    if zone == "UTC":
        return zone
    # In English the library calls them "Canary".
    if zone == "Atlantic/Canary":
        return texts.text(language, "session-zone-canary")
    return str(get_timezone_location(zone, locale=language, return_city=True)).rpartition("/")[2]


def facts(meeting: Meeting) -> str:
    """Return what is known of a session, a line each."""
    lines = [_say(meeting, "session-when", when=when(meeting))]
    if meeting.chapter:
        lines.append(_say(meeting, "session-chapter", chapter=meeting.chapter))
    if meeting.place:
        lines.append(_say(meeting, "session-place", place=meeting.place))
    return "\n".join(lines)


def announcement(meeting: Meeting, answers: Sequence[tuple[str, str]]) -> tuple[str, Keyboard]:
    """Return the invitation with who comes so far, and its buttons; a cancelled session has none."""
    if meeting.state == "cancelled":
        return f"{_say(meeting, 'session-cancelled')}\n\n{facts(meeting)}", ()
    names = {said: [name for name, answer in answers if answer == said] for said in ANSWERS}
    lines = [_coming(meeting, said, names[said]) for said in ANSWERS if names[said]]
    words = "\n\n".join(part for part in (_say(meeting, "session-title"), facts(meeting), "\n".join(lines)) if part)
    row = [(_say(meeting, f"session-button-{said}"), f"rsvp:{meeting.id}:{said}") for said in ANSWERS]
    more = [
        (_say(meeting, "session-button-calendar"), f"rsvp:{meeting.id}:calendar"),
        (_say(meeting, "session-button-cancel"), f"rsvp:{meeting.id}:cancel"),
    ]
    return words, [row, more]


def _coming(meeting: Meeting, said: str, names: Sequence[str]) -> str:
    shown = ", ".join(name[:64] for name in names[:_NAMES]) + ("…" if len(names) > _NAMES else "")
    return _say(meeting, f"session-{said}", count=len(names), names=shown)


def calendar(meeting: Meeting) -> bytes:
    """Return the session as an iCalendar file (RFC 5545), with an alarm an hour before it."""
    from icalendar import Alarm, Calendar, Event

    event = Event()
    event.add("uid", f"{meeting.chat_id}.{meeting.id}@tertulia")
    event.add("summary", texts.text(meeting.language, "session-summary", chapter=meeting.chapter or "–"))
    # In UTC, which each calendar shows in its owner's zone.
    event.add("dtstamp", meeting.made_at.astimezone(UTC))
    event.add("dtstart", meeting.starts_at.astimezone(UTC))
    event.add("dtend", (meeting.starts_at + LENGTH).astimezone(UTC))
    if meeting.place:
        event.add("location", meeting.place)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", texts.text(meeting.language, "session-title-plain"))
    alarm.add("trigger", -REMIND[-1])
    event.add_component(alarm)
    whole = Calendar()
    whole.add("prodid", "-//Tertulia//ES")
    whole.add("version", "2.0")
    whole.add_component(event)
    return bytes(whole.to_ical())


async def remind(services: Services) -> None:
    """Send the reminders that are due; to be called every few seconds.

    Each is claimed before it is sent: a crash in between loses it, none comes twice.
    """
    now = datetime.now(UTC)
    for due in await services.database.transact(meetings.claim, now):
        try:
            await _remind(services, due, now)
        except TelegramError as error:
            # The bot was removed, say; the others want theirs.
            _log.warning("a reminder was not sent", meeting=due.meeting.id, error=type(error).__name__)


async def _remind(services: Services, due: Due, now: datetime) -> None:
    meeting = due.meeting
    minutes = max(round((meeting.starts_at - now).total_seconds() / 60), 1)
    # An hour before it, sent some seconds late, is still an hour.
    in_hours = minutes >= 58
    left = _say(
        meeting, f"session-{'hours' if in_hours else 'minutes'}", count=round(minutes / (60 if in_hours else 1))
    )
    names = [name for name, said in await services.database.transact(meetings.answers, meeting.id) if said == "yes"]
    coming = [_coming(meeting, "yes", names)] if names else []
    words = "\n\n".join((_say(meeting, "session-reminder", left=left), "\n".join((facts(meeting), *coming))))
    place = Place(meeting.chat_id, meeting.thread_id, private=due.private)
    await services.delivery.send(place, render(words)[0], reply_to=meeting.message_id)


def _say(meeting: Meeting, key: str, **values: Value) -> str:
    shown = {name: escape(value) if isinstance(value, str) else value for name, value in values.items()}
    return texts.text(meeting.language, key, **shown)
