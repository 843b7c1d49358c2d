"""How many updates a second does the bot handle, storing each first, against a bare echo bot that stores nothing?

`python -m benchmarks.overhead` lets people write /help while no bot runs, then starts one, the bot or the echo bot in
turns, and times how fast the commands are answered. Playground and bot are processes of their own. The last line is
JSON.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path

from benchmarks.people import People, people
from benchmarks.playground import served
from benchmarks.stage import Bot, running_bot

WRITERS = 8
START_UP = 0.1
"""Share of the answers that do not count: meanwhile the bot starts."""
PATIENCE = 300


async def flood(crowd: People, chats: Sequence[int], updates: int) -> None:
    """Let everybody write commands, in turns."""

    async def writer(first: int) -> None:
        for number in range(first, updates, WRITERS):
            await crowd.write(chats[number % len(chats)], "/help")

    await asyncio.gather(*(writer(first) for first in range(WRITERS)))


async def answered(crowd: People, updates: int, start: AbstractAsyncContextManager[object]) -> float:
    """Start a bot on what is waiting for it; returns the answers a second, once it runs."""
    times: list[float] = []
    last = asyncio.Event()

    def note(_: int) -> None:
        times.append(time.monotonic())
        if len(times) == updates:
            last.set()

    crowd.on_message = note
    async with start, asyncio.timeout(PATIENCE):
        await last.wait()
    skipped = int(updates * START_UP)
    return (updates - 1 - skipped) / (times[-1] - times[skipped])


@asynccontextmanager
async def running_echo(address: str) -> AsyncGenerator[None]:
    """Run the echo bot until the end of the block."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "benchmarks.echo_bot", address)
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def running_whole(address: str, folder: Path) -> AsyncGenerator[Bot]:
    """Run the bot, which has no weights here, until the end of the block and of what it has begun."""
    async with running_bot(address, folder, {}) as bot:
        yield bot
        await bot.until_idle()


async def measure(updates: int, chats: int, rounds: int) -> dict[str, float]:
    """Let both work off the same flood, in turns."""
    rates: dict[str, list[float]] = {"bot": [], "echo": []}
    with tempfile.TemporaryDirectory() as folder:
        async with served(Path(folder)) as (address, _), people(address) as crowd:
            start: dict[str, Callable[[], AbstractAsyncContextManager[object]]] = {
                "bot": partial(running_whole, address, Path(folder) / "bot"),
                "echo": partial(running_echo, address),
            }
            for name in [name for _ in range(rounds) for name in rates]:
                # New people in each round: the first words of somebody new cost the bot more.
                await flood(crowd, await crowd.invite(chats), updates)
                rates[name].append(await answered(crowd, updates, start[name]()))
                print(f"{name}: {rates[name][-1]:.0f} updates/s", flush=True)
    bot, echo = statistics.median(rates["bot"]), statistics.median(rates["echo"])
    return {
        "bot_updates_s": round(bot, 1),
        "echo_updates_s": round(echo, 1),
        "ratio": round(bot / echo, 3),
        "updates": updates,
        "chats": chats,
        "rounds": rounds,
    }


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=2000)
    parser.add_argument("--chats", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="100 updates, one round: does it all work?")
    arguments = parser.parse_args()
    updates, rounds = (100, 1) if arguments.quick else (arguments.updates, arguments.rounds)
    print(json.dumps(asyncio.run(measure(updates, arguments.chats, rounds))))


if __name__ == "__main__":
    main()
