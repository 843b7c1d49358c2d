"""What counts as a right answer, and as a refusal."""

import pytest

from bot.evaluation import Case
from bot.evaluation.answer import right, score

CASE: Case = {"lang": "es", "context": "El 28 de abril.", "answers": ["28", "abril"], "wrong": ["21"]}
NONE: Case = {"lang": "es", "context": "Nada.", "answers": []}


@pytest.mark.parametrize(
    ("said", "is_right"),
    [
        ("El 28.", True),
        ("On the 28th", True),
        ("ABRIL", True),
        ("El 128.", False),
        ("El 21, no el 28.", False),
        ("El 28. " * 30, False),
        ("", False),
    ],
)
def test_right(said: str, is_right: bool) -> None:
    assert right(CASE, {"answer": said, "found": True}) is is_right


def test_figures() -> None:
    good = {"answer": "28", "found": True, "quotes": ["El 28 de abril."]}
    invented = {"answer": "28", "found": True, "quotes": ["El 28 de mayo."]}
    refused = {"answer": "", "found": False, "quotes": []}
    failed = {"error": "error-busy"}
    assert score([CASE, CASE, NONE, NONE], [good, invented, refused, failed]) == {
        "right es": 1.0,
        "refused es": 0.5,
        "quoted es": 0.5,
    }
    assert score([CASE], [failed])["right es"] == 0.0
