"""Settings: the only reader of the environment."""

from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Everything that the environment or `.env` can say. docs/operations.md lists it; a test compares the two."""

    model_config = SettingsConfigDict(
        env_prefix="TERTULIA_", env_file=".env", extra="ignore", hide_input_in_errors=True
    )

    telegram_bot_token: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("TELEGRAM_BOT_TOKEN", "TERTULIA_TELEGRAM_BOT_TOKEN"),
        description="The bot's token from @BotFather. Without it the playground starts.",
    )
    telegram_url: str = Field(
        default="https://api.telegram.org", description="Where the Bot API is; a local Bot API server or a playground."
    )
    data_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("tertulia", appauthor=False)),
        description="Database, weights and caches live here.",
    )
    database_url: str = Field(default="", description="SQLAlchemy URL; empty: SQLite in the data folder.")
    offline: bool = Field(default=False, description="Never ask the Hub for weights.")
    hub_timeout: float = Field(default=5.0, gt=0, description="Seconds to wait for a connection to the Hub.")
    engine: Literal["auto", "openvino", "torch"] = Field(default="auto", description="Inference engine.")
    device: Literal["auto", "cpu", "cuda", "mps"] = Field(default="auto", description="Where models run.")
    threads: int = Field(default=0, ge=0, description="Compute threads; 0: as many as there are cores.")
    chat_model: str = Field(default="qwen2.5-coder-1.5b", description="Chat model that new chats start with.")
    encoder_model: str = Field(default="multilingual-e5-small", description="Sentence encoder.")
    context_tokens: int = Field(
        default=3072, ge=512, le=32768, description="Prompt tokens a conversation may take before old turns leave."
    )
    max_new_tokens: int = Field(default=512, ge=16, le=4096, description="Longest answer, in tokens.")
    max_running: int = Field(default=16, ge=1, le=256, description="Answers that a chat model writes at once.")
    max_queued: int = Field(default=64, ge=1, description="Requests that may wait for a model.")
    webhook_url: str = Field(default="", description="Public https address; empty: the bot polls.")
    webhook_secret: SecretStr | None = Field(default=None, description="Secret that Telegram sends with each update.")
    http_host: str = Field(default="127.0.0.1", description="Address of the webhook and of /healthz.")
    http_port: int = Field(default=8081, ge=0, le=65535, description="Port of the webhook and of /healthz.")
    playground_host: str = Field(default="127.0.0.1", description="Address of the playground.")
    playground_port: int = Field(default=8080, ge=0, le=65535, description="Port of the playground; 0: any free one.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="Least level logged.")
    log_format: Literal["auto", "console", "json"] = Field(default="auto", description="auto: console on a terminal.")

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return path.expanduser().absolute()

    @property
    def weights_dir(self) -> Path:
        """Folder of fetched and converted weights."""
        return self.data_dir / "models"

    @property
    def database(self) -> str:
        """The database that is really used."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'tertulia.sqlite3'}"
