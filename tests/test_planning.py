"""When a study session is, as people write it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import texts
from bot.planning import hour_open, in_zone, offered, parse_plan, parse_when, parse_zone

# A Tuesday.
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Europe/Madrid"))


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("sábado 16:00", "11-28 16:00"),
        ("sabado a las 16:00", "11-28 16:00"),
        ("el sábado a las 5 de la tarde", "11-28 17:00"),
        ("sábado a las 5", "11-28 17:00"),
        ("sábado 05:00", "11-28 05:00"),
        ("sábado", "11-28 18:00"),
        ("mañana 18:30", "11-25 18:30"),
        ("mañana a las 9 de la mañana", "11-25 09:00"),
        ("pasado mañana a las 19:00", "11-26 19:00"),
        ("28/11 16:00", "11-28 16:00"),
        ("28 de noviembre a las 16.30", "11-28 16:30"),
        ("2026-11-28 16:00", "11-28 16:00"),
        ("el próximo lunes a las 7 p. m.", "11-30 19:00"),
        ("hoy a las 20h", "11-24 20:00"),
        ("20:00", "11-24 20:00"),
        ("9:00", "11-25 09:00"),
        ("en 2 días a las 16h30", "11-26 16:30"),
        ("Saturday 4pm", "11-28 16:00"),
    ],
)
def test_spanish_words(words: str, meant: str) -> None:
    found = parse_when(words, ("es", "en"), NOW)
    assert found is not None
    assert f"{found:%m-%d %H:%M}" == meant
    assert found.tzinfo == NOW.tzinfo


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("Saturday at 4 pm", "11-28 16:00"),
        ("tomorrow at 6:30 pm", "11-25 18:30"),
        ("next monday 7pm", "11-30 19:00"),
        ("Nov 28 16:00", "11-28 16:00"),
        ("11/28 4 PM", "11-28 16:00"),
        ("12 am tomorrow", "11-25 00:00"),
        ("12 pm tomorrow", "11-25 12:00"),
        ("Friday 7 in the evening", "11-27 19:00"),
        ("day after tomorrow 10:00", "11-26 10:00"),
    ],
)
def test_english_words(words: str, meant: str) -> None:
    found = parse_when(words, ("en", "es"), NOW)
    assert found is not None
    assert f"{found:%m-%d %H:%M}" == meant


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("mañana a la tarde", "11-25 17:00"),
        ("mañana por la mañana", "11-25 10:00"),
        ("sábado noche", "11-28 20:00"),
        ("el sábado al mediodía", "11-28 12:00"),
        ("esta tarde", "11-24 17:00"),
        ("28 de noviembre por la tarde", "11-28 17:00"),
        ("7 de diciembre por la tarde", "12-07 17:00"),
        ("tomorrow morning", "11-25 10:00"),
        ("Saturday afternoon", "11-28 17:00"),
        ("tomorrow in the evening", "11-25 20:00"),
        ("tonight", "11-24 20:00"),
    ],
)
def test_parts_of_the_day_leave_the_hour_open(words: str, meant: str) -> None:
    found = parse_when(words, ("es", "en"), NOW)
    assert found is not None
    assert f"{found:%m-%d %H:%M}" == meant
    assert hour_open(words)


@pytest.mark.parametrize("words", ["mañana", "mañana 18:00", "mañana a las 7 de la tarde", "tonight at 8", ""])
def test_what_leaves_no_hour_open(words: str) -> None:
    assert not hour_open(words)


@pytest.mark.parametrize("words", ["", "capítulo 2", "3", "99/99/9999", "a las 28", "cuando puedan", "¿?", ":::"])
def test_words_that_are_no_date(words: str) -> None:
    assert parse_when(words, ("es", "en"), NOW) is None


def test_the_language_decides_the_order_of_day_and_month() -> None:
    spanish, english = (parse_when("9/4/2027 16:00", (language,), NOW) for language in ("es", "en"))
    assert (spanish and spanish.month, english and english.month) == (4, 9)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120))
def test_any_words_are_a_moment_or_none(words: str) -> None:
    found = parse_when(words, ("es",), NOW)
    assert found is None or found.tzinfo == NOW.tzinfo
    assert parse_zone(words) in {"", *available_timezones()}


@pytest.mark.parametrize(
    ("words", "plan"),
    [
        ("sábado 16:00", ("sábado 16:00", "", "")),
        ("sábado 16:00, capítulo 2, Biblioteca", ("sábado 16:00", "capítulo 2", "Biblioteca")),
        ("sábado 28, 16:00, cap 2, calle Mayor, 3", ("sábado 28 16:00", "cap 2", "calle Mayor, 3")),
        ("Saturday, 4 pm; chapter 2", ("Saturday 4 pm", "chapter 2", "")),
        ("sábado 16:00\ncapítulo 2\nen línea", ("sábado 16:00", "capítulo 2", "en línea")),
        ("sábado,,", ("sábado", "", "")),
    ],
)
def test_a_plan_has_parts(words: str, plan: tuple[str, str, str]) -> None:
    assert parse_plan(words) == plan


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Madrid", "Europe/Madrid"),
        ("bogotá", "America/Bogota"),
        ("buenos aires", "America/Argentina/Buenos_Aires"),
        ("america/montevideo", "America/Montevideo"),
        ("New_York", "America/New_York"),
        ("utc", "UTC"),
        ("Atlantis", ""),
        ("../etc/passwd", ""),
        ("", ""),
    ],
)
def test_zones_by_name_or_city(words: str, zone: str) -> None:
    assert parse_zone(words) == zone


def test_zones_that_are_offered_exist() -> None:
    for language in texts.languages():
        assert [parse_zone(zone) for zone in offered(language)] == offered(language)
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert in_zone(summer, "Europe/Madrid").hour == 14
    assert in_zone(summer, "").hour == 12
