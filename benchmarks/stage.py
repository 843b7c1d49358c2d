"""The whole bot in a process of its own, as `python -m bot run` starts it, before a playground in another."""

import asyncio
import contextlib
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from bot.inference.catalog import STARTER
from bot.playground.world import PLAYGROUND_TOKEN

ROOT = Path(__file__).parents[1]
RUN = (sys.executable, "-m", "bot", "run")
_LOOK_AGAIN = 0.1
_LOADING_PATIENCE = 600
_PRELOAD_PATIENCE = 60
_ROWS_PATIENCE = 20


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that runs: its process, its data folder, and its own HTTP side, where it tells how it is."""

    process: psutil.Process
    folder: Path
    http: httpx.AsyncClient

    async def until_loaded(self, chat_model: str) -> list[str]:
        """Wait until the chat model is loaded, and for a while the other models that the bot loads by itself.

        Returns all that are loaded.
        """
        if chat_model not in await self._until({chat_model}, _LOADING_PATIENCE):
            raise SystemExit(f"{chat_model} does not load: {(await self._health()).get('models', {}).get(chat_model)}.")
        return await self._until({chat_model, *STARTER}, _PRELOAD_PATIENCE)

    async def until_idle(self) -> None:
        """Wait until every update that the bot has taken is handled."""
        while True:
            health = await self._health()
            if health and not health["inbox"]["waiting"]:
                return
            await asyncio.sleep(_LOOK_AGAIN)

    async def _until(self, wanted: set[str], patience: float) -> list[str]:
        deadline = time.monotonic() + patience
        loaded: set[str] = set()
        while not wanted <= loaded and time.monotonic() < deadline:
            await asyncio.sleep(_LOOK_AGAIN)
            models = (await self._health()).get("models", {})
            loaded = {model for model, state in models.items() if state == "loaded"}
            if any(models.get(model) in ("missing", "failed") for model in wanted):
                break
        return sorted(loaded)

    async def _health(self) -> dict[str, Any]:
        """Return what /healthz says, nothing while the bot starts."""
        if not self.process.is_running() or self.process.status() == psutil.STATUS_ZOMBIE:
            raise SystemExit("The bot has ended.")
        try:
            health: dict[str, Any] = (await self.http.get("/healthz")).json()
        except httpx.TransportError:
            return {}
        return health

    def memory(self) -> dict[str, float]:
        """Return the memory of all the bot's processes in 10^6 bytes: resident, and with shared pages shared out."""
        kilobytes = {"rss_mb": 0, "pss_mb": 0}
        for process in [self.process, *self.process.children(recursive=True)]:
            with contextlib.suppress(psutil.Error, OSError):
                for key, value in _memory(process).items():
                    kilobytes[key] += value
        return {key: round(value * 1024 / 1e6, 1) for key, value in kilobytes.items() if value}

    async def new_tokens(self, chats: Sequence[int], answers: int) -> list[int]:
        """Return the tokens of the last answers in some private chats, from the bot's database, in the chats' order.

        `answers` is how many each chat has by now; the bot writes them down just after it has sent them.
        """
        deadline = time.monotonic() + _ROWS_PATIENCE
        while True:
            rows = [self._tokens(chat) for chat in chats]
            if all(len(row) >= answers for row in rows):
                return [row[-1] for row in rows]
            if time.monotonic() > deadline:
                raise SystemExit("An answer is missing: the bot said something else.")
            await asyncio.sleep(_LOOK_AGAIN)

    def _tokens(self, chat: int) -> list[int]:
        query = "SELECT tokens FROM messages WHERE chat_id = ? AND model != '' ORDER BY id"
        with contextlib.closing(sqlite3.connect(f"file:{self.folder / 'tertulia.sqlite3'}?mode=ro", uri=True)) as rows:
            return [int(row[0]) for row in rows.execute(query, (chat,))]


def _memory(process: psutil.Process) -> dict[str, int]:
    """Return a process's kilobytes; without Linux's smaps_rollup the resident ones alone."""
    rollup = Path(f"/proc/{process.pid}/smaps_rollup")
    if not rollup.exists():
        return {"rss_mb": process.memory_info().rss // 1024}
    found = dict(re.findall(r"^(Rss|Pss): +(\d+) kB$", rollup.read_text(encoding="ascii"), re.MULTILINE))
    return {"rss_mb": int(found["Rss"]), "pss_mb": int(found["Pss"])}


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextlib.asynccontextmanager
async def running_bot(
    address: str, folder: Path, settings: dict[str, str], command: Sequence[str] = RUN
) -> AsyncGenerator[Bot]:
    """Run the bot on the playground at an address with its data in a folder, until the end of the block.

    `settings` are environment variables. Returns at once: it has not started yet.
    """
    port = free_port()
    own = {
        "TELEGRAM_BOT_TOKEN": PLAYGROUND_TOKEN,
        "TERTULIA_TELEGRAM_URL": address,
        "TERTULIA_DATA_DIR": str(folder),
        "TERTULIA_DATABASE_URL": "",
        "TERTULIA_WEBHOOK_URL": "",
        "TERTULIA_HTTP_PORT": str(port),
        "TERTULIA_LOG_LEVEL": "error",
    }
    process = await asyncio.create_subprocess_exec(
        *command, stdout=subprocess.DEVNULL, env=os.environ | own | settings, cwd=ROOT
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
            yield Bot(psutil.Process(process.pid), folder, http)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def link_models(weights_dir: Path, folder: Path) -> None:
    """Let a data folder have the weights of another, with all that was converted."""
    (folder / "models").symlink_to(weights_dir, target_is_directory=True)
