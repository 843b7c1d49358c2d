from itertools import pairwise
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import AutoModelForTokenClassification, AutoTokenizer, XLMRobertaForTokenClassification

from bot.inference.api import Span, TagRequest
from bot.inference.engines.torch_tagger import Tag, TorchTagger, _parts, spans
from bot.inference.engines.torch_windows import merge
from bot.inference.engines.words import units
from tests.inference.tiny_heads import WORDS, write_bert_tagger, write_marked_xlmr, write_xlmr

LABELS = ("O", "B-PER", "I-PER", "B-LOC", "B-ORG")
# "cía" and "rid" keep the label O: a word has the label of its first token.
MARKS = {"▁Ana": "B-PER", "▁Luis": "B-PER", "▁Gar": "I-PER", "▁Mad": "B-LOC", "▁Lima": "B-LOC", "▁ONU": "B-ORG"}
KNOWN = {"Ana": "PER", "Luis": "PER", "García": "PER", "Madrid": "LOC", "Lima": "LOC", "ONU": "ORG"}


def tagger(folder: Path, dtype: str = "float32") -> TorchTagger:
    return TorchTagger(folder, device="cpu", dtype=dtype, threads=1)


def tag(engine: TorchTagger, *texts: str) -> list[tuple[Span, ...]]:
    return engine.run(TagRequest("tiny", texts))


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> TorchTagger:
    folder = tmp_path_factory.mktemp("marked")
    return tagger(write_marked_xlmr(folder, XLMRobertaForTokenClassification, LABELS, MARKS))


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> TorchTagger:
    return tagger(write_bert_tagger(tmp_path_factory.mktemp("bert"), LABELS))


def brief(found: tuple[Span, ...]) -> list[tuple[str, str, int]]:
    return [(span.text, span.label, span.start) for span in found]


def test_entities_are_whole_words_without_what_stands_around(marked: TorchTagger) -> None:
    text = "Ana García, vive en Madrid.  Luis (ONU trabaja) ONU!"
    [found] = tag(marked, text)
    # The mark of "ONU" is on the token with a space before it.
    assert brief(found) == [("Ana García", "PER", 0), ("Madrid", "LOC", 20), ("Luis", "PER", 29), ("ONU", "ORG", 48)]
    assert all(0.5 < span.score <= 1 for span in found)


@settings(deadline=None)
@given(st.lists(st.sampled_from([word.replace("|", "") for word in WORDS]), max_size=120))
def test_every_known_name_is_found_once_however_long_the_text(marked: TorchTagger, words: list[str]) -> None:
    expected: list[list[str]] = []
    before = ""
    for word in words:
        label = KNOWN.get(word, "")
        if word == "García" and before == "PER":
            expected[-1][0] += " García"
        elif label:
            expected.append([word, label])
        before = label
    [found] = tag(marked, " ".join(words))
    assert [[span.text, span.label] for span in found] == expected


def test_windows_are_needed_and_overlap(marked: TorchTagger) -> None:
    assert marked._model.limit == 32  # of 34 positions XLM-R uses all but two
    assert marked.count_tokens(["en " * 120]) == [120]


TEXTS = st.text(
    st.sampled_from("ación plantas hola É9🙂👩‍🔬é中文かな[SEP]</s>.,\n\t") | st.characters(codec="utf-8"), max_size=80
)


@pytest.mark.parametrize("name", ["marked", "bert"])
@settings(deadline=None)
@given(texts=st.lists(TEXTS, max_size=4))
def test_spans_are_exact_sorted_apart_and_of_whole_words(
    request: pytest.FixtureRequest, name: str, texts: list[str]
) -> None:
    results = tag(request.getfixturevalue(name), *texts)
    assert len(results) == len(texts)
    for text, found in zip(texts, results, strict=True):
        edges = units(text)
        starts, ends = {start for start, _ in edges}, {end for _, end in edges}
        assert all(span.text == text[span.start : span.end] for span in found)
        assert all(span.start in starts and span.end in ends for span in found)
        assert all(first.end <= second.start for first, second in pairwise(found))
        assert {span.label for span in found} <= {"PER", "LOC", "ORG"}


