"""The draft of a study session, with the buttons that fill it in."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import texts
from bot.errors import BadInput
from bot.meeting import city, facts, short_day
from bot.planning import in_zone, offered
from bot.storage.tables import Meeting

_DAYS, _DAYS_A_ROW = 12, 3
_HOURS, _HOURS_A_ROW = range(8, 23), 5
_MINUTES = (0, 15, 30, 45)
_ZONES_A_ROW = 2

Keyboard = Sequence[Sequence[tuple[str, str]]]

# What a person can write instead of choosing it.
WRITTEN = ("when", "chapter", "place", "zone")


def draft(meeting: Meeting) -> tuple[str, Keyboard]:
    """Return the draft with a button for each thing that can be changed."""
    rows = [
        [_button(meeting, "days"), _button(meeting, "hours")],
        [_button(meeting, "write", "chapter"), _button(meeting, "write", "place")],
        [_button(meeting, "zones")],
        [_button(meeting, "announce"), _button(meeting, "discard")],
    ]
    words = [_text(meeting, "session-draft"), facts(meeting), _text(meeting, "session-draft-check")]
    # Who has told more than a date knows that it can be told.
    if not (meeting.chapter or meeting.place):
        words.append(_text(meeting, "session-draft-hint"))
    return "\n\n".join(words), rows


def days(meeting: Meeting, today: date) -> tuple[str, Keyboard]:
    """Return the coming days to choose from."""
    coming = [today + timedelta(days=number) for number in range(_DAYS)]
    buttons = [(short_day(day, meeting.language), _data(meeting, "day", day.isoformat())) for day in coming]
    return facts(meeting), [*_rows(buttons, _DAYS_A_ROW), [_button(meeting, "write", "when"), _button(meeting, "back")]]


def hours(meeting: Meeting) -> tuple[str, Keyboard]:
    """Return the hours of the day, and the quarters of the hour, to choose from."""
    now = in_zone(meeting.starts_at, meeting.zone)
    of_day = [(f"{hour}:{now:%M}", _data(meeting, "hour", str(hour))) for hour in _HOURS]
    of_hour = [(f":{minute:02}", _data(meeting, "minute", str(minute))) for minute in _MINUTES]
    words = f"{_text(meeting, 'session-hour-choose')}\n\n{facts(meeting)}"
    return words, [*_rows(of_day, _HOURS_A_ROW), of_hour, [_button(meeting, "back")]]


def zones(meeting: Meeting) -> tuple[str, Keyboard]:
    """Return the zones to choose from; others are written."""
    buttons = [(city(zone, meeting.language), _data(meeting, "zone", zone)) for zone in offered(meeting.language)]
    # Telegram's private chats alone have positive ids.
    question = "session-zone-choose-private" if meeting.chat_id > 0 else "session-zone-choose"
    words = f"{_text(meeting, question)}\n\n{facts(meeting)}"
    return words, [*_rows(buttons, _ZONES_A_ROW), [_button(meeting, "write", "zone")]]


def moved(meeting: Meeting, part: str, value: str) -> datetime:
    """Return when a draft begins once its day, hour or minute is another. Raises BadInput for what is none."""
    local = in_zone(meeting.starts_at, meeting.zone)
    try:
        if part == "day":
            return datetime.combine(date.fromisoformat(value), local.time(), local.tzinfo)
        return local.replace(**{part: int(value)})  # type: ignore[arg-type]
    except (ValueError, OverflowError) as error:
        raise BadInput from error


def rezoned(meeting: Meeting, zone: str) -> datetime:
    """Return when a draft begins if its clock time is meant in another zone."""
    return in_zone(meeting.starts_at, meeting.zone).replace(tzinfo=ZoneInfo(zone))


def at(moment: datetime, clock: time) -> datetime:
    """Return a clock time on the day after a moment."""
    return datetime.combine(moment.date() + timedelta(days=1), clock, moment.tzinfo)


def _rows(buttons: list[tuple[str, str]], width: int) -> list[list[tuple[str, str]]]:
    return [buttons[start : start + width] for start in range(0, len(buttons), width)]


def _button(meeting: Meeting, action: str, value: str = "") -> tuple[str, str]:
    return _text(meeting, f"session-button-{value or action}"), _data(meeting, action, value)


def _data(meeting: Meeting, action: str, value: str = "") -> str:
    return f"session:{meeting.id}:{action}:{value}"


def _text(meeting: Meeting, key: str) -> str:
    return texts.text(meeting.language, key)
