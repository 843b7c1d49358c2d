"""`python -m bot task`: a task over JSON Lines, for scripts."""

import asyncio
import json
import sys
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, suppress
from functools import partial
from typing import Annotated, Any, BinaryIO

import structlog
import typer
from pydantic import ValidationError
from pydantic_core import from_json

from bot.config import Settings
from bot.errors import BotError
from bot.task_forms import FORMS, AnyForm
from bot.tasks.models import Models
from bot.terminal import explained, fail, models, settings

log = structlog.get_logger(__name__)

# A line takes at most this many bytes: no task works on a longer text, and what is read must fit the memory.
MOST_BYTES = 2**20
# Lines in flight together: twice what an encoder takes in one call, so that the next call is full when one ends.
AT_ONCE = 64


def task(
    name: Annotated[str, typer.Argument(help=f"One of {', '.join(sorted(FORMS))}.")],
    model: Annotated[str, typer.Option(help="The chat model; without it TERTULIA_CHAT_MODEL.")] = "",
    one_by_one: Annotated[bool, typer.Option("--one-by-one", help="Only one line at a time.")] = False,  # noqa: FBT002
) -> None:
    """Read JSON Lines from standard input, do a task with each, and write JSON Lines in the same order.

    A line that is not as it should be gives its id and an error; the others go on.
    """
    if name not in FORMS:
        fail(f"There is no task {name}; there are {', '.join(sorted(FORMS))}.")
    chosen = settings()
    if model:
        chosen = chosen.model_copy(update={"chat_model": model})
    try:
        asyncio.run(_from_to(chosen, FORMS[name], at_once=1 if one_by_one else AT_ONCE))
    except KeyboardInterrupt:
        sys.exit(130)


async def _from_to(chosen: Settings, form: type[AnyForm], *, at_once: int) -> None:
    # Not sys.stdin itself, and never closed: a thread may still wait for a line when Python ends.
    source = open(sys.stdin.fileno(), "rb", closefd=False)  # noqa: ASYNC230, SIM115 - a descriptor; see above
    async with models(chosen) as available, aclosing(results(available, form, lines(source), at_once)) as found:
        async for result in found:
            sys.stdout.buffer.write(json.dumps(result, ensure_ascii=False).encode() + b"\n")
            sys.stdout.buffer.flush()


async def results(
    available: Models, form: type[AnyForm], source: AsyncIterator[bytes], at_once: int
) -> AsyncGenerator[dict[str, Any]]:
    """Yield what is written for each line, in the lines' order, as soon as it and those before it are done."""
    free = asyncio.Semaphore(at_once)
    begun: asyncio.Queue[asyncio.Task[dict[str, Any]] | None] = asyncio.Queue()

    async def feed() -> None:
        try:
            async for line in source:
                await free.acquire()
                begun.put_nowait(asyncio.create_task(_result(available, form, line)))
        finally:
            begun.put_nowait(None)

    feeding = asyncio.create_task(feed())
    running = None
    try:
        while running := await begun.get():
            yield await running
            free.release()
        await feeding
    finally:
        feeding.cancel()
        for left in (running, *_emptied(begun)):
            if left:
                left.cancel()


def _emptied(queue: asyncio.Queue[Any]) -> list[Any]:
    return [queue.get_nowait() for _ in range(queue.qsize())]


async def _result(available: Models, form: type[AnyForm], line: bytes) -> dict[str, Any]:
    known: str | int | None = None
    try:
        fields = _fields(line)
        known = _id(fields)
        asked = form.model_validate(fields)
    except ValueError as error:
        return {"id": known, "error": _explained(error)}
    try:
        return {"id": known, **await asked.run(available)}
    except BotError as error:
        return {"id": known, "error": explained(error)}
    except Exception:
        log.exception("a line failed", id=known)
        return {"id": known, "error": "a mistake of the program; the log on standard error has it"}


def _fields(line: bytes) -> dict[str, Any]:
    """Return a line's fields. Raises ValueError: not UTF-8, not JSON, half a surrogate pair, nested too deep."""
    if len(line.rstrip()) > MOST_BYTES:
        raise ValueError(f"the line has more than {MOST_BYTES} bytes")
    fields = from_json(line, allow_inf_nan=False)
    if not isinstance(fields, dict):
        raise ValueError('a line is an object: {"id": …}')
    return fields


def _id(fields: dict[str, Any]) -> str | int:
    found = fields.get("id")
    if isinstance(found, str) or (type(found) is int and abs(found) < 2**63):
        return found
    raise ValueError("id: a string or an integer is needed")


def _explained(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in found[:3])


async def lines(source: BinaryIO) -> AsyncGenerator[bytes]:
    """Yield the lines that are not blank, each as soon as it is there; of one over MOST_BYTES only the beginning.

    A file's descriptor cannot be waited for everywhere, so a thread reads it, one line whenever one is wanted.
    """
    loop, wanted = asyncio.get_running_loop(), threading.Semaphore(0)
    found: asyncio.Queue[bytes | OSError] = asyncio.Queue()
    reading = threading.Thread(target=_read, args=(source, wanted, partial(_tell, loop, found)), daemon=True)
    reading.start()
    while True:
        wanted.release()
        line = await found.get()
        if isinstance(line, OSError):
            raise line
        if not line:
            return
        if line.strip():
            yield line


def _tell(loop: asyncio.AbstractEventLoop, found: "asyncio.Queue[bytes | OSError]", line: bytes | OSError) -> None:
    with suppress(RuntimeError):  # the loop has ended meanwhile
        loop.call_soon_threadsafe(found.put_nowait, line)


def _read(source: BinaryIO, wanted: threading.Semaphore, tell: Callable[[bytes | OSError], None]) -> None:
    line = b"\n"
    while line:
        wanted.acquire()
        try:
            line = source.readline(MOST_BYTES + 1)
            rest = line
            while len(rest) > MOST_BYTES and not rest.endswith(b"\n"):
                rest = source.readline(MOST_BYTES + 1)
        except OSError as error:
            tell(error)
            return
        tell(line)
