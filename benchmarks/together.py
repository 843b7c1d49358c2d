"""What do eight people get who ask at once, against the same eight one after another?

`python -m benchmarks.together` starts the whole bot in a playground and measures through the people's side; with
`--playground URL` it takes the bot that runs there, with `--engine` the bare engine. Both ways of asking alternate
within one run, because speeds of different runs do not compare. The last line is JSON; `ratio` is tokens a second
together over one after another.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bot import app
from bot.config import Settings
from bot.inference.api import ChatRequest, Turn
from bot.inference.catalog import find
from bot.inference.engines.protocol import ChatEngine
from bot.inference.placement import Placement
from bot.playground.server import running as serve_world
from bot.playground.world import PLAYGROUND_TOKEN, World

PEOPLE = 8
NEW_TOKENS = 64
TOPICS = ("la fotosíntesis", "los volcanes", "el sistema solar", "la célula", "el ciclo del agua", "los ecosistemas")


@dataclass(frozen=True, slots=True)
class Answer:
    """One person's wait in seconds, and what came of it."""

    first_s: float
    tokens: int


@dataclass(frozen=True, slots=True)
class Round:
    """How long some answers took in all, in seconds."""

    seconds: float
    answers: list[Answer]


def question(number: int) -> str:
    """Return a question that begins unlike every other, so that no remembered prompt helps."""
    topic = TOPICS[number % len(TOPICS)]
    return f"Pregunta {number}: explica {topic} a un estudiante, con un ejemplo, en unas cuatro frases."


def long_question(number: int) -> str:
    """Return a question of about 200 tokens."""
    material = "El grupo estudia ciencias naturales y ya ha leído el primer capítulo de su libro de texto. " * 8
    return f"{question(number)}\n\n{material}"


def run_engine(engine: ChatEngine, model: str, numbers: Sequence[int]) -> Round:
    """Ask an engine everything at once and step it to the end."""
    start = time.monotonic()
    for key in numbers:
        engine.begin(key, ChatRequest(model, (Turn("user", long_question(key)),), NEW_TOKENS, temperature=0))
    first: dict[int, float] = {}
    tokens = dict.fromkeys(numbers, 0)
    left = set(numbers)
    while left:
        for output in engine.step():
            first.setdefault(output.key, time.monotonic() - start)
            tokens[output.key] += output.new_tokens
            if output.finish is not None:
                left.discard(output.key)
    return Round(time.monotonic() - start, [Answer(first[key], tokens[key]) for key in numbers])


class Playground:
    """People who talk with the bot through a playground."""

    def __init__(self, http: httpx.AsyncClient, count: Callable[[Sequence[str]], list[int]]) -> None:
        self._http = http
        self._count = count
        self._people: list[int] = []

    async def invite(self, people: int) -> None:
        """Make so many people, each with a private chat."""
        for number in range(people):
            response = await self._http.post("/api/people", json={"first_name": f"P{number}", "language_code": "es"})
            self._people.append(int(response.raise_for_status().json()["id"]))

    async def ask(self, person: int, number: int) -> Answer:
        """Ask as a person and wait for the bot's message. /new first, so that every prompt has the same length."""
        chat = self._people[person]
        seq = await self._say(chat, "/new")
        seq, _, _ = await self._until_message(chat, seq)
        start = time.monotonic()
        seq = max(seq, await self._say(chat, question(number)))
        _, first, text = await self._until_message(chat, seq)
        return Answer(first - start, self._count([text])[0])

    async def _say(self, chat: int, text: str) -> int:
        before = await self._events(chat, 0, wait=0)
        body = {"from": chat, "text": text}
        (await self._http.post(f"/api/chats/{chat}/messages", json=body)).raise_for_status()
        return int(before[-1]["seq"]) if before else 0

    async def _until_message(self, chat: int, after: int) -> tuple[int, float, str]:
        """Return the last event's number, when the answer's first text was seen, and the answer."""
        first = 0.0
        while True:
            for event in await self._events(chat, after, wait=60):
                after = int(event["seq"])
                message = event.get("message")
                of_bot = event["type"] == "draft" or (message is not None and message["from"]["is_bot"])
                if of_bot:
                    first = first or time.monotonic()
                if of_bot and event["type"] == "message" and message is not None:
                    return after, first, str(message["text"])

    async def _events(self, chat: int, after: int, wait: int) -> list[dict[str, Any]]:
        params = {"after": after, "wait": wait}
        response = await self._http.get(f"/api/chats/{chat}/events", params=params, timeout=wait + 30)
        events: list[dict[str, Any]] = response.raise_for_status().json()["events"]
        return events


