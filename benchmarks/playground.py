"""How many updates a second go through the playground, and does any get lost on the way? Does its memory grow?

`python -m benchmarks.playground` starts the playground's server, people who write over HTTP (here), and a bot that
fetches updates or is pushed them, the two in processes of their own. `--rate 0` writes as fast as it goes. With
`--memory` it watches the server's resident memory while 100,000 messages pass. The last line is JSON.
"""

import argparse
import asyncio
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import psutil
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.asgi import serving
from bot.playground.world import PLAYGROUND_TOKEN

ROOT = Path(__file__).parents[1]
PEOPLE = 20
WRITERS = 4
PATIENCE = 20
"""Seconds without an update after which the rest counts as lost."""
LANDMARKS = (20_000, 60_000, 100_000)
BOT = f"/bot{PLAYGROUND_TOKEN}"


@dataclass
class Received:
    """What the bot got: the numbers in each chat, in the order of arrival, and when the last came."""

    expected: int
    numbers: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    count: int = 0
    last: float = 0.0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, update: dict[str, Any]) -> None:
        """Note one update."""
        message = update["message"]
        self.numbers[message["chat"]["id"]].append(int(message["text"]))
        self.count += 1
        self.last = time.time()
        self.news.set()

    async def until_all(self) -> None:
        """Wait until as many came as were sent, or none for a while."""
        with contextlib.suppress(TimeoutError):
            while self.count < self.expected:
                self.news.clear()
                async with asyncio.timeout(PATIENCE):
                    await self.news.wait()

    def report(self) -> dict[str, float]:
        """Return what was lost, came twice or in the wrong order within its chat."""
        different = sum(len(set(numbers)) for numbers in self.numbers.values())
        doubled = sum(times - 1 for numbers in self.numbers.values() for times in Counter(numbers).values())
        swapped = sum(late < early for numbers in self.numbers.values() for early, late in pairwise(numbers))
        lost = self.expected - different
        return {"received": self.count, "lost": lost, "doubled": doubled, "out_of_order": swapped, "last": self.last}


async def consume(address: str, way: str, expected: int) -> dict[str, float]:
    """Be the bot: fetch updates, or be pushed them, until all are there."""
    received = Received(expected)
    async with httpx.AsyncClient(base_url=address, timeout=90) as http:
        receiving = polled(http, received) if way == "polling" else pushed(http, received)
        async with receiving:
            print("ready", flush=True)
            await received.until_all()
    return received.report()


@contextlib.asynccontextmanager
async def polled(http: httpx.AsyncClient, received: Received) -> AsyncGenerator[None]:
    """Fetch updates by getUpdates, each request confirming those before."""
    task = asyncio.create_task(_poll(http, received))
    yield
    await asyncio.wait_for(task, 60)


async def _poll(http: httpx.AsyncClient, received: Received) -> None:
    offset = 0
    while received.count < received.expected:
        answer = await http.post(f"{BOT}/getUpdates", json={"offset": offset, "timeout": 5})
        for update in answer.raise_for_status().json()["result"]:
            received.take(update)
            offset = update["update_id"] + 1
    await http.post(f"{BOT}/getUpdates", json={"offset": offset})


@contextlib.asynccontextmanager
async def pushed(http: httpx.AsyncClient, received: Received) -> AsyncGenerator[None]:
    """Be pushed updates by a webhook."""

    async def take(request: Request) -> Response:
        received.take(await request.json())
        return Response()

    async with serving(Starlette(routes=[Route("/hook", take, methods=["POST"])]), "127.0.0.1", 0) as own:
        (await http.post(f"{BOT}/setWebhook", json={"url": f"{own}/hook"})).raise_for_status()
        yield
        await http.post(f"{BOT}/deleteWebhook")


async def write(address: str, chats: list[int], updates: int, rate: float) -> None:
    """Be the people: write so many messages, numbered within each chat, at `rate` a second in all (0: at once)."""
    start = time.monotonic()

    async def writer(first: int) -> None:
        async with httpx.AsyncClient(base_url=address, timeout=60) as http:
            for number in range(first, updates, WRITERS):
                if rate:
                    await asyncio.sleep(start + number / rate - time.monotonic())
                # Chats are a multiple of the writers: each has one writer, so that its numbers are sent in order.
                chat = chats[number % len(chats)]
                body = {"from": chat, "text": str(number)}
                (await http.post(f"/api/chats/{chat}/messages", json=body)).raise_for_status()

    await asyncio.gather(*(writer(first) for first in range(WRITERS)))


