import pytest

from bot.evaluation import Output, classify
from bot.tasks.models import Models
from tests.conftest import Script

CASES = [
    {"lang": lang, "text": "x", "labels": ["urgent", "not urgent"], "label": "not urgent"} for lang in ("en", "es")
]


def test_the_first_label_counts() -> None:
    outputs: list[Output] = [{"labels": ["not urgent", "urgent"]}, {"error": "x"}]
    assert classify.score(CASES, outputs) == {"accuracy en": 1.0, "accuracy es": 0.0}


@pytest.mark.parametrize(
    ("said", "labels"), [("Not urgent.", ["not urgent"]), ("It is urgent!", ["urgent"]), ("Well", [])]
)
async def test_the_bare_models_words_are_read_kindly(said: str, labels: list[str]) -> None:
    models = Models(Script(lambda _: [said]), "qwen2.5-coder-1.5b")
    assert await classify.bare(models, CASES[0]) == {"labels": labels}


async def test_the_task_is_measured() -> None:
    models = Models(Script(lambda _: ['{"label": "urgent"}']), "qwen2.5-coder-1.5b")
    assert await classify.ours(models, CASES[0]) == {"labels": ["urgent", "not urgent"], "scores": [1.0, 0.0]}
