"""Read a file's text in a process of its own, which may break, take too long or too much without harm to the bot."""

import asyncio
import json
import re
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path, PurePath
from typing import Any

import structlog

from bot.errors import BadInput, Busy
from bot.library.documents import Document, Page
from bot.tasks.detect import detect

# https://core.telegram.org/bots/api#getfile
MOST_BYTES = 20 * 2**20
# What Python runs, from the folder that holds the bot's package.
COMMAND: tuple[str, ...] = ("-m", "bot.library.reading_child")
_ROOT = Path(__file__).resolve().parents[2]
# Seconds, beside those that the child may compute: other work may have the processors meanwhile.
_PATIENCE = 180.0
# Of a line with one page, in bytes.
_LONGEST_LINE = 80 * 2**20
_AT_ONCE, _MOST_WAITING = 2, 16

_log = structlog.get_logger(__name__)


class Reader:
    """Reads files, two at a time."""

    def __init__(self, *, patience: float = _PATIENCE) -> None:
        self._patience = patience
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    async def read(self, name: str, data: bytes) -> Document:
        """Return the text of a file, by page.

        Raises BadInput, with a key that says why, for what cannot be read; Busy when too many files are waiting.
        """
        if len(data) > MOST_BYTES:
            raise BadInput("error-file-too-large", limit=MOST_BYTES // 2**20)
        if self._waiting >= _MOST_WAITING:
            raise Busy
        self._waiting += 1
        try:
            async with self._turns:
                pages, about = await self._in_time(name, data)
        finally:
            self._waiting -= 1
        language = await asyncio.to_thread(detect, _sample(pages))
        return Document(title_of(name, about["title"]), about["kind"], tuple(pages), language)

    async def _in_time(self, name: str, data: bytes) -> tuple[list[Page], dict[str, str]]:
        try:
            async with asyncio.timeout(self._patience), _child(PurePath(name).name[-200:]) as child:
                return await _read(child, data)
        except TimeoutError:
            raise BadInput("error-file-heavy") from None


@asynccontextmanager
async def _child(name: str) -> AsyncGenerator[Process]:
    command = (sys.executable, *COMMAND, name.replace("\0", ""))
    # Nothing of the bot's own environment: it may hold the token.
    child = await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=_ROOT, env={}, limit=_LONGEST_LINE
    )
    try:
        yield child
    finally:
        with suppress(ProcessLookupError):
            child.kill()
        await asyncio.shield(child.wait())


async def _read(child: Process, data: bytes) -> tuple[list[Page], dict[str, str]]:
    assert child.stdin is not None  # noqa: S101 - both are pipes
    assert child.stdout is not None  # noqa: S101
    sending = asyncio.create_task(_send(child.stdin, data))
    pages = list[Page]()
    try:
        async for line in child.stdout:
            found: dict[str, Any] = json.loads(line)
            if "error" in found:
                raise BadInput(found["error"], **found["values"])
            if "kind" in found:
                return pages, found
            pages.append(Page(**found))
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
    raise BadInput(_why(await child.wait()))


async def _send(stdin: asyncio.StreamWriter, data: bytes) -> None:
    stdin.write(data)
    await stdin.drain()
    stdin.close()


def _why(status: int) -> str:
    """Return what it means that the child ended without a word."""
    _log.warning("reading ended", status=status)
    # It ends by itself only when no memory is left even to say so. Other signals are a library's crash.
    heavy = status >= 0 or -status in (signal.SIGKILL, signal.SIGXCPU)
    return "error-file-heavy" if heavy else "error-file-broken"


def title_of(name: str, title: str = "") -> str:
    """Return what a file is called: by the title it gives itself, else its name without the ending; 100 characters."""
    stem = re.sub(r"[_\s]+", " ", PurePath(name.replace("\\", "/")).stem)
    words = " ".join((title or stem).split())
    printable = "".join(letter for letter in words if letter.isprintable()).strip()
    return printable[:100] or "?"


def _sample(pages: list[Page]) -> str:
    """Return some text from all over: what stands at the front may be in another language."""
    step = len(pages) // 20 + 1
    return " ".join(page.text[:400] for page in pages[::step])
