"""Trains bot/tasks/sentiment_head.safetensors: `python -m bot.evaluation.train_sentiment`.

The sentences are the English ones of Hutto and Gilbert (VADER, ICWSM 2014; MIT), each rated from -4 to 4 by 20 people
or more, and those of sentiment_examples.jsonl, most of them Spanish, which were written and labelled for this project.
Needs the extra "eval", the encoder, and an index from which pip fetches vaderSentiment's source package. Prints how
well heads do that were trained without a fifth of the sentences, then trains on all.
"""

import asyncio
import html
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from bot.config import Settings
from bot.tasks.encoder_head import ENCODER, Head, embed
from bot.tasks.models import Models
from bot.tasks.sentiment import FEELINGS, HEAD

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Ints = npt.NDArray[np.int64]

EXAMPLES = Path(__file__).with_name("sentiment_examples.jsonl")
_PACKAGE = "vaderSentiment==3.3.2 --hash=sha256:5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9\n"
_RATINGS = "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz"
# The package has two more, of newspapers and film reviews, which made nothing better on the split for tuning.
_SOURCES = ("tweets", "amazonReviewSnippets")
# Mean ratings from which a sentence counts as positive or negative, up to which as neutral; others are left out.
_CLEAR, _FLAT = 1.0, 0.3
# A sentence of our own counts as much as so many rated ones: they alone have Spanish.
_OWN_WEIGHT = 30.0
# Inverse strength of the regularization. Both numbers were chosen on the split "dev" of tests/data/sentiment.jsonl.
_C = 0.0003
_FOLDS = 5

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence and how it sounds, by FEELINGS; `source` says whose it is."""

    text: str
    label: str
    source: str


def own() -> list[Example]:
    """Return the sentences that were written for this project."""
    rows = [json.loads(line) for line in EXAMPLES.read_text(encoding="utf-8").splitlines()]
    return [Example(row["text"], row["label"], row["lang"]) for row in rows]


def rated(package: bytes) -> Iterator[Example]:
    """Yield the sentences of vaderSentiment's source package whose ratings are clear."""
    with tarfile.open(fileobj=io.BytesIO(package)) as outer, tarfile.open(fileobj=outer.extractfile(_RATINGS)) as inner:
        for source in _SOURCES:
            file = inner.extractfile(f"hutto_ICWSM_2014/{source}_GroundTruth.txt")
            assert file is not None  # noqa: S101 - the package's hash says that it is there
            for line in file.read().decode("utf-8", "replace").splitlines():
                _, rating, text = line.split("\t", 2)
                if label := _label(float(rating)):
                    yield Example(html.unescape(text).strip(), label, source)


def _label(rating: float) -> str:
    if abs(rating) <= _FLAT:
        return "neutral"
    if abs(rating) < _CLEAR:
        return ""
    return "positive" if rating > 0 else "negative"


def fetch() -> bytes:
    """Return vaderSentiment's source package, whose hash pip checks."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder, "wanted.txt")
        wanted.write_text(_PACKAGE, encoding="ascii")
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary=:all:"]
        subprocess.run([*pip, "--dest", folder, "--requirement", str(wanted)], check=True)  # noqa: S603
        return Path(folder, "vaderSentiment-3.3.2.tar.gz").read_bytes()


async def train(models: Models, package: bytes, file: Path = HEAD) -> dict[str, float]:
    """Write the head's weights into `file`; return macro-F1 by source of heads that had not seen what they judged."""
    examples = [*rated(package), *own()]
    order = sorted(range(len(examples)), key=lambda index: len(examples[index].text))
    vectors = await embed(models, [examples[index].text for index in order])
    return await asyncio.to_thread(_fit_and_write, [examples[index] for index in order], vectors, file)


def _fit_and_write(examples: list[Example], vectors: "Floats", file: Path) -> dict[str, float]:
    import numpy as np
    from safetensors.numpy import save_file

    labels = np.array([FEELINGS.index(example.label) for example in examples])
    ours = np.array([example.source in ("es", "en") for example in examples])
    folds = np.random.default_rng(0).integers(_FOLDS, size=len(examples))
    guesses = np.zeros(len(examples), dtype=int)
    for fold in range(_FOLDS):
        rest = folds != fold
        trained = _fit(vectors[rest], labels[rest], ours[rest])
        guesses[~rest] = trained.probabilities(vectors[~rest]).argmax(axis=1)
    head = _fit(vectors, labels, ours)
    save_file({"weight": head.weight, "bias": head.bias}, file, metadata={"encoder": ENCODER})
    return _figures(examples, labels, guesses)


def _figures(examples: list[Example], labels: "Ints", guesses: "Ints") -> dict[str, float]:
    from sklearn.metrics import f1_score

    found: dict[str, float] = {}
    for source in sorted({example.source for example in examples}):
        at = [place for place, example in enumerate(examples) if example.source == source]
        found[source] = round(float(f1_score(labels[at], guesses[at], average="macro")), 3)
        found[f"{source} sentences"] = len(at)
    return found


def _fit(rows: "Floats", labels: "Ints", ours: Any) -> Head:
    """Return a logistic regression over scaled vectors, the classes even, with the scaling folded into its weights."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    weights = np.where(ours, _OWN_WEIGHT, 1.0)
    for label in range(len(FEELINGS)):
        weights[labels == label] /= weights[labels == label].sum()
    weights *= len(rows) / len(FEELINGS)
    mean, deviation = rows.mean(axis=0), rows.std(axis=0)
    fitted = LogisticRegression(C=_C, max_iter=500).fit((rows - mean) / deviation, labels, sample_weight=weights)
    weight = (fitted.coef_ / deviation).T.astype(np.float32)
    return Head(np.ascontiguousarray(weight), (fitted.intercept_ - mean @ weight).astype(np.float32))


async def main() -> None:
    """Train with the encoder of this machine."""
    from bot.inference.manager import Manager

    package = await asyncio.to_thread(fetch)
    manager = Manager(Settings().data_dir / "models")
    try:
        _log.info("trained", **await train(Models(manager, "", priority="background"), package))
    finally:
        await manager.close()


if __name__ == "__main__":
    asyncio.run(main())
