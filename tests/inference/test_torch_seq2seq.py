from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

from bot.errors import BadInput
from bot.inference.api import RewriteRequest
from bot.inference.engines.torch_seq2seq import TorchSeq2Seq
from tests.inference.tiny_heads import without_sacremoses, write_m2m100, write_marian, write_mbart, write_nllb, write_t5

# More than one batch, of many lengths, and not in their order.
TEXTS = tuple("El niño comió una piña y bebió café con leche en Perú."[:length] for length in (9, 33, 3, 20, 14)) * 2
TEXTS += ("¿Qué es la luz?", "")
NLLB = {"es": "spa_Latn", "en": "eng_Latn"}


def seq2seq(folder: Path, **options: Any) -> TorchSeq2Seq:
    return TorchSeq2Seq(folder, device="cpu", dtype="float32", threads=1, **options)


def rewrite(engine: TorchSeq2Seq, *texts: str, tokens: int = 12) -> list[str]:
    return engine.run(RewriteRequest("tiny", texts, "es", "en", max_new_tokens=tokens))


def alone(folder: Path, text: str, source: str = "", target: str = "") -> str:
    """What transformers' own generate writes for one text."""
    with without_sacremoses():
        tokenizer = AutoTokenizer.from_pretrained(folder, **({"src_lang": source} if source else {}))
    model = AutoModelForSeq2SeqLM.from_pretrained(folder, dtype=torch.float32)
    options = {"forced_bos_token_id": tokenizer.convert_tokens_to_ids(target)} if target else {}
    inputs = tokenizer([text], return_tensors="pt")
    ids = model.generate(**inputs, **options, max_new_tokens=12, max_length=None)
    return str(tokenizer.decode(ids[0], skip_special_tokens=True)).strip()


@pytest.mark.parametrize("write", [write_marian, write_t5])
def test_texts_in_batches_are_written_as_each_alone(write: Callable[[Path], Path], tmp_path: Path) -> None:
    folder = write(tmp_path)
    written = rewrite(seq2seq(folder), *TEXTS)
    assert written == [alone(folder, text) for text in TEXTS]
    assert len(set(written)) > 3


@pytest.mark.parametrize(
    ("write", "languages", "source", "target"),
    [
        (write_nllb, NLLB, "spa_Latn", "eng_Latn"),
        (write_m2m100, {"es": "es", "en": "en"}, "es", "__en__"),
        (write_mbart, {"es": "es_XX", "en": "en_XX"}, "es_XX", "en_XX"),
    ],
)
def test_languages_are_told_in_the_models_own_codes(
    write: Callable[[Path], Path], languages: dict[str, str], source: str, target: str, tmp_path: Path
) -> None:
    folder = write(tmp_path)
    engine = seq2seq(folder, languages=languages)
    written = rewrite(engine, *TEXTS[:6])
    assert written == [alone(folder, text, source, target) for text in TEXTS[:6]]
    # The other way round is another answer, and leaves no trace.
    assert engine.run(RewriteRequest("tiny", TEXTS[:6], "en", "es", max_new_tokens=12)) != written
    assert rewrite(engine, *TEXTS[:6]) == written


def test_a_marian_model_with_several_targets_is_told_one_in_the_text(tmp_path: Path) -> None:
    folder = write_marian(tmp_path, languages=(">>spa<<", ">>eng<<"))
    engine = seq2seq(folder, languages={"es": ">>spa<<", "en": ">>eng<<"})
    assert rewrite(engine, "La luz.") == [alone(folder, ">>eng<< La luz.")] != [alone(folder, ">>spa<< La luz.")]


def test_a_prefix_tells_t5_its_task(tmp_path: Path) -> None:
    folder = write_t5(tmp_path)
    engine = seq2seq(folder, prefixes={"es-en": "leche: ", "": "plantas: "})
    assert rewrite(engine, "café") == [alone(folder, "leche: café")]
    assert engine.run(RewriteRequest("tiny", ("café",), max_new_tokens=12)) == [alone(folder, "plantas: café")]


def test_an_unknown_language_is_refused(tmp_path: Path) -> None:
    engine = seq2seq(write_nllb(tmp_path), languages=NLLB)
    with pytest.raises(BadInput) as refusal:
        engine.run(RewriteRequest("tiny", ("hola",), "es", "tlh"))
    assert refusal.value.key == "error-model-language"
    assert refusal.value.values == {"language": "tlh"}


@pytest.mark.parametrize("write", [write_marian, write_t5, write_mbart])
def test_a_text_that_does_not_fit_is_refused_and_not_cut(write: Callable[[Path], Path], tmp_path: Path) -> None:
    engine = seq2seq(write(tmp_path))
    lengths = {text: len(engine._ids([text], special=True)[0]) for text in (" z" * count for count in range(1, 50))}
    fits = max((text for text, length in lengths.items() if length <= 40), key=len)
    assert rewrite(engine, fits)
    with pytest.raises(BadInput) as refusal:
        rewrite(engine, "hola", fits + " z")
    assert refusal.value.key == "error-text-too-long"
    assert refusal.value.values == {"tokens": lengths[fits + " z"], "limit": 40}


def test_an_answer_has_no_more_tokens_than_the_decoder_has_positions(tmp_path: Path) -> None:
    engine = seq2seq(write_marian(tmp_path))
    [text] = rewrite(engine, "La luz", tokens=10_000)
    assert engine.count_tokens([text])[0] <= 40


@pytest.mark.parametrize("write", [write_marian, write_nllb, write_m2m100])
def test_special_tokens_in_a_text_are_text(write: Callable[[Path], Path], tmp_path: Path) -> None:
    engine = seq2seq(write(tmp_path))
    special = set(engine._tokenizer.all_special_ids) - {engine._tokenizer.unk_token_id}
    [ids] = engine._ids(["a </s> <pad> spa_Latn __es__ b"], special=False)
    assert not special & set(ids)
    assert engine.count_tokens(["", "a b"]) == [0, len(engine._ids(["a b"], special=False)[0])]


def test_nothing_asked_is_nothing_answered(tmp_path: Path) -> None:
    engine = seq2seq(write_t5(tmp_path))
    assert rewrite(engine) == []
    engine.close()
    assert engine.memory_bytes == 0
