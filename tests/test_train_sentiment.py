"""The sentiment head's training, on a package and an encoder of our own; and how its figures are reckoned."""

import io
import tarfile
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from bot.evaluation import sentiment as measured
from bot.evaluation.train_sentiment import Example, own, rated, train
from bot.inference.api import EmbedRequest, Vectors
from bot.tasks.models import Models
from bot.tasks.sentiment import FEELINGS
from tests.conftest import Script

TWEETS = ["1\t2.5\tI &lt;3 it", "2\t-3.0\tawful", "3\t0.1\tat noon\ttoday", "4\t0.6\trather nice"]
REVIEWS = ["1_1\t-0.3\tit has a lid", "1_2\t1.0\tgood lid"]


def tarred(files: dict[str, bytes]) -> bytes:
    """A gzipped tar of some files."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return written.getvalue()


@pytest.fixture
def package() -> bytes:
    """A source package that is laid out like vaderSentiment's."""
    sources = {"tweets": TWEETS, "amazonReviewSnippets": REVIEWS}
    files = {f"hutto_ICWSM_2014/{name}_GroundTruth.txt": "\n".join(lines).encode() for name, lines in sources.items()}
    inner = tarred(files)
    return tarred({"vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz": inner})


class Letters(Script):
    """An encoder whose vectors count letters."""

    async def embed(self, request: EmbedRequest) -> Vectors:
        rows = [[text.lower().count(letter) for letter in "abcdefghijklmnop "] for text in request.texts]
        return np.array(rows, dtype=np.float32)


def test_clear_ratings_are_read_and_others_left_out(package: bytes) -> None:
    assert list(rated(package)) == [
        Example("I <3 it", "positive", "tweets"),
        Example("awful", "negative", "tweets"),
        Example("at noon\ttoday", "neutral", "tweets"),
        Example("it has a lid", "neutral", "amazonReviewSnippets"),
        Example("good lid", "positive", "amazonReviewSnippets"),
    ]


async def test_a_head_is_written_with_figures_of_what_it_had_not_seen(package: bytes, tmp_path: Path) -> None:
    file = tmp_path / "head.safetensors"
    figures = await train(Models(Letters(), ""), package, file)
    tensors = load_file(file)
    assert tensors["weight"].shape == (17, len(FEELINGS))
    assert tensors["bias"].shape == (len(FEELINGS),)
    assert figures["es sentences"] + figures["en sentences"] == len(own())
    assert 0.2 < figures["es"] < 0.8  # letters say something, not much


def test_own_examples_are_of_all_labels_in_both_languages() -> None:
    kinds = {(example.source, example.label) for example in own()}
    assert kinds == {(language, feeling) for language in ("es", "en") for feeling in FEELINGS}


def test_macro_f1_by_language() -> None:
    cases = [{"lang": language, "label": feeling} for language in ("es", "en") for feeling in FEELINGS]
    right = [{"label": feeling} for feeling in FEELINGS]
    wrong = [{"label": "negative"}, {"error": "error-busy"}, {"label": ""}]
    figures = measured.score(cases, [*right, *wrong])
    assert figures["macro-F1 es"] == 1
    assert figures["macro-F1 en"] == pytest.approx(1 / 3)


async def test_the_bare_models_first_word_counts() -> None:
    said = {"a": "Neutral, not positive.", "b": "POSITIVE", "c": "I cannot say."}
    script = Script(lambda request: [said[request.turns[-1].text[-1]]])
    models = Models(script, "qwen2.5-coder-1.5b")
    labels = [(await measured.bare(models, {"text": text}))["label"] for text in said]
    assert labels == ["neutral", "positive", ""]