async def run_round(ask: Callable[[int], Awaitable[Answer]], *, together: bool) -> Round:
    """Let everybody ask, at once or one after another."""
    start = time.monotonic()
    if together:
        answers = list(await asyncio.gather(*(ask(person) for person in range(PEOPLE))))
    else:
        answers = [await ask(person) for person in range(PEOPLE)]
    return Round(time.monotonic() - start, answers)


def measure_engine(settings: Settings, rounds: int) -> tuple[list[Round], list[Round]]:
    """Alternate between both ways of asking the bare engine."""
    model = find(settings.chat_model)
    engine = _placement(settings).load_chat(model)
    run_engine(engine, model.id, [1_000_000])  # the first request after a load is slower
    together: list[Round] = []
    alone: list[Round] = []
    for number in range(rounds):
        start = number * 2 * PEOPLE
        together.append(run_engine(engine, model.id, range(start, start + PEOPLE)))
        singles = [run_engine(engine, model.id, [start + PEOPLE + n]) for n in range(PEOPLE)]
        answers = [answer for single in singles for answer in single.answers]
        alone.append(Round(sum(single.seconds for single in singles), answers))
    engine.close()
    return together, alone


async def measure_new_bot(settings: Settings, rounds: int) -> tuple[list[Round], list[Round]]:
    """Start a bot with an empty database in a world of its own, and measure it."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "models").symlink_to(settings.weights_dir)
        async with serve_world(World(flood_limits=False)) as address:
            own = settings.model_copy(
                update={"data_dir": Path(folder), "telegram_url": address, "max_new_tokens": NEW_TOKENS}
            )
            async with app.running(own, PLAYGROUND_TOKEN) as bot:
                await bot.inference.count_tokens(settings.chat_model, ["loads and, the first time, converts"])
                return await measure_bot(settings, address, rounds)


async def measure_bot(settings: Settings, url: str, rounds: int) -> tuple[list[Round], list[Round]]:
    """Alternate between both ways of asking the bot behind a playground."""
    count = _placement(settings).token_counter(find(settings.chat_model))
    if count is None:
        raise SystemExit("The bot has not loaded this chat model yet; ask it something first.")
    together: list[Round] = []
    alone: list[Round] = []
    async with httpx.AsyncClient(base_url=url, timeout=60) as http:
        playground = Playground(http, count)
        await playground.invite(PEOPLE)
        await playground.ask(0, 1_000_000)  # the model may have to load
        for number in range(rounds):
            start = number * 2 * PEOPLE
            together.append(await run_round(lambda n, s=start: playground.ask(n, s + n), together=True))  # type: ignore[misc]
            alone.append(await run_round(lambda n, s=start: playground.ask(n, s + PEOPLE + n), together=False))  # type: ignore[misc]
    return together, alone


def _placement(settings: Settings) -> Placement:
    return Placement(settings.weights_dir, settings.engine, settings.device, settings.threads, settings.max_running)


def tokens_per_second(rounds: list[Round]) -> float:
    """Return the tokens of all answers over the time of all rounds."""
    tokens = sum(answer.tokens for each in rounds for answer in each.answers)
    return tokens / sum(each.seconds for each in rounds)


def report(together: list[Round], alone: list[Round]) -> dict[str, float]:
    """Return the figures of a run."""
    first = [answer.first_s for each in together for answer in each.answers]
    fast, slow = tokens_per_second(together), tokens_per_second(alone)
    return {
        "people": PEOPLE,
        "together_tok_s": round(fast, 1),
        "alone_tok_s": round(slow, 1),
        "ratio": round(fast / slow, 2),
        "first_s_median": round(statistics.median(first), 2),
        "first_s_worst": round(max(first), 2),
    }


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--playground", metavar="URL", help="the whole bot behind this playground")
    parser.add_argument("--engine", action="store_true", help="the bare engine")
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    settings = Settings()
    if arguments.playground:
        together, alone = asyncio.run(measure_bot(settings, arguments.playground, arguments.rounds))
    elif arguments.engine:
        together, alone = measure_engine(settings, arguments.rounds)
    else:
        together, alone = asyncio.run(measure_new_bot(settings, arguments.rounds))
    print(json.dumps(report(together, alone)))


if __name__ == "__main__":
    main()
