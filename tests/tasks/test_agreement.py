import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.tasks.translating.agreement import most_agreed


def test_the_odd_one_is_left_out() -> None:
    texts = [
        "Nada que ver con ello.",
        "La reunión es el martes.",
        "La reunión será el martes.",
        "La reunión, el martes.",
    ]
    assert most_agreed(texts) in texts[1:]
    assert most_agreed([*texts[1:], texts[0]]) in texts[1:]


def test_the_first_of_equals_is_taken() -> None:
    assert most_agreed(["a", "b"]) == "a"
    assert most_agreed(["uno", "uno", "dos"]) == "uno"


@pytest.mark.parametrize("texts", [[""], ["", "  "], ["x", ""]])
def test_short_texts_have_an_answer(texts: list[str]) -> None:
    assert most_agreed(texts) == texts[0]


@given(st.lists(st.text(max_size=20), min_size=1, max_size=5))
def test_the_answer_is_one_of_them(texts: list[str]) -> None:
    assert most_agreed(texts) in texts
