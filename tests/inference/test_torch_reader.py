from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import AutoModelForQuestionAnswering, AutoTokenizer, XLMRobertaForQuestionAnswering

from bot.errors import BadInput
from bot.inference.api import Reading, ReadRequest
from bot.inference.engines.torch_reader import TorchReader
from bot.inference.engines.words import units
from tests.inference.tiny_heads import write_marked_xlmr, write_xlmr

# An answer begins with "luz" and ends with "agua"; neither alone beats the first token, which means no answer.
LABELS = ("", "start", "end", "none")
MARKS = {"▁luz": "start", "▁agua": "end", "<s>": "none"}
FILLERS = ("plantas", "Madrid", "trabaja", "en", "y", "García", "verdes")
NOTHING = ("", 0, 0)


def reader(folder: Path) -> TorchReader:
    return TorchReader(folder, device="cpu", dtype="float32", threads=1)


def read(engine: TorchReader, question: str, *texts: str) -> list[Reading]:
    return engine.run(ReadRequest("tiny", question, texts))


def where(reading: Reading) -> tuple[str, int, int]:
    return reading.text, reading.start, reading.end


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> TorchReader:
    folder = tmp_path_factory.mktemp("marked")
    return reader(write_marked_xlmr(folder, XLMRobertaForQuestionAnswering, LABELS, MARKS))


def test_the_answer_is_found_only_in_the_text(marked: TorchReader) -> None:
    texts = ("plantas en luz y agua, Madrid", "plantas en Madrid", "", "la luz y el aire", "agua y luz")
    found = read(marked, "¿qué luz agua?", *texts)
    assert [where(reading) for reading in found] == [("luz y agua", 11, 21), NOTHING, NOTHING, NOTHING, NOTHING]
    assert all(0.5 < reading.score <= 1 for reading in found)


@settings(deadline=None)
@given(
    before=st.lists(st.sampled_from(FILLERS), max_size=70),
    between=st.lists(st.sampled_from(FILLERS), max_size=3),
    after=st.lists(st.sampled_from(FILLERS), max_size=70),
)
def test_the_answer_is_found_wherever_it_stands(
    marked: TorchReader, before: list[str], between: list[str], after: list[str]
) -> None:
    answer = " ".join(["luz", *between, "agua"])
    text = " ".join([*before, answer, *after])
    [found] = read(marked, "¿qué comen", text)
    assert where(found) == (answer, text.index("luz"), text.index("agua") + 4)


@settings(deadline=None)
@given(st.lists(st.sampled_from(FILLERS), max_size=120))
def test_no_window_of_a_text_without_an_answer_has_one(marked: TorchReader, words: list[str]) -> None:
    [found] = read(marked, "¿qué comen", " ".join(words))
    assert where(found) == NOTHING


@settings(deadline=None)
@given(st.text(st.sampled_from("luz agua É🙂é中文</s>.\n") | st.characters(codec="utf-8"), max_size=90))
def test_answers_are_exact_and_of_whole_words(marked: TorchReader, text: str) -> None:
    [found] = read(marked, "luz", text + " luz agua " + text)
    source = text + " luz agua " + text
    assert found.text == source[found.start : found.end]
    assert 0 <= found.score <= 1
    if found.text:
        assert found.start in {start for start, _ in units(source)}
        assert found.end in {end for _, end in units(source)}


def test_short_texts_are_read_as_the_plain_computation_does(tmp_path: Path) -> None:
    folder = write_xlmr(tmp_path, XLMRobertaForQuestionAnswering)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForQuestionAnswering.from_pretrained(folder)
    question, texts = "¿qué comen", ["la luz", "Ana vive en Lima y Luis en Perú", "plantas verdes con agua", "aire"] * 3
    for text, found in zip(texts, read(reader(folder), question, *texts), strict=True):
        inputs = tokenizer(question, text, return_tensors="pt", return_offsets_mapping=True)
        offsets, inside = inputs.pop("offset_mapping")[0].tolist(), inputs.sequence_ids(0)
        with torch.inference_mode():
            output = model(**inputs)
        starts, ends = output.start_logits[0].tolist(), output.end_logits[0].tolist()
        tokens = [n for n, sequence in enumerate(inside) if sequence == 1]
        scores = {(i, j): starts[i] + ends[j] for i in tokens for j in tokens if i <= j}
        nothing = starts[0] + ends[0]
        first, last = max(scores, key=lambda pair: scores[pair])
        everything = torch.tensor([*scores.values(), nothing]).softmax(dim=0)
        if nothing > scores[first, last]:
            assert where(found) == NOTHING
            assert found.score == pytest.approx(float(everything[-1]), abs=1e-4)
        else:
            assert (found.start, found.end) == (offsets[first][0], offsets[last][1])
            assert found.score == pytest.approx(float(everything.max()), abs=1e-4)


def test_a_question_too_long_for_a_window_is_refused(marked: TorchReader) -> None:
    with pytest.raises(BadInput) as refusal:
        read(marked, "en " * 15, "luz agua")
    assert refusal.value.key == "error-text-too-long"
    assert refusal.value.values == {"tokens": 15, "limit": 14}
    assert where(read(marked, "en " * 14, "luz agua")[0]) == ("luz agua", 0, 8)
