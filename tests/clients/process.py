"""A client bot as a process of its own: how it is started, found ready and stopped."""

import asyncio
import contextlib
import shutil
import signal
import socket
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.playground.updates import Webhook
from bot.playground.world import PLAYGROUND_TOKEN, World

HERE = Path(__file__).parent
PYTHON = ("ptb", "aiogram", "telebot")
NODE = ("grammy", "telegraf")
LIBRARIES = PYTHON + NODE
MODES = ("polling", "webhook")
PICTURE = HERE / "picture.png"
# Seconds; far more than any of them needs, so that only a bot that does not come runs into it.
PATIENCE = 60


def missing(library: str) -> str:
    """Return why bots on `library` cannot run here, "" if they can."""
    if library in PYTHON:
        return _unless_installed(library, HERE / f".venv-{library}")
    if shutil.which("node") is None:
        return "no node on the PATH (version 18 or newer)"
    return _unless_installed(library, HERE / library / "node_modules")


def _unless_installed(library: str, folder: Path) -> str:
    return "" if (folder / ".installed").exists() else f"make clients installs what {library} needs"


def interpreter(library: str) -> Path:
    """Return the Python of a library's own environment."""
    return HERE / f".venv-{library}" / "bin" / "python"


def free_port() -> int:
    """Return a port that the system has just called free."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@dataclass
class ClientBot:
    """A bot on `library` that may be started again; `folder` holds its state and log."""

    library: str
    address: str
    world: World
    folder: Path
    port: int = 0
    script: str = "bot"
    process: asyncio.subprocess.Process | None = None

    def command(self) -> Sequence[str]:
        """Return what starts the bot."""
        folder = HERE / self.library
        program = (
            ["node", str(folder / f"{self.script}.mjs")]
            if self.library in NODE
            else [str(interpreter(self.library)), str(folder / f"{self.script}.py")]
        )
        state = self.folder / "state"
        return [*program, self.address, PLAYGROUND_TOKEN, str(state), str(self.port), str(PICTURE)]

    async def start(self) -> None:
        """Start it and wait until it asks for updates or has set its webhook."""
        before = self.world.updates.webhook
        with (self.folder / "log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self.command(), stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
            )
        async with asyncio.timeout(PATIENCE):
            while not self._ready(before):
                assert self.process.returncode is None, f"the bot has ended:\n{self.log()}"
                await asyncio.sleep(0.02)

    def _ready(self, before: Webhook | None) -> bool:
        if self.port:
            return self.world.updates.webhook is not None and self.world.updates.webhook is not before
        return self.world.updates.bell.awaited > 0

    async def stop(self, sign: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to end, and see that it does."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(sign)
        try:
            async with asyncio.timeout(PATIENCE):
                await self.process.wait()
        finally:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
            self.process = None

    def log(self) -> str:
        """Return the end of what the bot has printed."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")[-4000:]


@contextlib.asynccontextmanager
async def running_bot(bot: ClientBot) -> AsyncIterator[ClientBot]:
    """Start a bot, and stop it in the end."""
    await bot.start()
    try:
        yield bot
    finally:
        await bot.stop()
