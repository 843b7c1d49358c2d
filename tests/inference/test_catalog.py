import re

import pytest

from bot.config import Settings
from bot.errors import ModelMissing
from bot.inference.catalog import CATALOG, STARTER, Model, find


def test_ids_are_unique_plain_names() -> None:
    ids = [model.id for model in CATALOG]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9.-]*", model_id) for model_id in ids)


@pytest.mark.parametrize("model", CATALOG, ids=lambda model: model.id)
def test_entry_pins_its_bytes(model: Model) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", model.sha256)
    assert model.licence in {"Apache-2.0", "MIT"}
    assert model.hub or model.mirror
    assert (model.dimensions > 0) == (model.kind == "encoder")
    assert {"es", "en"} <= set(model.languages)


@pytest.mark.parametrize("model", [m for m in CATALOG if m.hub], ids=lambda model: model.id)
def test_hub_file_is_pinned(model: Model) -> None:
    assert model.hub
    assert re.fullmatch(r"[0-9a-f]{40}", model.hub.revision)
    assert model.hub.path == model.file


@pytest.mark.parametrize("model", CATALOG, ids=lambda model: model.id)
def test_wheels_make_up_the_file(model: Model) -> None:
    assert sum(wheel.bytes for wheel in model.mirror) == model.bytes
    assert len({wheel.package for wheel in model.mirror}) == len(model.mirror)


def test_starter_set_is_what_the_settings_begin_with() -> None:
    assert Settings.model_fields["chat_model"].default == STARTER[0]
    assert [find(model_id).kind for model_id in STARTER] == ["chat", "encoder"]


def test_unknown_model_is_named() -> None:
    with pytest.raises(ModelMissing) as caught:
        find("gpt")
    assert caught.value.key == "error-model-unknown"
    assert caught.value.values == {"model": "gpt"}