@contextlib.asynccontextmanager
async def served(folder: Path) -> AsyncGenerator[tuple[str, psutil.Process]]:
    """Run the playground's server, which saves its state; yields its address and its process."""
    options = ["--serve-only", "--no-flood-limits", "--state", str(folder / "state.json")]
    environment = os.environ | {"TERTULIA_PLAYGROUND_PORT": "0", "TERTULIA_DATA_DIR": str(folder)}
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "playground", *options), stdout=subprocess.PIPE, env=environment, cwd=ROOT
    )
    assert server.stdout is not None
    try:
        line = (await server.stdout.readline()).decode()
        yield line.split("base URL ")[1].split("/bot")[0], psutil.Process(server.pid)
    finally:
        server.terminate()
        await server.wait()


@contextlib.asynccontextmanager
async def consuming(address: str, way: str, expected: int) -> AsyncGenerator[asyncio.subprocess.Process]:
    """Run the bot in a process of its own; its last line is its report."""
    command = [sys.executable, "-m", "benchmarks.playground", "--consume", address, "--way", way]
    bot = await asyncio.create_subprocess_exec(*command, "--updates", str(expected), stdout=subprocess.PIPE, cwd=ROOT)
    assert bot.stdout is not None
    try:
        assert await bot.stdout.readline() == b"ready\n"
        yield bot
    finally:
        if bot.returncode is None:
            bot.terminate()
        await bot.wait()


async def invite(address: str, people: int) -> list[int]:
    """Let so many people in; returns their private chats."""
    async with httpx.AsyncClient(base_url=address) as http:
        answers = [await http.post("/api/people", json={"first_name": f"P{number}"}) for number in range(people)]
    return [int(answer.raise_for_status().json()["id"]) for answer in answers]


async def measure(way: str, updates: int, rate: float) -> dict[str, float]:
    """Let people write and the bot listen; returns what arrived how fast."""
    with tempfile.TemporaryDirectory() as folder:
        async with served(Path(folder)) as (address, server):
            chats = await invite(address, PEOPLE)
            async with consuming(address, way, updates) as bot:
                busy, start = server.cpu_times(), time.time()
                await write(address, chats, updates, rate)
                written = time.time() - start
                out, _ = await bot.communicate()
                report: dict[str, float] = json.loads(out.splitlines()[-1])
                cpu = sum(server.cpu_times()[:2]) - sum(busy[:2])
    seconds = report.pop("last") - start
    return report | {
        "written_per_s": round(updates / written, 1),
        "updates_per_s": round(updates / seconds, 1),
        "server_cpu_ms_per_update": round(1000 * cpu / updates, 2),
    }


async def measure_memory(updates: int) -> dict[str, float]:
    """Let many messages pass through four chats and a polling bot; returns the server's memory on the way, in MB."""
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        async with served(Path(folder)) as (address, server):
            chats = await invite(address, WRITERS)
            async with consuming(address, "polling", updates) as bot:
                done, start = 0, time.time()
                for landmark in sorted({*(mark for mark in LANDMARKS if mark < updates), updates}):
                    await write(address, chats, landmark - done, 0)
                    done = landmark
                    found[f"rss_mb_{landmark}"] = round(server.memory_info().rss / 2**20, 1)
                found["updates_per_s"] = round(updates / (time.time() - start), 1)
                out, _ = await bot.communicate()
                found["received"] = json.loads(out.splitlines()[-1])["received"]
    return found


async def run(arguments: argparse.Namespace) -> dict[str, Any]:
    """Do what the arguments ask for."""
    if arguments.consume:
        return dict(await consume(arguments.consume, arguments.way, arguments.updates))
    if arguments.memory:
        return dict(await measure_memory(max(arguments.updates, LANDMARKS[-1])))
    ways = ["polling", "webhook"] if arguments.way == "both" else [arguments.way]
    return {way: await measure(way, arguments.updates, arguments.rate) for way in ways}


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=4000)
    parser.add_argument("--rate", type=float, default=200, help="messages a second; 0: as fast as it goes")
    parser.add_argument("--way", choices=["polling", "webhook", "both"], default="both")
    parser.add_argument("--memory", action="store_true", help="the server's memory over 100,000 messages")
    parser.add_argument("--quick", action="store_true", help="200 messages: does it all work?")
    parser.add_argument("--consume", metavar="URL", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.updates = 200
    print(json.dumps(asyncio.run(run(arguments))))


if __name__ == "__main__":
    main()
