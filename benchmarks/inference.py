"""What does the whole bot give eight people at once, and one alone, against other ways to run the same weights?

`python -m benchmarks.inference` asks the same questions of four: transformers one message after another, llama.cpp's
server, the bot's engine without the bot, and the whole bot through a playground. All stay loaded, one works at a time,
and they take turns within each round, because speeds of different runs do not compare. The last line is JSON.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from benchmarks.asked import Answer, Round, first_s, question, request, tokens_per_second
from benchmarks.engine import engine, placement
from benchmarks.llama import llama
from benchmarks.naive import naive
from benchmarks.people import People, people
from benchmarks.playground import served
from benchmarks.stage import Bot, link_models, running_bot
from bot.config import Settings
from bot.inference import weights
from bot.inference.api import ChatRequest
from bot.inference.catalog import Model, find
from bot.inference.engines import convert

PEOPLE = 8
AGAIN = "¿Puedes ponerme otro ejemplo?"


class Contestant(Protocol):
    """One way to answer."""

    async def ask(self, requests: Sequence[ChatRequest]) -> Round:
        """Answer requests that come at the same time."""
        ...


class WholeBot:
    """The bot in its process, as people find it: each request's last turn is written by somebody new."""

    def __init__(self, bot: Bot, crowd: People) -> None:
        self._bot, self._crowd = bot, crowd

    async def ask(self, requests: Sequence[ChatRequest]) -> Round:
        """Let people ask at the same time; whoever writes first has no history."""
        chats = await self._crowd.invite(len(requests))
        start = time.monotonic()
        replies = await self._crowd.ask_together(chats, [request.turns[-1].text for request in requests])
        seconds = time.monotonic() - start
        tokens = await self._bot.new_tokens(chats, 1)
        answers = (Answer(reply.first_s, new) for reply, new in zip(replies, tokens, strict=True))
        return Round(seconds, tuple(answers))

    async def two_turns(self, asked: str, language: str = "es") -> tuple[float, float]:
        """Let somebody new ask twice, alone; returns the waits for the first words of both answers."""
        [chat] = await self._crowd.invite(1, language)
        first = await self._crowd.ask(chat, asked)
        await self._bot.new_tokens([chat], 1)  # what was said must be written down before it can be remembered
        second = await self._crowd.ask(chat, AGAIN)
        return first.first_s, second.first_s


@dataclass
class Measured:
    """What came out, by the contestant's name."""

    together: dict[str, list[Round]] = field(default_factory=lambda: defaultdict(list))
    alone: dict[str, list[Round]] = field(default_factory=lambda: defaultdict(list))
    turns: list[tuple[float, float]] = field(default_factory=list)
    about: dict[str, object] = field(default_factory=dict)

    def report(self) -> dict[str, object]:
        """Return the figures of the run."""
        speed = {name: tokens_per_second(rounds) for name, rounds in self.together.items()}
        alone = {name: tokens_per_second(rounds) for name, rounds in self.alone.items()}
        first, second = (statistics.median(waits) for waits in zip(*self.turns, strict=True))
        return {
            **{f"{name}_tok_s": round(rate, 2) for name, rate in speed.items()},
            **{f"ratio_{name}": round(speed["bot"] / rate, 3) for name, rate in speed.items() if name != "bot"},
            "ttft_s": round(first_s(self.together["bot"]), 3),
            **{f"{name}_ttft_s": round(first_s(rounds), 3) for name, rounds in self.together.items() if name != "bot"},
            "ttft_first_turn_s": round(first, 3),
            "ttft_second_turn_s": round(second, 3),
            "ratio_second_turn": round(second / first, 3),
            **{f"alone_{name}_tok_s": round(rate, 2) for name, rate in alone.items()},
            **{f"alone_{name}_ttft_s": round(first_s(rounds), 3) for name, rounds in self.alone.items()},
            "tokens_per_answer": round(statistics.mean(self._lengths("bot")), 1),
            **self.about,
        }

    def _lengths(self, name: str) -> list[int]:
        return [answer.tokens for each in self.together[name] for answer in each.answers]


