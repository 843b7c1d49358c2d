"""Study sessions, through the playground: planned, announced, answered, reminded of, called off."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from sqlalchemy.orm import Session

from bot import app
from bot.meeting import REMIND, calendar, remind, reminders
from bot.storage import meetings
from bot.storage.tables import Chat, Meeting, Reminder
from tests.conftest import BEN, GROUP, JSON, LUCIA, Visitor

MADRID = ZoneInfo("Europe/Madrid")


def data(message: JSON) -> dict[str, str]:
    rows = message["reply_markup"]["inline_keyboard"]
    return {button["text"]: button["callback_data"] for row in rows for button in row}


async def press(people: Visitor, message: JSON, label: str, who: int = LUCIA) -> None:
    await people.tap(message, data(message)[label], who)


async def drafted(people: Visitor, words: str, chat: int = GROUP) -> JSON:
    """Draft a session in a chat that lives in Madrid."""
    await people.say(f"/sesion {words}", LUCIA, chat)
    question = await people.hear("¿En qué zona horaria", chat)
    await press(people, question, "Madrid")
    return await people.hear("Borrador", chat, "edit")


async def announced(people: Visitor, words: str = "mañana 18:30, capítulo 2, Biblioteca") -> JSON:
    draft = await drafted(people, words)
    await press(people, draft, "📣 Anunciar")
    return await people.hear("Próxima sesión de estudio", GROUP)


async def alerted(people: Visitor, words: str, chat: int = GROUP) -> None:
    """Wait for an alert, which only who tapped sees."""
    notice = await people.until(lambda event: words in event.get("text", ""), chat)
    assert (notice["type"], notice["show_alert"]) == ("callback_answer", True)


async def stored(bot: app.Running, chat: int = GROUP) -> Meeting:
    [meeting] = await bot.database.transact(meetings.upcoming, chat, datetime.now(UTC))
    return meeting


async def test_is_planned_in_words_and_announced(people: Visitor, bot: app.Running) -> None:
    message = await announced(people)
    tomorrow = datetime.now(MADRID).date() + timedelta(days=1)
    assert f"{tomorrow.day} de " in message["text"]
    assert "18:30 (Europe/Madrid)\n📖 capítulo 2\n📍 Biblioteca" in message["text"]
    await people.hear("✓ Sesión anunciada", GROUP, "edit")
    meeting = await stored(bot)
    assert meeting.starts_at.astimezone(MADRID) == datetime(*tomorrow.timetuple()[:3], 18, 30, tzinfo=MADRID)
    assert meeting.message_id == message["message_id"]


async def test_the_zone_is_asked_for_once(people: Visitor) -> None:
    await announced(people)
    await people.say("/sesion pasado mañana a las 7 de la tarde", LUCIA, GROUP)
    assert "19:00 (Europe/Madrid)" in (await people.hear("Borrador", GROUP))["text"]


async def test_another_zone_can_be_written(people: Visitor) -> None:
    await people.say("/session tomorrow 6 pm", BEN)
    await press(people, await people.hear("In which time zone", BEN), "✏ Another", BEN)
    question = await people.hear("Write a city", BEN)
    await people.say("Montevideo", BEN, reply_to=question["message_id"])
    assert "18:00 (America/Montevideo)" in (await people.hear("Draft", BEN))["text"]
    await people.say("/session tomorrow 6 pm", BEN)
    await people.hear("Draft", BEN)


async def test_is_planned_by_buttons(people: Visitor) -> None:
    draft = await drafted(people, "", LUCIA)
    await press(people, draft, "📅 Día")
    days = await people.hear("📅", LUCIA, "edit")
    third = list(data(days))[3]
    await people.tap(days, data(days)[third])
    hours = await people.hear("📅", LUCIA, "edit")
    assert f" {third.split()[-1]} de " in hours["text"]
    await press(people, hours, "20:00")
    await press(people, await people.hear(" 20:00", LUCIA, "edit"), ":45")
    await press(people, await people.hear(" 20:45", LUCIA, "edit"), "◀ Listo")
    await press(people, await people.hear("Borrador", LUCIA, "edit"), "📖 Capítulo")
    question = await people.hear("¿Qué capítulo")
    await people.say("Capítulo *3*: <eos>", reply_to=question["message_id"])
    draft = await people.hear("📖 Capítulo *3*: <eos>")
    assert " 20:45 (Europe/Madrid)" in draft["text"]


async def test_who_comes_is_shown(people: Visitor) -> None:
    message = await announced(people)
    await press(people, message, "✅ Sí")
    await press(people, await people.hear("✅ 1 viene: Lucía", GROUP, "edit"), "✅ Sí", BEN)
    both = await people.hear("✅ 2 vienen: Ben, Lucía", GROUP, "edit")
    await press(people, both, "✕ No", BEN)
    last = await people.hear("✕ 1 no puede: Ben", GROUP, "edit")
    assert "✅ 1 viene: Lucía" in last["text"]


async def test_the_calendar_file_says_the_same(people: Visitor, bot: app.Running) -> None:
    message = await announced(people)
    await press(people, message, "📆 Calendario")

    def file(event: JSON) -> bool:
        return event["type"] == "message" and "document" in event["message"]

    sent = (await people.until(file, GROUP))["message"]
    assert sent["document"]["file_name"].endswith(".ics")
    [event] = Calendar.from_ical(calendar(await stored(bot))).walk("VEVENT")
    assert event["SUMMARY"] == "Sesión de estudio: capítulo 2"
    assert event["LOCATION"] == "Biblioteca"
    assert event.decoded("DTSTART") == (await stored(bot)).starts_at
    [alarm] = event.walk("VALARM")
    assert alarm.decoded("TRIGGER") == timedelta(hours=-1)


def test_a_calendar_file_keeps_hostile_words_in_their_field() -> None:
    words = "x\r\nATTENDEE:mailto:a@b.c;,\\ 😀" * 20
    now = datetime.now(UTC)
    meeting = Meeting(id=1, chat_id=2, starts_at=now, made_at=now, zone="", language="es", chapter=words, place=words)
    [event] = Calendar.from_ical(calendar(meeting)).walk("VEVENT")
    assert "ATTENDEE" not in event
    assert event["LOCATION"].split() == words.split()


async def test_is_called_off_by_who_planned_it_alone(people: Visitor, bot: app.Running) -> None:
    message = await announced(people)
    await press(people, message, "Cancelarla", BEN)
    await alerted(people, "Only the person who planned")
    assert (await stored(bot)).state == "planned"
    await press(people, message, "Cancelarla")
    gone = await people.hear("Sesión cancelada", GROUP, "edit")
    assert "reply_markup" not in gone
    await people.hear("Sesión cancelada", GROUP)
    assert await bot.database.transact(meetings.upcoming, GROUP, datetime.now(UTC)) == []


async def test_planned_sessions_are_listed(people: Visitor) -> None:
    await announced(people)
    await people.say("/session", BEN, GROUP)
    listed = await people.hear("Planned sessions", GROUP)
    assert "18:30 (Europe/Madrid) · 📖 capítulo 2" in listed["text"]
    await press(people, listed, "➕ Plan another", BEN)
    await people.hear("Draft", GROUP)


async def test_a_draft_is_its_makers(people: Visitor) -> None:
    draft = await drafted(people, "mañana 18:00")
    await press(people, draft, "✕ Descartar", BEN)
    await alerted(people, "Only the person who planned")
    await press(people, draft, "✕ Descartar")
    await people.hear("Borrador descartado", GROUP, "edit")


async def test_a_new_draft_takes_the_place_of_the_last(people: Visitor) -> None:
    draft = await drafted(people, "mañana 18:00")
    await people.say("/sesion mañana 19:00", LUCIA, GROUP)
    await people.hear("19:00 (Europe/Madrid)", GROUP)
    replaced = await people.hear("Sustituido por otro borrador.", GROUP, "edit")
    assert replaced["message_id"] == draft["message_id"]
    assert "reply_markup" not in replaced


async def test_buttons_of_a_dropped_draft_answer_who_taps_alone(people: Visitor, bot: app.Running) -> None:
    draft = await drafted(people, "mañana 18:00")
    # As when the message could not be edited.
    await bot.database.transact(lambda session: session.query(Meeting).update({"state": "cancelled"}))
    said = len(await people.messages(GROUP))
    for label in ("📣 Anunciar", "📅 Día"):
        await press(people, draft, label)
        await alerted(people, "ya no se puede cambiar")
    assert len(await people.messages(GROUP)) == said


async def test_without_words_the_open_draft_is_shown_again(people: Visitor) -> None:
    draft = await drafted(people, "mañana 18:00, capítulo 2")
    await people.say("/sesion", LUCIA, GROUP)
    again = await people.hear("capítulo 2", GROUP)
    assert data(again) == data(draft)
    left = await people.hear("El borrador sigue más abajo", GROUP, "edit")
    assert left["message_id"] == draft["message_id"]
    await press(people, again, "📣 Anunciar")
    await people.hear("Próxima sesión de estudio", GROUP)


async def test_an_open_draft_is_shown_below_what_is_planned(people: Visitor) -> None:
    await announced(people)
    await people.say("/sesion pasado mañana 10:00, capítulo 3", LUCIA, GROUP)
    await people.hear("capítulo 3", GROUP)
    await people.say("/sesion", LUCIA, GROUP)
    assert "reply_markup" not in await people.hear("Sesiones previstas", GROUP)
    await people.hear("capítulo 3", GROUP)


async def test_who_told_more_than_a_date_is_not_told_how(people: Visitor) -> None:
    await people.say("/session tomorrow 6 pm", BEN)
    question = await people.hear("In which time zone do you live?", BEN)
    assert {"Canary Islands", "Tokyo", "New York"} <= data(question).keys()
    await press(people, question, "London", BEN)
    assert "all at once" in (await people.hear("Draft", BEN, "edit"))["text"]
    await people.say("/session tomorrow 6 pm, chapter 2", BEN)
    assert "all at once" not in (await people.hear("Draft", BEN))["text"]


async def test_for_a_part_of_the_day_hours_are_offered(people: Visitor) -> None:
    await announced(people)
    await people.say("/sesion mañana a la tarde, capítulo 4", LUCIA, GROUP)
    offered = await people.hear("¿A qué hora?", GROUP)
    assert " 17:00 (Europe/Madrid)" in offered["text"]
    await press(people, offered, "19:00")
    await press(people, await people.hear(" 19:00", GROUP, "edit"), "◀ Listo")
    assert "capítulo 4" in (await people.hear("Borrador", GROUP, "edit"))["text"]


@pytest.mark.parametrize(
    ("words", "said"),
    [("cuando puedan", "No he entendido la fecha"), ("chapter:999999999 x", "ya no se puede cambiar")],
)
async def test_words_that_plan_nothing(people: Visitor, words: str, said: str) -> None:
    await people.say(f"/sesion {words}")
    await people.hear(said)


async def test_what_has_passed_is_not_announced(people: Visitor, bot: app.Running) -> None:
    draft = await drafted(people, "mañana 18:00")

    def make_past(session: Session) -> None:
        session.query(Meeting).update({"starts_at": datetime.now(UTC) - timedelta(minutes=1)})

    await bot.database.transact(make_past)
    await press(people, draft, "📣 Anunciar")
    await alerted(people, "Esa hora ya ha pasado")


async def test_reminds_once_below_the_announcement(people: Visitor, bot: app.Running) -> None:
    message = await announced(people)
    await press(people, message, "✅ Sí")
    await people.hear("✅ 1 viene", GROUP, "edit")

    def make_soon(session: Session) -> None:
        now = datetime.now(UTC)
        session.query(Meeting).update({"starts_at": now + timedelta(minutes=59, seconds=50)})
        session.query(Reminder).delete()
        [(meeting_id,)] = session.query(Meeting.id).all()
        session.add_all(Reminder(meeting_id=meeting_id, due_at=now - late) for late in REMIND)

    await bot.database.transact(make_soon)
    # Two processes at once, say: whoever claims it sends it.
    await remind(bot.application.services)
    await remind(bot.application.services)
    reminder = await people.hear("Falta una hora para la sesión de estudio", GROUP)
    assert "✅ 1 viene: Lucía" in reminder["text"]
    assert reminder["reply_to_message"]["message_id"] == message["message_id"]
    assert sum("para la sesión" in said.get("text", "") for said in await people.messages(GROUP)) == 1


async def test_a_group_that_removed_the_bot_keeps_no_reminder_from_others(people: Visitor, bot: app.Running) -> None:
    await announced(people)

    def make_soon(session: Session) -> None:
        now = datetime.now(UTC)
        session.query(Reminder).delete()
        session.add(Chat(id=-987, type="group", title="gone"))
        session.flush()
        soon = {"starts_at": now + timedelta(hours=3), "zone": "UTC", "state": "planned", "made_at": now}
        session.add(Meeting(chat_id=-987, language="es", **soon))
        session.flush()
        session.query(Meeting).update({"starts_at": now + timedelta(hours=3)})
        session.add_all(Reminder(meeting_id=row.id, due_at=now) for row in session.query(Meeting.id).all())

    await bot.database.transact(make_soon)
    await remind(bot.application.services)
    await people.hear("Faltan 3 horas para la sesión de estudio", GROUP)


def test_reminders_lie_ahead() -> None:
    now = datetime.now(UTC)
    assert reminders(now + timedelta(days=3), now) == [now + timedelta(days=2), now + timedelta(days=2, hours=23)]
    assert reminders(now + timedelta(hours=5), now) == [now + timedelta(hours=4)]
    assert reminders(now + timedelta(minutes=5), now) == []
