"""A process of its own that answers lines of JSON with lines of JSON, in turn."""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_LONGEST_LINE = 2**26


class Child:
    """The other end of `serve`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def hear(self) -> Any:
        """Return what the process says next."""
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise SystemExit(f"A process of the benchmark has ended with status {await self._process.wait()}.")
        return json.loads(line)

    async def ask(self, message: object) -> Any:
        """Say something and return the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        return await self.hear()


@contextlib.asynccontextmanager
async def child(command: Sequence[str], **environment: str) -> AsyncGenerator[Child]:
    """Run a command until the end of the block; it ends when its standard input does."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | environment,
        cwd=ROOT,
        limit=_LONGEST_LINE,
    )
    try:
        yield Child(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


def serve(answer: Callable[[Any], object]) -> None:
    """Say that all is loaded, then answer every line until there are no more."""
    say("ready")
    for line in sys.stdin:
        say(answer(json.loads(line)))


def say(message: object) -> None:
    """Write one line."""
    print(json.dumps(message), flush=True)