def test_what_fits_is_labelled_as_transformers_would(tmp_path: Path) -> None:
    """Batches of texts against the plain computation for each, by the first token of each word."""
    folder = write_xlmr(tmp_path, XLMRobertaForTokenClassification, labels=("O", "PER", "LOC"))
    texts = ["Ana García vive en Madrid", "luz", "Luis trabaja en la ONU con Ana en Lima", "¿qué comen las plantas?"]
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForTokenClassification.from_pretrained(folder)
    for text, found in zip(texts, tag(tagger(folder), *texts), strict=True):
        inputs = tokenizer(text, return_tensors="pt", return_offsets_mapping=True)
        offsets = inputs.pop("offset_mapping")[0].tolist()
        with torch.inference_mode():
            best = model(**inputs).logits[0].argmax(dim=-1).tolist()
        labels = [
            model.config.id2label[next(best[n] for n, (start, end) in enumerate(offsets) if start <= first < end)]
            for first, _ in units(text)
        ]
        said = [next((span.label for span in found if span.start <= first < span.end), "O") for first, _ in units(text)]
        assert said == labels


def test_half_precision_finds_the_same(marked: TorchTagger, tmp_path: Path) -> None:
    write_marked_xlmr(tmp_path, XLMRobertaForTokenClassification, LABELS, MARKS)
    text = "Ana García y Luis " * 30
    assert brief(tag(tagger(tmp_path, "bfloat16"), text)[0]) == brief(tag(marked, text)[0])


def tags(*labels: str) -> list[Tag]:
    """One letter a word; the labels as a model has them."""
    return [Tag(2 * n, 2 * n + 1, *_parts(label), 0.5 + n / 10) for n, label in enumerate(labels)]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (("B-PER", "I-PER", "O", "I-PER"), ["a b", "d"]),
        (("B-PER", "B-PER", "I-PER"), ["a", "b c"]),
        (("B-PER", "I-LOC", "I-LOC"), ["a", "b c"]),
        (("S-PER", "B-PER", "I-PER", "E-PER", "S-PER"), ["a", "b c d", "e"]),
        (("U-PER", "B-PER", "L-PER", "I-PER"), ["a", "b c", "d"]),
        (("PER", "PER", "LOC", "O", "LOC"), ["a b", "c", "e"]),
        (("O", "O"), []),
    ],
)
def test_labels_of_every_scheme_make_entities(labels: tuple[str, ...], expected: list[str]) -> None:
    found = spans("a b c d e", tags(*labels))
    assert [span.text for span in found] == expected
    assert {span.label for span in found} <= {"PER", "LOC"}


def test_a_spans_score_is_its_words_mean() -> None:
    [span] = spans("a b c", tags("B-PER", "I-PER", "I-PER"))
    assert span.score == pytest.approx(0.6)


@settings(deadline=None)
@given(st.integers(1, 70), st.integers(2, 20), st.integers(0, 10))
def test_of_two_windows_the_one_with_more_context_counts(count: int, room: int, overlap: int) -> None:
    overlap = min(overlap, room // 2)
    step = room - overlap
    starts = [0, *range(step, max(count - overlap, 1), step)]
    # Each token says how far it is from its window's nearer edge; the text's own edges are none.
    parts = []
    for start in starts:
        end = min(start + room, count)
        parts.append(
            torch.tensor(
                [[n, min(n - start if start else 99, end - 1 - n if end < count else 99)] for n in range(start, end)]
            )
        )
    joined = merge(parts, step)
    assert joined[:, 0].tolist() == list(range(count))
    best = [
        max(
            int(part[n - start, 1]) for start, part in zip(starts, parts, strict=True) if start <= n < start + len(part)
        )
        for n in range(count)
    ]
    assert all(own >= other - 1 for own, other in zip(joined[:, 1].tolist(), best, strict=True))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ana-María vive.", ["Ana", "-", "María", "vive", "."]),
        ("a\u0301rbol ni\u00f1o", ["a\u0301rbol", "ni\u00f1o"]),
        ("东京 日本", ["东", "京", "日", "本"]),
        ("x_1 3,5", ["x_1", "3", ",", "5"]),
    ],
)
def test_words_and_signs(text: str, words: list[str]) -> None:
    assert [text[start:end] for start, end in units(text)] == words
