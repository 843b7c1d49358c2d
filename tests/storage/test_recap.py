from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.storage import history, people, recap
from bot.storage.tables import Message, Table, User

GROUP, OTHER, PRIVATE = -100500, -100501, 1
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def session() -> Iterator[Session]:
    engine = sa.create_engine("sqlite://")
    sa.event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
    Table.metadata.create_all(engine)
    with Session(engine) as session:
        for chat, kind in ((GROUP, "supergroup"), (OTHER, "group"), (PRIVATE, "private")):
            people.meet_chat(session, chat, kind, "Taller")
        for user, name in ((1, "Lucía"), (2, "Ben")):
            people.meet_user(session, user, name, "", "es")
        yield session
    engine.dispose()


def say(session: Session, number: int, text: str, user: int | None = 1, chat: int = GROUP, answers: int = 0) -> int:
    moment = NOON + timedelta(minutes=number)
    said = history.Said(chat, 0, number, text, user, answers=answers or None, sent_at=moment)
    return history.remember(session, said)


def texts(session: Session, **more: object) -> list[str]:
    found, _ = recap.spoken(session, GROUP, **{"before": 0, "most": 100} | more)  # type: ignore[arg-type]
    return [spoken.text for spoken in found]


def test_people_are_heard_and_commands_and_the_bot_are_not(session: Session) -> None:
    asked = say(session, 1, "/ponmealdia")
    say(session, 2, "soy el bot", None, answers=asked)
    say(session, 3, "hola")
    say(session, 4, "", 2)
    say(session, 5, "en otro grupo", 2, OTHER)
    found, in_all = recap.spoken(session, GROUP, before=0, most=10)
    assert [(spoken.name, spoken.text, spoken.message_id) for spoken in found] == [("Lucía", "hola", 3)]
    assert (found[0].sent_at, in_all) == (NOON + timedelta(minutes=3), 1)


def test_the_last_ones_before_the_question_and_since_a_moment(session: Session) -> None:
    rows = [say(session, number, str(number)) for number in range(1, 8)]
    assert texts(session, before=rows[5], most=3) == ["3", "4", "5"]
    assert texts(session, since=NOON + timedelta(minutes=6)) == ["6", "7"]
    assert recap.spoken(session, GROUP, before=0, most=2)[1] == 7


def test_when_somebody_last_wrote(session: Session) -> None:
    assert recap.last_spoken(session, GROUP, 1, before=0) == 0
    first = say(session, 1, "hola")
    say(session, 2, "qué tal", 2)
    command = say(session, 3, "/ponmealdia")
    assert recap.last_spoken(session, GROUP, 1, before=command) == first
    assert texts(session, after=first) == ["qué tal"]


def test_who_opts_out_is_forgotten_in_groups_alone(session: Session) -> None:
    say(session, 1, "mío")
    asked = say(session, 2, "/generar un poema sobre mí")
    say(session, 3, "poema", None, answers=asked)
    say(session, 4, "de Ben", 2)
    private = say(session, 5, "en privado", chat=PRIVATE)
    say(session, 6, "respuesta privada", None, PRIVATE, answers=private)
    assert recap.held(session, 1) == 2
    assert recap.opt_out(session, 1) == 2
    assert recap.held(session, 1) == 0
    assert set(session.scalars(sa.select(Message.text))) == {"de Ben", "en privado", "respuesta privada"}
    assert session.get_one(User, 1).opted_out


def test_who_comes_back_is_heard_from_then_on(session: Session) -> None:
    recap.opt_out(session, 1)
    say(session, 1, "se coló")
    assert texts(session) == []
    recap.opt_in(session, 1)
    assert texts(session) == ["se coló"]


def test_when_the_bot_was_added(session: Session) -> None:
    recap.note_joined(session, -100777, "supergroup", "Nuevo", NOON)
    session.flush()
    assert people.meet_chat(session, -100777, "supergroup", "Nuevo").joined_at == NOON


def test_the_groups_in_which_somebody_wrote(session: Session) -> None:
    say(session, 1, "hola", chat=OTHER)
    say(session, 2, "de Ben", 2)
    say(session, 3, "en privado", chat=PRIVATE)
    assert [chat.id for chat in recap.groups_of(session, 1, 5)] == [OTHER]
    say(session, 4, "aquí también")
    assert [chat.id for chat in recap.groups_of(session, 1, 5)] == [GROUP, OTHER]
    assert [chat.id for chat in recap.groups_of(session, 1, 1)] == [GROUP]
