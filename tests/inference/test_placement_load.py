"""Loading what the placement chose, on torch, and counting tokens without loading."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from bot.errors import EngineFailed, ModelMissing
from bot.inference.api import EmbedRequest
from bot.inference.catalog import find
from bot.inference.engines import convert
from bot.inference.engines.remote import RemoteBatch
from bot.inference.placement import Target
from tests.inference.e5s1_file import SmallE5
from tests.inference.tiny_catalog import install
from tests.inference.tiny_entries import TinyPlacement, entry

CPU = Target("torch", "cpu")
ENCODER = entry("encoder")


@pytest.fixture
def placement(tmp_path: Path) -> TinyPlacement:
    install(["encoder"], tmp_path / "models", tmp_path / "scratch")
    return TinyPlacement(tmp_path / "models", "torch", "cpu", catalog=(ENCODER,))


def test_a_model_loads_as_its_kind_with_what_the_catalog_says(placement: TinyPlacement) -> None:
    assert placement.target(ENCODER, {}) == CPU
    engine = placement.load(ENCODER, CPU)
    try:
        assert isinstance(engine, RemoteBatch)
        assert (engine.name, engine.device, engine.alive) == ("torch", "cpu", True)
        query, passage = (engine.run(EmbedRequest("", ("plantas",), purpose)) for purpose in ("query", "passage"))
        assert not np.allclose(np.asarray(query), np.asarray(passage), atol=1e-3), (
            "the catalog's prefixes go by purpose"
        )
    finally:
        engine.close()


def test_tokens_are_counted_without_loading_the_model(placement: TinyPlacement) -> None:
    counter = placement.token_counter(ENCODER)
    assert counter is not None
    assert counter(["las plantas", ""]) == [2, 0]


def test_weights_in_another_format_are_converted_in_a_process_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = SmallE5().write()
    model = dataclasses.replace(find("multilingual-e5-small"), bytes=len(raw))
    (tmp_path / model.id).mkdir()
    (tmp_path / model.id / model.file).write_bytes(raw)
    placement = TinyPlacement(tmp_path, "torch", "cpu", catalog=(model,))
    assert placement.token_counter(model) is None
    # Here it would import torch into the bot.
    monkeypatch.setattr(convert, "_build", lambda *_: pytest.fail("converted in this process"))
    engine = placement.load(model, CPU)
    try:
        assert convert.converted(model, tmp_path)
        counter = placement.token_counter(model)
        assert counter is not None
        assert counter(["hola"]) == engine.count_tokens(["hola"])
    finally:
        engine.close()


def test_what_is_not_here_is_missing(tmp_path: Path) -> None:
    placement = TinyPlacement(tmp_path, "torch", "cpu", catalog=(ENCODER,))
    assert placement.token_counter(ENCODER) is None
    with pytest.raises(ModelMissing):
        placement.load(ENCODER, CPU)


def test_weights_that_are_broken_fail_with_the_models_name(placement: TinyPlacement) -> None:
    file = convert.ensure_converted(ENCODER, placement.weights_dir) / "model.safetensors"
    file.write_bytes(b"\xff" * file.stat().st_size)
    with pytest.raises(EngineFailed) as failed:
        placement.load(ENCODER, CPU)
    assert (failed.value.key, failed.value.values) == ("error-load-failed", {"model": ENCODER.id})