@asynccontextmanager
async def whole_bot(settings: Settings, new_tokens: int) -> AsyncGenerator[tuple[Bot, WholeBot]]:
    """Start a playground and, with an empty database, the bot in it."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        link_models(settings.weights_dir, data)
        own = {"TERTULIA_MAX_NEW_TOKENS": str(new_tokens)}
        async with (
            served(Path(folder)) as (address, _),
            running_bot(address, data, own) as bot,
            people(address) as crowd,
        ):
            yield bot, WholeBot(bot, crowd)


async def measure(settings: Settings, people: int, new_tokens: int, rounds: int) -> dict[str, object]:
    """Load all four and let them take turns."""
    model = find(settings.chat_model)
    measured = Measured(about={"people": people, "new_tokens": new_tokens, "rounds": rounds})
    async with whole_bot(settings, new_tokens) as (bot, whole):
        measured.about["models_loaded"] = await bot.until_loaded(model.id)
        measured.about |= {f"loaded_{key}": value for key, value in bot.memory().items()}
        # Nobody has spoken English here yet: not even the instructions are remembered.
        first, second = await whole.two_turns("Question 1: explain photosynthesis in detail, with an example.", "en")
        measured.about |= {"ttft_cold_s": round(first, 3), "ttft_second_turn_after_cold_s": round(second, 3)}
        async with others(settings, model, people, measured) as contestants:
            contestants["bot"] = whole
            await warm_up(contestants, model.id, people)
            for number in range(rounds):
                await take_turns(contestants, measured, model.id, (number, people, new_tokens))
                measured.turns.append(await whole.two_turns(question(2_000_000 + number)))
        measured.about |= bot.memory()  # alone again: what processes share is shared out in it
    return measured.report()


@asynccontextmanager
async def others(
    settings: Settings, model: Model, people: int, measured: Measured
) -> AsyncGenerator[dict[str, Contestant]]:
    """Load all but the bot; notes what they saw of the prompts."""
    threads = placement(settings).compute_threads
    gguf, cache = weights.path(model, settings.weights_dir), settings.data_dir / "cache" / "benchmarks"
    folder = await asyncio.to_thread(convert.ensure_converted, model, settings.weights_dir)
    async with (
        naive(folder, threads) as plain,
        llama(gguf, people, threads, cache) as server,
        engine(settings, model) as bare,
    ):
        yield {"naive": plain, "llama": server, "engine": bare}
        prompts = {"prompt_tokens": bare.prompt_tokens, "llama_prompt_tokens": server.prompt_tokens}
        measured.about |= {"threads": threads, **prompts}


async def warm_up(contestants: dict[str, Contestant], model: str, people: int) -> None:
    """Let each answer once before it counts: what it sets up lazily is set up, and it remembers the instructions."""
    requests = [request(model, question(1_000_000 + number), number, 2) for number in range(people)]
    for name, contestant in contestants.items():
        await contestant.ask(requests[:1] if name == "naive" else requests)


async def take_turns(
    contestants: dict[str, Contestant], measured: Measured, model: str, size: tuple[int, int, int]
) -> None:
    """Ask everybody the same new questions, together and alone; who is first changes from round to round."""
    number, people, new_tokens = size
    start = number * (people + 1)
    requests = [request(model, question(start + n), start + n, new_tokens) for n in range(people + 1)]
    names = list(contestants)
    for name in names[number % len(names) :] + names[: number % len(names)]:
        together = await contestants[name].ask(requests[:people])
        measured.together[name].append(together)
        measured.alone[name].append(await contestants[name].ask(requests[people:]))
        print(f"round {number + 1}, {name}: {tokens_per_second([together]):.1f} tok/s", flush=True)


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="two people, sixteen tokens, one round: does it all work?")
    arguments = parser.parse_args()
    people, new_tokens, rounds = (2, 16, 1) if arguments.quick else (PEOPLE, 64, arguments.rounds)
    print(json.dumps(asyncio.run(measure(Settings(), people, new_tokens, rounds))))


if __name__ == "__main__":
    main()
