"""Does the bot stay quick while eight answers are written, and what is left beside another busy process?

`python -m benchmarks.responsiveness` runs the bot with a clock in its event loop; people and playground are processes
of their own. Eight people ask at once while a ninth writes /help. Quiet spells alternate with spells beside a process
that computes without end. The last line is JSON.
"""

import argparse
import asyncio
import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.asked import question
from benchmarks.people import People, people
from benchmarks.playground import served
from benchmarks.stage import Bot, link_models, running_bot
from bot import app
from bot.config import Settings
from bot.playground.world import PLAYGROUND_TOKEN

PEOPLE = 8
TICK = 0.01
HELP_EVERY = 0.5
TICKS = "ticks.json"
CLOCKED = (sys.executable, "-m", "benchmarks.responsiveness", "--bot")
BUSY = (sys.executable, "-c", "while True: pass")


@dataclass
class Spell:
    """What happened between two moments of the system's monotonic clock."""

    start: float
    end: float = 0.0
    tokens: int = 0
    writing_s: float = 0.0
    help_s: list[float] = field(default_factory=list)


async def clocked_bot(settings: Settings) -> None:
    """Be the bot, with a clock in its event loop, until terminated; then write down how late each tick was."""
    ticks: list[tuple[float, float]] = []
    async with app.running(settings, PLAYGROUND_TOKEN):
        ticking = asyncio.create_task(_tick(ticks))
        await app.until_stopped()
        ticking.cancel()
    (settings.data_dir / TICKS).write_text(json.dumps(ticks), encoding="utf-8")


async def _tick(ticks: list[tuple[float, float]]) -> None:
    due = time.monotonic() + TICK
    while True:
        await asyncio.sleep(due - time.monotonic())
        now = time.monotonic()
        # After a stall every tick that it swallowed counts with its own delay: one long stall is many late ticks.
        while due <= now:
            ticks.append((now, now - due))
            due += TICK


@contextlib.asynccontextmanager
async def beside(*, busy: bool) -> AsyncGenerator[None]:
    """Let another process compute without end for the length of the block."""
    if not busy:
        yield
        return
    process = await asyncio.create_subprocess_exec(*BUSY)
    try:
        yield
    finally:
        process.kill()
        await process.wait()


async def spell(bot: Bot, crowd: People, number: int, *, busy: bool) -> Spell:
    """Let eight ask at once while a ninth wants help."""
    chats, [curious] = await crowd.invite(PEOPLE), await crowd.invite(1)
    async with beside(busy=busy):
        found = Spell(time.monotonic())
        asking = asyncio.create_task(crowd.ask_together(chats, [question(number * PEOPLE + n) for n in range(PEOPLE)]))
        while not asking.done():
            found.help_s.append((await crowd.ask(curious, "/help")).seconds)
            await asyncio.wait([asking], timeout=HELP_EVERY)
        found.end = time.monotonic()
        found.writing_s = max(reply.seconds for reply in await asking)
    found.tokens = sum(await bot.new_tokens(chats, 1))
    return found


async def measure(settings: Settings, new_tokens: int, rounds: int) -> dict[str, object]:
    """Let quiet and busy spells alternate."""
    spells: dict[bool, list[Spell]] = {False: [], True: []}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        link_models(settings.weights_dir, data)
        own = {"TERTULIA_MAX_NEW_TOKENS": str(new_tokens)}
        async with (
            served(Path(folder)) as (address, _),
            people(address) as crowd,
            running_bot(address, data, own, CLOCKED) as bot,
        ):
            await bot.until_loaded(settings.chat_model)
            await spell(bot, crowd, 1_000_000, busy=False)
            for number in range(2 * rounds):
                busy = number % 2 == 1
                spells[busy].append(await spell(bot, crowd, number, busy=busy))
                print(f"{'busy' if busy else 'quiet'}: {spells[busy][-1].writing_s:.1f} s", flush=True)
        ticks = np.array(json.loads((data / TICKS).read_text(encoding="utf-8")))
    quiet, crowded = figures(spells[False], ticks), figures(spells[True], ticks)
    return {
        **quiet,
        **{f"busy_{key}": value for key, value in crowded.items()},
        "kept_with_busy_neighbour": round(crowded["tok_s"] / quiet["tok_s"], 3),
        "rounds": rounds,
        "cores": os.cpu_count(),
    }


def figures(spells: Sequence[Spell], ticks: npt.NDArray[np.float64]) -> dict[str, float]:
    """Return speed, how late the loop's ticks came, and how long /help took; each of `ticks` is (time, delay)."""
    within = np.concatenate([ticks[(ticks[:, 0] >= one.start) & (ticks[:, 0] <= one.end), 1] for one in spells])
    p50, p99, worst = np.percentile(within * 1000, [50, 99, 100])
    helped = [seconds for one in spells for seconds in one.help_s]
    return {
        "tok_s": round(sum(one.tokens for one in spells) / sum(one.writing_s for one in spells), 2),
        "lag_p50_ms": round(float(p50), 2),
        "lag_p99_ms": round(float(p99), 2),
        "lag_max_ms": round(float(worst), 1),
        "help_s_median": round(float(np.median(helped)), 3),
        "help_s_worst": round(max(helped), 3),
    }


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--quick", action="store_true", help="few tokens, one round: does it all work?")
    parser.add_argument("--bot", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.bot:
        asyncio.run(clocked_bot(Settings()))
        return
    new_tokens, rounds = (16, 1) if arguments.quick else (64, arguments.rounds)
    print(json.dumps(asyncio.run(measure(Settings(), new_tokens, rounds))))


if __name__ == "__main__":
    main()
