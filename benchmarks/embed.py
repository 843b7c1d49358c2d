"""How fast do 10,000 chunks become vectors through the bot's inference, against one by one?

`python -m benchmarks.embed` gives slices of the chunks to the manager, as indexing does, and in turns with that some
chunks one text a request (`ratio`), and some to plain transformers in a process of its own, one at a time in bfloat16
with as many threads (`ratio_transformers`). The last line is JSON: chunks a second, their ratios, the least likeness of
vectors that the bot and transformers made of the same chunk, and the memory of the encoder's process.
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks.child import Child, child, serve
from benchmarks.engine import placement
from bot.config import Settings
from bot.inference.api import EmbedRequest, Vectors
from bot.inference.catalog import STARTER, find
from bot.inference.engines import convert
from bot.inference.engines.unigram import Unigram
from bot.inference.manager import Manager

SLICES = 20
SINGLES = 500
PREFIX = "passage: "
WORDS = {
    "es": "el la de que y en un los se del las por con para una su al lo como más pero sus le ya este sí porque esta"
    " entre cuando muy sin sobre también hasta hay donde quien desde todo nos durante modelo lenguaje atención capa"
    " texto palabra vector oración aprende traducción respuesta pregunta ejemplo entrenamiento secuencia contexto",
    "en": "the of and to in is that it was for on are with as his they be at one have this from or had by but what"
    " some we can out other were all there when up use your how said an each she model language attention layer"
    " text word vector sentence learns translation answer question example training sequence context",
}


@dataclass
class Embedded:
    """What was embedded how long, in seconds."""

    together: int = 0
    together_s: float = 0.0
    singly: int = 0
    singly_s: float = 0.0
    plain_s: float = 0.0  # the same chunks as singly
    cosine_min: float = 1.0


def chunks(number: int, seed: int = 0) -> list[str]:
    """Return texts of 20 to 200 words, half in Spanish, half in English, always the same for a seed."""
    draw = random.Random(seed)
    words = {language: text.split() for language, text in WORDS.items()}
    return [" ".join(draw.choices(words[draw.choice(("es", "en"))], k=draw.randint(20, 200))) for _ in range(number)]


async def measure(settings: Settings, number: int, singles: int) -> dict[str, float]:
    """Give slices to all in turns."""
    model = next(find(model) for model in STARTER if find(model).kind == "encoder")
    folder = await asyncio.to_thread(convert.ensure_converted, model, settings.weights_dir)
    threads = placement(settings).compute_threads
    manager = Manager(
        settings.weights_dir,
        engine=settings.engine,
        device=settings.device,
        threads=settings.threads,
        max_running=settings.max_running,
        max_queued=settings.max_queued,
    )
    command = (sys.executable, "-m", "benchmarks.embed", "--one-by-one", str(folder), str(threads))
    try:
        async with child(command) as plain:
            await plain.hear()
            done = await take_turns(manager, plain, model.id, (chunks(number), max(1, singles // SLICES)))
            memory = engines_memory()
    finally:
        await manager.close()
    return report(done) | {"rss_mb": round(memory / 1e6)}


async def take_turns(manager: Manager, plain: Child, model: str, work: tuple[Sequence[str], int]) -> Embedded:
    """Let the manager embed all chunks, and both ways of one by one some of each slice."""
    texts, singles = work
    size = max(1, len(texts) // SLICES)
    done = Embedded()
    warm = chunks(8, seed=1)

    async def embed(*texts: str) -> Vectors:
        return await manager.embed(EmbedRequest(model, texts, priority="background"))

    await embed(*warm)
    await plain.ask(warm)
    for first in range(0, len(texts), size):
        piece = texts[first : first + size]
        start = time.monotonic()
        vectors = await embed(*piece)
        done.together, done.together_s = done.together + len(piece), done.together_s + time.monotonic() - start
        start = time.monotonic()
        for text in piece[:singles]:
            await embed(text)
        done.singly, done.singly_s = done.singly + len(piece[:singles]), done.singly_s + time.monotonic() - start
        start = time.monotonic()
        expected = np.array(await plain.ask(piece[:singles]), dtype=np.float32)
        done.plain_s += time.monotonic() - start
        likeness = (vectors[: len(expected)] * expected).sum(axis=1)
        done.cosine_min = min(done.cosine_min, float(likeness.min()))
        print(f"{done.together} chunks, {done.together / done.together_s:.1f} a second", flush=True)
    return done


def engines_memory() -> int:
    """Return the resident memory of the processes in which the bot's engines on torch compute."""
    children = psutil.Process().children()
    return sum(
        process.memory_info().rss for process in children if any("torch_child" in word for word in process.cmdline())
    )


def report(done: Embedded) -> dict[str, float]:
    """Return the figures of the run."""
    fast, slow = done.together / done.together_s, done.singly / done.singly_s
    plain = done.singly / done.plain_s
    return {
        "ratio": round(fast / slow, 2),
        "ratio_transformers": round(fast / plain, 2),
        "chunks_per_s": round(fast, 1),
        "one_by_one_per_s": round(slow, 1),
        "transformers_per_s": round(plain, 1),
        "chunks": done.together,
        "one_by_one": done.singly,
        "seconds": round(done.together_s, 1),
        "cosine_min": round(done.cosine_min, 4),
    }


def one_by_one(folder: Path, threads: int) -> None:
    """Answer lists of texts with their vectors, each text embedded by itself. torch is imported here alone."""
    import torch
    from transformers import AutoModel
    from transformers.utils import logging

    logging.disable_progress_bar()
    torch.set_num_threads(threads)
    tokenizer = Unigram(folder)
    model = AutoModel.from_pretrained(folder, dtype=torch.bfloat16).eval()

    def embed(text: str) -> list[float]:
        ids = torch.tensor(tokenizer.sentences([PREFIX + text], 512))
        with torch.inference_mode():
            hidden = model(ids).last_hidden_state[0]
        vector: list[float] = torch.nn.functional.normalize(hidden.float().mean(dim=0), dim=0).tolist()
        return vector

    def answer(texts: Any) -> list[list[float]]:
        return [embed(text) for text in texts]

    serve(answer)


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, default=10_000)
    parser.add_argument("--quick", action="store_true", help="40 chunks: does it all work?")
    parser.add_argument("--one-by-one", nargs=2, metavar=("FOLDER", "THREADS"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one_by_one:
        one_by_one(Path(arguments.one_by_one[0]), int(arguments.one_by_one[1]))
        return
    number, singles = (40, 20) if arguments.quick else (arguments.chunks, SINGLES)
    print(json.dumps(asyncio.run(measure(Settings(), number, singles))))


if __name__ == "__main__":
    main()
