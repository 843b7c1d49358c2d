"""How soon after its start does the bot answer /help, and how soon does a model's first word come?

`python -m benchmarks.startup` lets people write before the bot is started, /help and a question, and starts it again
and again with the same data, weights converted. In turns with that it times what others would wait for: importing
torch, and loading the GGUF file as it is. The last line is JSON.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.asked import question
from benchmarks.people import People, people
from benchmarks.playground import served
from benchmarks.stage import link_models, running_bot
from bot.config import Settings
from bot.inference import weights
from bot.inference.catalog import find

TORCH = "import torch"
GGUF = """
import sys
import openvino_genai
pipeline = openvino_genai.LLMPipeline(sys.argv[1], "CPU")
print("loaded", flush=True)
pipeline.generate("Hola", max_new_tokens=1)
"""


async def start(settings: Settings, address: str, crowd: People, data: Path, number: int) -> tuple[float, float]:
    """Start the bot on what is waiting for it; returns when /help was answered and when a model's words came."""
    curious, asking = await crowd.invite(2)
    await crowd.write(curious, "/help")
    await crowd.write(asking, question(number))
    helped, answered = crowd.expect(curious), crowd.expect(asking)
    async with running_bot(address, data, {"TERTULIA_MAX_NEW_TOKENS": "16"}) as bot:
        replies = await asyncio.gather(helped, answered)
        await bot.new_tokens([asking], 1)
        await bot.until_loaded(settings.chat_model)  # it is not stopped while it loads, which would take longer
    return replies[0].first_s, replies[1].first_s


async def seconds(*arguments: str) -> tuple[float, float]:
    """Run Python with these arguments; returns when it first wrote something and when it had ended."""
    begun = time.monotonic()
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    await process.stdout.readline()
    written = time.monotonic() - begun
    if await process.wait():
        raise SystemExit(f"{arguments[1].strip().splitlines()[0]} failed.")
    return written, time.monotonic() - begun


async def measure(settings: Settings, runs: int, loads: int) -> dict[str, float]:
    """Start the bot and the others in turns."""
    gguf = str(weights.path(find(settings.chat_model), settings.weights_dir))
    starts: list[tuple[float, float]] = []
    imports: list[float] = []
    loading: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        link_models(settings.weights_dir, data)
        async with served(Path(folder)) as (address, _), people(address) as crowd:
            # With a new database; and whatever is not yet in the system's file cache is then.
            first = await start(settings, address, crowd, data, 1_000_000)
            for number in range(runs):
                starts.append(await start(settings, address, crowd, data, number))
                imports.append((await seconds("-c", TORCH))[1])
                if number < loads:
                    loading.append((await seconds("-c", GGUF, gguf))[0])
    return report(first, starts, imports, loading)


def report(
    first: tuple[float, float],
    starts: Sequence[tuple[float, float]],
    imports: Sequence[float],
    loading: Sequence[float],
) -> dict[str, float]:
    """Return the medians, and how the very first start went."""
    helped, answered = zip(*starts, strict=True)
    return {
        "help_s": round(statistics.median(helped), 2),
        "first_token_s": round(statistics.median(answered), 2),
        "torch_import_s": round(statistics.median(imports), 2),
        "gguf_load_s": round(statistics.median(loading), 2),
        "help_s_worst": round(max(helped), 2),
        "first_token_s_worst": round(max(answered), 2),
        "help_s_new_database": round(first[0], 2),
        "first_token_s_new_database": round(first[1], 2),
        "runs": len(starts),
    }


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="one start: does it all work?")
    arguments = parser.parse_args()
    runs = 1 if arguments.quick else arguments.runs
    print(json.dumps(asyncio.run(measure(Settings(), runs, min(runs, 2)))))


if __name__ == "__main__":
    main()
