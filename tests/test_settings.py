"""Settings: documented, and wrong ones are named."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from bot import config
from bot.config import Settings
from bot.errors import StartError

ROOT = Path(__file__).parents[1]
ELSEWHERE = "cuda" if sys.platform == "darwin" else "mps"


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("TERTULIA_") or name == "TELEGRAM_BOT_TOKEN":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(Settings.model_config, "env_file", ".env")


def documented() -> dict[str, tuple[str, str]]:
    """Return name → (default, meaning) from the table in docs/operations.md."""
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \| (.*?) \|$", page, re.MULTILINE)
    return {name: (default.strip("`"), meaning) for name, default, meaning in rows}


def expected() -> dict[str, tuple[str, str]]:
    table = {}
    for name, field in Settings.model_fields.items():
        default = "the user's data folder" if field.default is PydanticUndefined else field.default
        shown = "unset" if default in (None, "") else str(default)
        table[config.variable(name)] = (shown, field.description or "")
    return table


def test_every_setting_is_documented_with_its_default() -> None:
    assert documented() == expected()


def test_env_file_is_read_and_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("TELEGRAM_BOT_TOKEN=1:abc\nTERTULIA_DEVICE=cpu\nTERTULIA_ENGINE=torch\nOTHER=1\n")
    monkeypatch.setenv("TERTULIA_ENGINE", "openvino")
    settings = config.load()
    assert (settings.device, settings.engine) == ("cpu", "openvino")
    assert settings.telegram_bot_token == SecretStr("1:abc")


def test_data_folder_can_be_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "tertulia" in str(config.load().data_dir)
    monkeypatch.setenv("TERTULIA_DATA_DIR", str(tmp_path / "elsewhere"))
    settings = config.load()
    assert settings.weights_dir == tmp_path / "elsewhere" / "models"
    assert str(tmp_path / "elsewhere") in settings.database


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("TERTULIA_DEVICE", "gpu", "Input should be 'auto', 'cpu', 'cuda' or 'mps'"),
        ("TERTULIA_PLAYGROUND_PORT", "eighty", "valid integer"),
        ("TERTULIA_CONTEXT_TOKENS", "5", "greater than or equal to 512"),
        ("TERTULIA_DATADIR", "x", "Did you mean TERTULIA_DATA_DIR?"),
        ("TERTULIA_PLAYGROUND_HOST", "0.0.0.0", "Set TERTULIA_PLAYGROUND_PASSWORD too"),
        ("TERTULIA_TELEGRAM_URL", "127.0.0.1:8303", "https://"),
        ("TERTULIA_WEBHOOK_URL", "http://example.org/hook", "https://"),
        ("TERTULIA_WEBHOOK_SECRET", "con espacio", "letters"),
        ("TERTULIA_DEVICE", ELSEWHERE, f"there is no {ELSEWHERE} device"),
        ("TERTULIA_DATA_DIR", "/proc/tertulia", "Choose another folder"),
        ("TERTULIA_CHAT_MODEL", "foo", "qwen2.5-coder-1.5b"),
        ("TERTULIA_DATABASE_URL", "nonsense", "sqlite:////"),
        ("TERTULIA_DATABASE_URL", "sqlite+aiosqlite:///x", "sqlite:////"),
        ("TERTULIA_DATABASE_URL", "sqlite:////proc/x/y.db", "cannot be written"),
        ("TERTULIA_COLOUR", "x", "docs/operations.md"),
    ],
)
def test_wrong_setting_stops_the_start_with_its_name_and_a_remedy(name: str, value: str, remedy: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERTULIA_PLAYGROUND_PORT": "0", name: value}
    environment.setdefault("TERTULIA_DATA_DIR", str(Path.cwd()))
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run"], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert name in done.stderr
    assert remedy in done.stderr
    assert "Traceback" not in done.stderr


def test_values_are_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERTULIA_HTTP_PORT", "1:a-token-in-the-wrong-place")
    with pytest.raises(StartError) as caught:
        config.load()
    assert "a-token" not in str(caught.value)
