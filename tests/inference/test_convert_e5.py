import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from transformers import AutoModel

from bot.config import Settings
from bot.errors import ModelMissing, WeightsError
from bot.inference import devices, weights
from bot.inference.api import EmbedRequest
from bot.inference.catalog import Model, find
from bot.inference.engines import e5s1_bert
from bot.inference.engines.bert_encoder import BertEncoder
from bot.inference.engines.convert import ensure_converted
from tests.inference.e5s1_file import SmallE5


def place(model: Model, raw: bytes, weights_dir: Path) -> Model:
    """Put bytes where verified weights lie, under an entry that fits them."""
    (weights_dir / model.id).mkdir(parents=True)
    (weights_dir / model.id / model.file).write_bytes(raw)
    return dataclasses.replace(model, bytes=len(raw))


@pytest.fixture
def small() -> SmallE5:
    return SmallE5()


@pytest.fixture
def model(small: SmallE5, tmp_path: Path) -> Model:
    return place(find("multilingual-e5-small"), small.write(), tmp_path)


def test_bert_has_the_files_weights(small: SmallE5, model: Model, tmp_path: Path) -> None:
    bert = AutoModel.from_pretrained(ensure_converted(model, tmp_path), dtype=torch.float32)
    state = bert.state_dict()
    pairs = {
        "embeddings.word_embeddings.weight": "emb.word",
        "embeddings.position_embeddings.weight": "emb.pos",
        "embeddings.LayerNorm.bias": "emb.ln.b",
        "encoder.layer.1.attention.self.query.weight": "l1.q.w",
        "encoder.layer.0.attention.self.key.bias": "l0.k.b",
        "encoder.layer.0.attention.self.value.weight": "l0.v.w",
        "encoder.layer.1.attention.output.dense.weight": "l1.ao.w",
        "encoder.layer.1.attention.output.LayerNorm.weight": "l1.aln.w",
        "encoder.layer.0.intermediate.dense.weight": "l0.fi.w",
        "encoder.layer.0.output.dense.weight": "l0.fo.w",
        "encoder.layer.0.output.LayerNorm.bias": "l0.oln.b",
    }
    for name, short in pairs.items():
        np.testing.assert_allclose(state[name].numpy(), small.expected[short], rtol=1e-2)
    assert bert.config.layer_norm_eps == pytest.approx(1e-12)
    assert bert.config.max_position_embeddings == 24


@pytest.mark.parametrize(("fast", "dtype"), [(True, "BF16"), (False, "F32")])
def test_weights_are_written_as_this_cpu_computes(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fast: bool, dtype: str
) -> None:
    monkeypatch.setattr(devices, "has_bfloat16_instructions", lambda: fast)
    with safe_open(ensure_converted(model, tmp_path) / "model.safetensors", "pt") as file:
        assert {file.get_slice(name).get_dtype() for name in file.keys()} == {dtype}  # noqa: SIM118 - no mapping


def test_conversion_is_kept_and_rebuilt_when_broken(model: Model, tmp_path: Path) -> None:
    folder = ensure_converted(model, tmp_path)
    before = (folder / "model.safetensors").stat().st_mtime_ns
    assert ensure_converted(model, tmp_path) == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == before
    (folder / "unigram.model").unlink()
    assert (ensure_converted(model, tmp_path) / "unigram.model").exists()


def test_other_checksum_is_another_cache_and_the_old_one_goes(model: Model, tmp_path: Path) -> None:
    old = ensure_converted(model, tmp_path)
    new = ensure_converted(dataclasses.replace(model, sha256="0" * 64), tmp_path)
    assert new != old
    assert new.exists()
    assert not old.exists()


def test_broken_file_is_an_error_and_leaves_nothing(model: Model, tmp_path: Path) -> None:
    broken = SmallE5().write()[:-1]
    (tmp_path / model.id / model.file).write_bytes(broken)
    with pytest.raises(WeightsError) as caught:
        ensure_converted(dataclasses.replace(model, bytes=len(broken)), tmp_path)
    assert caught.value.key == "error-weights-convert"
    assert not [file for file in weights.cache_dir(model, tmp_path).iterdir() if file.is_dir()]


def test_full_disk_is_told_before_converting(model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=model.bytes)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(WeightsError) as caught:
        ensure_converted(model, tmp_path)
    assert caught.value.key == "error-weights-disk"


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing) as caught:
        ensure_converted(find("multilingual-e5-small"), tmp_path)
    assert caught.value.values == {"model": "multilingual-e5-small"}


@pytest.fixture(scope="module")
def real() -> Path:
    weights_dir = Settings().weights_dir
    if not weights.installed(find("multilingual-e5-small"), weights_dir):
        pytest.skip("the weights of multilingual-e5-small are not on this machine")
    return weights_dir


@pytest.mark.weights
def test_meaning_crosses_languages(real: Path) -> None:
    model = find("multilingual-e5-small")
    folder = ensure_converted(model, real)
    encoder = BertEncoder(folder, device="cpu", dtype=e5s1_bert.dtype(), threads=1, prefixes=model.prefixes)
    pairs = [
        ("¿Cuándo es el examen de biología?", "When does the biology exam take place?"),
        ("La mitocondria produce la energía de la célula.", "Mitochondria make the cell's energy."),
        ("El perro duerme en el sofá.", "The dog is asleep on the couch."),
        ("La Revolución Francesa empezó en 1789.", "The French Revolution began in 1789."),
    ]
    spanish, english = (encoder.run(EmbedRequest(model.id, texts, "query")) for texts in zip(*pairs, strict=True))
    likeness = spanish @ english.T
    assert likeness.argmax(0).tolist() == likeness.argmax(1).tolist() == [0, 1, 2, 3]
