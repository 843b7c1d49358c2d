"""Settings: the only reader of the environment."""

import difflib
import ipaddress
import os
import re
from pathlib import Path
from typing import Literal

import platformdirs
from dotenv import dotenv_values
from pydantic import ByteSize, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import StartError

PREFIX = "TERTULIA_"

# python-telegram-bot then gives waiting times as timedelta, which will be the only way, and does not warn.
os.environ.setdefault("PTB_TIMEDELTA", "true")


class Settings(BaseSettings):
    """Everything that the environment or `.env` can say. docs/operations.md lists it; a test compares the two."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", extra="ignore", hide_input_in_errors=True, populate_by_name=True
    )

    telegram_bot_token: SecretStr | None = Field(
        default=None,
        validation_alias="TELEGRAM_BOT_TOKEN",
        description="The bot's token from @BotFather. Without it the playground starts.",
    )
    telegram_url: str = Field(
        default="https://api.telegram.org", description="Where the Bot API is; a local Bot API server or a playground."
    )
    data_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("tertulia", appauthor=False)),
        description="Database, weights and caches live here.",
    )
    database_url: str = Field(
        default="",
        description="SQLAlchemy URL, sqlite:////… or postgresql+psycopg://…; unset: SQLite in the data folder.",
    )
    offline: bool = Field(default=False, description="Never ask the Hub for weights.")
    hub_timeout: float = Field(default=5.0, gt=0, description="Seconds to wait for a connection to the Hub.")
    engine: Literal["auto", "openvino", "torch"] = Field(
        default="auto", description="Inference engine: auto, openvino or torch."
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = Field(
        default="auto", description="Where models run: auto, cpu, cuda or mps."
    )
    threads: int = Field(
        default=0, ge=0, description="Compute threads; 0: one for each physical core that the process may use."
    )
    chat_model: str = Field(default="qwen2.5-coder-1.5b", description="Chat model that new chats start with.")
    context_tokens: int = Field(
        default=3072, ge=512, le=32768, description="Prompt tokens a conversation may take before old turns leave."
    )
    max_new_tokens: int = Field(default=512, ge=16, le=4096, description="Longest answer, in tokens.")
    max_running: int = Field(default=16, ge=1, le=256, description="Answers that a chat model writes at once.")
    max_queued: int = Field(default=64, ge=1, description="Requests that may wait for a model.")
    memory_limit: ByteSize = Field(
        default=ByteSize(0), description="Memory that models may take, like 4GB; 0: most of what the machine has."
    )
    idle_minutes: int = Field(
        default=0,
        ge=0,
        description="Minutes after which an unused model is unloaded; 0: when another needs its memory.",
    )
    webhook_url: str = Field(default="", description="Public https address; unset: the bot polls.")
    webhook_secret: SecretStr | None = Field(
        default=None, description="Secret that Telegram sends with each update; unset: a new one each start."
    )
    http_host: str = Field(default="127.0.0.1", description="Address of the webhook, /healthz and /metrics.")
    http_port: int | None = Field(
        default=None,
        ge=0,
        le=65535,
        description="Port of the webhook, /healthz and /metrics; unset: 8081 with a webhook, else none.",
    )
    playground_host: str = Field(
        default="127.0.0.1", description="Address of the playground; any but this machine's own needs the password."
    )
    playground_password: SecretStr | None = Field(
        default=None, description="Password of the playground's page and people's side; unset: none is asked for."
    )
    playground_port: int = Field(default=8080, ge=0, le=65535, description="Port of the playground; 0: any free one.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least level logged: debug, info, warning or error."
    )
    log_format: Literal["auto", "console", "json"] = Field(
        default="auto", description="Log lines: console, json, or auto (console on a terminal)."
    )

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return path.expanduser().absolute()

    @field_validator("telegram_url")
    @classmethod
    def _address(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("an address begins with https:// (or http:// for this machine)")
        return url.rstrip("/")

    @field_validator("webhook_url")
    @classmethod
    def _public(cls, url: str) -> str:
        if url and not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("Telegram calls https:// addresses only")
        return url

    @field_validator("webhook_secret")
    @classmethod
    def _sendable(cls, secret: SecretStr | None) -> SecretStr | None:
        # https://core.telegram.org/bots/api#setwebhook
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
            raise ValueError("a secret has 1 to 256 of the letters A-Z, a-z, digits, _ and -")
        return secret

    @property
    def weights_dir(self) -> Path:
        """Folder of fetched and converted weights."""
        return self.data_dir / "models"

    @property
    def database(self) -> str:
        """The database that is really used."""
        return self.database_url or f"sqlite:///{self.data_dir / 'tertulia.sqlite3'}"


def is_loopback(host: str) -> bool:
    """Tell whether an address can be reached from this machine alone."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def variable(field: str) -> str:
    """Return the environment variable of a field."""
    return "TELEGRAM_BOT_TOKEN" if field == "telegram_bot_token" else f"{PREFIX}{field.upper()}"


def visible_gpus() -> str | None:
    """Return CUDA_VISIBLE_DEVICES, with which an operator divides GPUs among programs; None when it is not set."""
    return os.environ.get("CUDA_VISIBLE_DEVICES")


def environment(**changed: str) -> dict[str, str]:
    """Return the environment for a child process, with some of its variables changed."""
    return {**os.environ, **changed}


def load() -> Settings:
    """Read the settings from the environment and `.env`. Raises StartError."""
    problems = _misspelt()
    try:
        settings = Settings()
    except ValidationError as error:
        problems += [_explain(item["loc"], item["msg"]) for item in error.errors(include_input=False)]
    else:
        if not problems:
            return settings
    raise StartError("\n".join(problems))


def _misspelt() -> list[str]:
    known = [variable(field) for field in Settings.model_fields]
    given = {*os.environ, *dotenv_values(".env")}
    unknown = sorted(name for name in given if name.upper().startswith(PREFIX) and name.upper() not in known)
    return [f"{name}: there is no such setting.{_suggest(name, known)}" for name in unknown]


def _suggest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name.upper(), known, 1, cutoff=0.85)
    return f" Did you mean {near[0]}?" if near else " docs/operations.md lists them all; remove this one."


def _explain(place: tuple[int | str, ...], message: str) -> str:
    field = str(place[0])
    name = field if field.isupper() else variable(field)
    about = Settings.model_fields[field].description if field in Settings.model_fields else ""
    return f"{name}: {message}. {about} Set it in the environment or in .env, or remove it to get the default."
