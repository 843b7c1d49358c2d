import pytest

from bot.evaluation import run
from bot.evaluation.summarize import score, strangers, within_half

SOURCE = "Zamora cerró 3 calles el lunes, dice Ana Ruiz, y abrirá 1.200 plazas para coches en otoño."


@pytest.mark.parametrize(
    ("summary", "found"),
    [
        ("Zamora cerró 3 calles, dice Ana.", []),
        ("Cerró 4 calles, dice Luis.", ["4", "Luis"]),
        ("Habrá 1200 plazas en Otoño, útil para todos", ["1200"]),
    ],
)
def test_strangers(summary: str, found: list[str]) -> None:
    assert strangers(SOURCE, summary) == found


def test_half_is_of_words_and_of_characters() -> None:
    assert within_half("a b c d", "a b")
    assert not within_half("a b c d", "abcdefg")
    assert not within_half("largo largo largo", "a b")


def test_a_reference_scores_full_marks_and_a_failure_none() -> None:
    cases = run.cases("summarize", "dev")
    perfect = score(cases, [{"summary": case["summary"]} for case in cases])
    assert {perfect[f"{name} {language}"] for name in ("ROUGE-1", "within half") for language in ("es", "en")} == {1.0}
    failed = score(cases, [{"error": "error-busy"} for _ in cases])
    assert set(failed.values()) == {0.0}
