"""What is fetched of a repository is all that a model of each kind needs."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import transformers

from bot.inference import weights
from bot.inference.catalog import Kind, Model
from bot.inference.engines import convert, torch_child
from bot.inference.hub import Hub
from tests.inference import tiny_heads, tiny_models
from tests.inference.folder_hub import Repository, folder_model, serving


def write_classifier(folder: Path) -> Path:
    return tiny_heads.write_xlmr(folder, transformers.XLMRobertaForSequenceClassification)


def write_reader(folder: Path) -> Path:
    return tiny_heads.write_xlmr(folder, transformers.XLMRobertaForQuestionAnswering)


def write_tagger(folder: Path) -> Path:
    return tiny_heads.write_bert_tagger(folder, ("O", "B-PER"))


def write_xlmr_tagger(folder: Path) -> Path:
    return tiny_heads.write_xlmr(folder, transformers.XLMRobertaForTokenClassification)


CASES: list[tuple[Kind, Callable[[Path], Path], dict[str, Any]]] = [
    ("chat", tiny_models.write_chat_model, {"context": 128}),
    ("encoder", tiny_models.write_encoder, {"prefixes": {}}),
    ("seq2seq", tiny_heads.write_marian, {"languages": {}}),
    ("seq2seq", tiny_heads.write_t5, {"languages": {}}),
    ("seq2seq", tiny_heads.write_nllb, {"languages": {"es": "spa_Latn", "en": "eng_Latn"}}),
    ("seq2seq", tiny_heads.write_m2m100, {"languages": {"es": "es", "en": "en"}}),
    ("seq2seq", tiny_heads.write_mbart, {"languages": {"es": "es_XX", "en": "en_XX"}}),
    ("classifier", write_classifier, {}),
    ("reader", write_reader, {}),
    ("tagger", write_tagger, {}),
]


@pytest.mark.parametrize(("kind", "write", "options"), CASES, ids=lambda case: getattr(case, "__name__", ""))
@pytest.mark.filterwarnings("ignore:Recommended. pip install sacremoses")
def test_model_of_that_kind_loads(
    tmp_path: Path, kind: Kind, write: Callable[[Path], Path], options: dict[str, Any]
) -> None:
    (tmp_path / "made").mkdir()
    model, folder = fetched(write(tmp_path / "made"), tmp_path / "models", kind)
    machine = {"device": "cpu", "dtype": "float32", "threads": 1}
    handle = torch_child.load({"kind": model.kind, "folder": str(folder), "options": options} | machine)
    assert handle({"count": ["las plantas"]})["counts"][0] > 0


@pytest.mark.parametrize(
    ("kind", "write", "name"),
    [("tagger", write_xlmr_tagger, "sentencepiece.bpe.model"), ("seq2seq", tiny_heads.write_t5, "spiece.model")],
)
def test_tokenizer_may_be_a_sentencepiece_file_alone(
    tmp_path: Path, kind: Kind, write: Callable[[Path], Path], name: str
) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "other").mkdir()
    made = write(tmp_path / "made")
    pieces = tiny_heads.write_marian(tmp_path / "other") / "sentencepiece.bpe.model"
    (made / "tokenizer.json").unlink()
    (made / name).write_bytes(pieces.read_bytes())
    _, folder = fetched(made, tmp_path / "models", kind)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
    assert tokenizer.decode(tokenizer("las plantas").input_ids, skip_special_tokens=True) == "las plantas"


def fetched(made: Path, weights_dir: Path, kind: Kind) -> tuple[Model, Path]:
    files = {file.name: file.read_bytes() for file in made.iterdir()}
    model = replace(folder_model(), kind=kind)
    with serving(Repository(files=files)) as repository:
        weights.pull(model, weights_dir, weights.Channels(hub=Hub(5.0, url=repository.url)))
    return model, convert.ensure_converted(model, weights_dir)
