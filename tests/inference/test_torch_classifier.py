from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    BertConfig,
    DebertaV2Config,
    DistilBertConfig,
    ElectraConfig,
    PretrainedConfig,
    XLMRobertaForSequenceClassification,
)

from bot.errors import BadInput
from bot.inference.api import ClassifyRequest, Label
from bot.inference.engines.torch_classifier import TorchClassifier
from tests.inference.tiny_heads import write_classifier, write_xlmr

SENTIMENT = ("negative", "neutral", "positive")
NLI = ("contradiction", "neutral", "ENTAILMENT")
SHORT = ("la luz", "Ana vive en Lima y Luis en Perú", "plantas verdes con agua", "aire", "") * 3
LONG = "Ana trabaja en la ONU con Luis y plantas verdes comen luz de agua " * 5  # 14 tokens each time
HYPOTHESIS = "la {}"
SIZES: dict[str, Any] = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "max_position_embeddings": 32,
}


def write(folder: Path, labels: tuple[str, ...]) -> Path:
    return write_xlmr(folder, XLMRobertaForSequenceClassification, labels=labels)


def classify(folder: Path, *texts: str, labels: tuple[str, ...] = ()) -> list[tuple[Label, ...]]:
    engine = TorchClassifier(folder, device="cpu", dtype="float32", threads=1)
    return engine.run(ClassifyRequest("tiny", texts, labels, HYPOTHESIS))


def plain(folder: Path, *texts: str) -> torch.Tensor:
    """The logits of one text, or of a pair."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder)
    with torch.inference_mode():
        logits: torch.Tensor = model(**tokenizer(*texts, return_tensors="pt")).logits[0]
    return logits


def pieces(folder: Path, text: str, sizes: tuple[int, ...]) -> list[str]:
    """The text in stretches of so many tokens."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    ids = tokenizer(text, add_special_tokens=False).input_ids
    assert len(ids) == sum(sizes)
    starts = [sum(sizes[:n]) for n in range(len(sizes))]
    return [tokenizer.decode(ids[start : start + size]) for start, size in zip(starts, sizes, strict=True)]


def scores(found: tuple[Label, ...], names: tuple[str, ...]) -> list[float]:
    """The scores in the order of the names; checks that the found ones are ranked."""
    assert [label.score for label in found] == sorted((label.score for label in found), reverse=True)
    by_name = {label.name: label.score for label in found}
    return [by_name[name] for name in names]


def test_texts_in_batches_have_the_labels_that_each_has_alone(tmp_path: Path) -> None:
    folder = write(tmp_path, SENTIMENT)
    for text, found in zip(SHORT, classify(folder, *SHORT), strict=True):
        expected = plain(folder, text).softmax(dim=0).tolist()
        assert scores(found, SENTIMENT) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    "config",
    [
        DistilBertConfig(dim=32, n_layers=2, n_heads=4, hidden_dim=64, max_position_embeddings=32),
        DebertaV2Config(**SIZES, relative_attention=True, position_buckets=8, pos_att_type=["p2c", "c2p"]),
        BertConfig(**SIZES),
        ElectraConfig(**SIZES, embedding_size=16),
    ],
    ids=lambda config: config.model_type,
)
def test_bodies_of_other_kinds_work_too(config: PretrainedConfig, tmp_path: Path) -> None:
    folder = write_classifier(tmp_path, config, SENTIMENT)
    for text, found in zip(SHORT, classify(folder, *SHORT), strict=True):
        expected = plain(folder, text).softmax(dim=0).tolist()
        assert scores(found, SENTIMENT) == pytest.approx(expected, abs=1e-4)


def test_a_long_text_is_the_mean_of_its_windows_by_their_lengths(tmp_path: Path) -> None:
    folder = write(tmp_path, SENTIMENT)
    [found] = classify(folder, LONG)
    sizes = (30, 30, 10)
    windows = [plain(folder, piece).softmax(dim=0) for piece in pieces(folder, LONG, sizes)]
    expected = sum(size * window for size, window in zip(sizes, windows, strict=True)) / sum(sizes)
    assert scores(found, SENTIMENT) == pytest.approx([float(score) for score in expected], abs=1e-5)
    assert sum(label.score for label in found) == pytest.approx(1)


def test_one_output_is_a_probability_of_its_own(tmp_path: Path) -> None:
    folder = write(tmp_path, ("toxic",))
    [[label]] = classify(folder, "la luz")
    assert label.name == "toxic"
    assert label.score == pytest.approx(float(plain(folder, "la luz").sigmoid()), abs=1e-5)


def test_labels_of_ones_own_compete_by_what_follows_from_the_text(tmp_path: Path) -> None:
    folder = write(tmp_path, NLI)
    labels = ("luz", "energía solar", "agua")
    for text, found in zip(SHORT, classify(folder, *SHORT, labels=labels), strict=True):
        logits = torch.stack([plain(folder, text, f"la {label}")[2] for label in labels])
        assert scores(found, labels) == pytest.approx(logits.softmax(dim=0).tolist(), abs=1e-5)


def test_labels_of_ones_own_compete_in_every_window(tmp_path: Path) -> None:
    folder = write(tmp_path, NLI)
    labels = ("luz", "agua y aire")
    [found] = classify(folder, LONG, labels=labels)
    # 32 positions, of which 4 are for special tokens and 4 for the longer label with "la".
    sizes = (24, 24, 22)
    windows = [
        torch.stack([plain(folder, piece, f"la {label}")[2] for label in labels]).softmax(dim=0)
        for piece in pieces(folder, LONG, sizes)
    ]
    expected = sum(size * window for size, window in zip(sizes, windows, strict=True)) / sum(sizes)
    assert scores(found, labels) == pytest.approx([float(score) for score in expected], abs=1e-5)


def test_a_model_of_fixed_labels_takes_no_others(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refusal:
        classify(write(tmp_path, SENTIMENT), "la luz", labels=("luz", "agua"))
    assert refusal.value.key == "error-fixed-labels"
    assert refusal.value.values == {"labels": "negative, neutral, positive"}


def test_a_label_too_long_for_a_window_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refusal:
        classify(write(tmp_path, NLI), "la luz", labels=("luz " * 14, "agua"))
    assert refusal.value.values == {"tokens": 15, "limit": 14}
