"""The mood of a conversation shows no single message and no single person."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.tasks.mood import MESSAGES, PEOPLE, Felt, points, topics

START = datetime(2026, 3, 1, tzinfo=UTC)


def felt(person: int, text: str = "", hours: float = 0, mood: float = 0.5, names: str = "") -> Felt:
    return Felt(person, names, text, START + timedelta(hours=hours), mood)


FELT = st.lists(
    st.tuples(st.integers(1, 4), st.floats(0, 2000), st.floats(-1, 1)).map(
        lambda drawn: felt(drawn[0], "el examen", drawn[1], drawn[2])
    ),
    max_size=60,
).map(lambda found: sorted(found, key=lambda one: one.at))


@given(FELT, st.sampled_from([1, PEOPLE]))
def test_every_message_is_in_one_point_and_none_is_alone(said: list[Felt], people: int) -> None:
    found = points(said, people)
    if len(said) < MESSAGES or len({one.person for one in said}) < people:
        assert found == []
        return
    assert sum(point.messages for point in found) == len(said)
    assert all(point.messages >= MESSAGES for point in found)
    assert all(-1 <= point.mood <= 1 for point in found)
    times = [point.at for point in found]
    assert times == sorted(times)
    assert said[0].at <= times[0]
    assert times[-1] <= said[-1].at + timedelta(milliseconds=1)


# The first call loads what tells languages apart.
@settings(deadline=None)
@given(FELT)
def test_topics_are_of_enough_messages_and_people(said: list[Felt]) -> None:
    found = topics(said)
    enough = len(said) >= MESSAGES and len({one.person for one in said}) >= PEOPLE
    assert [topic.messages for topic in found] == ([len(said)] if enough else [])


def test_what_one_person_says_often_is_no_topic_of_a_group() -> None:
    alone = [felt(1, "mi tesis", hours) for hours in range(9)]
    others = [felt(2, "los ejercicios salen", hours) for hours in range(9)]
    shared = [felt(person, f"qué capítulo {word}", 10, -0.5) for word in ("largo", "raro", "feo") for person in (1, 2)]
    assert [topic.word for topic in topics([*alone, *others, *shared])] == ["capítulo"]
    assert "tesis" in {topic.word for topic in topics(alone, people=1)}


@pytest.mark.parametrize(("messages", "expected"), [(5, 1), (12, 2), (24, 4), (40, 8), (60, 12), (3000, 12)])
def test_points_are_of_equally_many_messages_however_they_lie_in_time(messages: int, expected: int) -> None:
    # All but the first on one day.
    said = [felt(1), *(felt(number % 2, hours=700 + number / 100) for number in range(1, messages))]
    found = [point.messages for point in points(said)]
    assert len(found) == expected
    assert max(found) - min(found) <= 1


def test_points_that_one_person_filled_are_joined_with_others() -> None:
    said = [felt(1, hours=hours) for hours in range(20)] + [felt(2, hours=100)]
    assert [point.messages for point in points(said)] == [21]
    assert len(points(said[:20], people=1)) > 1


def test_names_are_no_topics() -> None:
    texts = ["hoy expone Marta el capítulo", "dice Marta que no", "lucia llega tarde", "@marta_99 capítulo"]
    said = [felt(number, text, number, names="Lucía lucia") for number, text in enumerate(texts * 5)]
    assert [topic.word for topic in topics(said)][:1] == ["capítulo"]
    assert not {"marta", "lucia", "lucía"} & {topic.word for topic in topics(said)}


def test_forms_of_a_word_are_one_topic_and_a_message_counts_once() -> None:
    texts = ["los ejercicios del capítulo", "otro ejercicio", "this exercise", "these exercises", "http://examen.es"]
    said = [felt(number, text, number, mood=0.25) for number, text in enumerate(texts * 5)]
    found = topics(said)
    assert Counter({topic.word: topic.messages for topic in found}).total() <= len(said)
    assert next(topic.messages for topic in found if topic.word.startswith("ejercicio")) == 10
    assert [topic.mood for topic in found] == pytest.approx([0.25] * len(found))
    assert "examen" not in {topic.word for topic in found}


def test_words_about_anything_are_no_topics() -> None:
    said = [felt(number % 3, "gracias, mañana quiero hablar con todos", number) for number in range(9)]
    assert {topic.word for topic in topics(said)} <= {"hablar"}
