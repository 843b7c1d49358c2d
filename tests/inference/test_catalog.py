import re
from pathlib import Path

import pytest

from bot.config import Settings
from bot.errors import ModelMissing
from bot.inference.catalog import CATALOG, PROFILES, STARTER, HubFile, HubFolder, Model, find

DOCS = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")
COMMIT = re.compile(r"[0-9a-f]{40}")
SHA256 = re.compile(r"[0-9a-f]{64}")
FILES = [model for model in CATALOG if model.format != "safetensors"]
FOLDERS = [model for model in CATALOG if model.format == "safetensors"]

each = pytest.mark.parametrize("model", CATALOG, ids=lambda model: model.id)
each_file = pytest.mark.parametrize("model", FILES, ids=lambda model: model.id)
each_folder = pytest.mark.parametrize("model", FOLDERS, ids=lambda model: model.id)


def test_ids_are_unique_plain_names() -> None:
    ids = [model.id for model in CATALOG]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9.-]*", model_id) for model_id in ids)


def test_every_kind_has_a_model() -> None:
    assert {model.kind for model in CATALOG} == {"chat", "encoder", "seq2seq", "classifier", "tagger", "reader"}


@each
def test_entry_says_what_it_is(model: Model) -> None:
    assert all((model.name, model.maker, model.parameters, model.licence))
    assert "es" in model.languages or "English only" in model.note
    assert min(model.bytes, model.context, *model.memory.values()) > 0
    assert model.memory.keys() <= {"openvino", "torch"}
    assert (model.dimensions > 0) == (model.kind == "encoder")
    assert not model.prefixes or model.kind in ("encoder", "seq2seq")
    assert not model.language_codes or set(model.languages) == set(model.language_codes)


@each
def test_limits_of_a_licence_are_said(model: Model) -> None:
    free = model.licence in {"Apache-2.0", "MIT", "AFL-3.0", "CC-BY-4.0"}
    assert free or "research" in model.note or "commercial" in model.note


@each_file
def test_file_is_pinned(model: Model) -> None:
    assert SHA256.fullmatch(model.sha256)
    assert model.hub or model.mirror
    if model.hub:
        assert isinstance(model.hub, HubFile)
        assert COMMIT.fullmatch(model.hub.revision)
        assert model.hub.path == model.file


@each_file
def test_wheels_make_up_the_file(model: Model) -> None:
    assert sum(wheel.bytes for wheel in model.mirror) == model.bytes
    assert len({wheel.package for wheel in model.mirror}) == len(model.mirror)


@each_folder
def test_folder_is_at_a_commit_or_says_that_it_is_not(model: Model) -> None:
    assert isinstance(model.hub, HubFolder)
    assert (model.file, model.sha256, model.mirror) == ("", "", ())
    assert re.fullmatch(r"[\w.-]+/[\w.-]+", model.hub.repo)
    assert COMMIT.fullmatch(model.hub.revision) or "No commit could be established" in model.note
    assert all(SHA256.fullmatch(digest) for digest in model.hub.sha256.values())


def test_profiles_are_of_the_catalog() -> None:
    assert set(PROFILES) == {"starter", "small", "gpu"}
    for ids in PROFILES.values():
        kinds = {find(model_id).kind for model_id in ids}
        assert {"chat", "encoder"} <= kinds
        assert len(set(ids)) == len(ids)


def test_no_profile_has_a_licence_with_limits() -> None:
    models = [find(model_id) for ids in PROFILES.values() for model_id in ids]
    assert not [model.id for model in models if "-NC" in model.licence or model.licence == "none stated"]


def test_profiles_have_what_is_known_to_be_there() -> None:
    models = [find(model_id) for ids in PROFILES.values() for model_id in ids]
    assert not [model.id for model in models if "established that" in model.note]


def test_small_profile_fits_four_gigabytes() -> None:
    models = [find(model_id) for model_id in PROFILES["small"]]
    loaded = [model.memory_bytes for model in models if model.kind in ("chat", "encoder")]
    assert sum(loaded) < 3_000_000_000
    assert all(model.memory_bytes < 2_000_000_000 for model in models)


@each
def test_docs_name_every_entry(model: Model) -> None:
    row = next((line for line in DOCS.splitlines() if line.startswith(f"| `{model.id}` | {model.kind} ")), "")
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    size, memory = f"{model.bytes / 1e6:,.0f} MB", f"{model.memory_bytes / 1e9:.1f} GB"
    where = "here" if model.tested == "run" else "form"
    assert cells[2:] == [model.licence, size, memory, where]


@each
def test_docs_say_where_every_entry_is_from(model: Model) -> None:
    rows = [line for line in DOCS.splitlines() if line.startswith(f"| `{model.id}` |")]
    if model.hub is not None:
        commit = model.hub.revision
        shown = commit[:12] if COMMIT.fullmatch(commit) else f"{commit}, no commit established"
        assert any(f"| {model.hub.repo} @ {shown} |" in row for row in rows)


def test_starter_set_is_what_the_settings_begin_with() -> None:
    assert Settings.model_fields["chat_model"].default == STARTER[0]
    assert [find(model_id).kind for model_id in STARTER] == ["chat", "encoder"]


def test_unknown_model_is_named() -> None:
    with pytest.raises(ModelMissing) as caught:
        find("gpt")
    assert caught.value.key == "error-model-unknown"
    assert caught.value.values == {"model": "gpt"}
