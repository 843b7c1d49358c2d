"""The child's side of process.py: say that all is loaded, then answer line by line."""

import contextlib
import json
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn, TextIO

from bot.errors import BotError, OutOfMemory

Message = dict[str, Any]
Handle = Callable[[Message], Message]

# Of 1000; the bot has 0. When the machine runs out of memory, the kernel ends the process with the most.
_OUT_OF_MEMORY_SCORE = "500"
_OWN_SCORE = Path("/proc/self/oom_score_adj")


def serve(load: Callable[[], Handle]) -> NoReturn:
    """Load, answer an empty message of nobody's to say so, then answer each line that comes.

    The process ends with its standard input, even in the middle of a computation, so it cannot outlive the bot.
    """
    for number in (signal.SIGINT, signal.SIGTERM):  # they are for the bot, which then closes the pipe
        signal.signal(number, signal.SIG_IGN)
    with contextlib.suppress(OSError):  # there is no such file but on Linux
        _OWN_SCORE.write_text(_OUT_OF_MEMORY_SCORE, encoding="ascii")
    out, lines = _own_output(), _lines()
    try:
        handle = _load(load, out)
        while handle is not None:
            _write(out, _attempt(handle, json.loads(lines.get())))
    except BrokenPipeError:
        pass  # the bot has gone, and there is nobody to tell
    os._exit(0)  # at once: there is nothing to save


def _own_output() -> TextIO:
    # What a library prints must not mix with the answers, so standard output is moved to where errors go.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # the process ends without emptying buffers
    return out


def _lines() -> "queue.SimpleQueue[bytes]":
    """Read lines in a thread, which is there to notice the end while the main one computes."""
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def read() -> None:
        for line in sys.stdin.buffer:
            lines.put(line)
        os._exit(0)

    threading.Thread(target=read, name="input", daemon=True).start()
    return lines


def _load(load: Callable[[], Handle], out: TextIO) -> Handle | None:
    try:
        handle = load()
        ready = handle({})
    except Exception as error:  # noqa: BLE001 - it goes to the bot, whatever it is
        traceback.print_exc()  # nobody's words are in it yet
        _write(out, _describe(error))
        return None
    _write(out, ready)
    return handle


def _attempt(handle: Handle, message: Message) -> Message:
    try:
        return handle(message)
    except BotError as error:
        return _describe(error)
    except Exception as error:  # noqa: BLE001 - it goes to the bot, whatever it is
        # Where it happened, but not its text, which may quote what somebody wrote.
        print(type(error).__name__, *traceback.format_tb(error.__traceback__), file=sys.stderr)  # noqa: T201
        return _describe(error)


def _describe(error: Exception) -> Message:
    if isinstance(error, MemoryError):
        error = OutOfMemory()
    if isinstance(error, BotError):
        return {"error": type(error).__name__, "key": error.key, "values": error.values}
    return {"error": "EngineFailed"}


def _write(out: TextIO, message: Message) -> None:
    out.write(json.dumps(message) + "\n")
    out.flush()
