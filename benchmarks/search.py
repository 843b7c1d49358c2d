"""How fast is a question found among 50,000 passages?

`python -m benchmarks.search` puts a shelf of invented passages (words drawn by Zipf's law, as in real texts; vectors
drawn by chance, whose numbers take as long to compare as real ones) into a database of its own, and asks questions of
3 to 12 words, every tenth with an exact phrase. The last line is JSON: seconds to make the index, milliseconds a
search at the median and the 95th percentile, with and without a phrase, and of the question's embedding, which comes
before (0 where the encoder is not installed), and what the index takes in memory.
"""

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections.abc import Sequence

import numpy as np
import psutil

from bot.config import Settings
from bot.errors import BotError
from bot.inference.api import EmbedRequest, Vectors
from bot.inference.catalog import STARTER, find
from bot.inference.manager import Manager
from bot.library.search import Search
from bot.storage import materials, people
from bot.storage.database import Database, opened
from bot.storage.materials import Described, Passage, Shelf

DIMENSIONS, PASSAGE_WORDS, WORDS, A_BOOK = 384, 130, 60_000, 1000
WARM_UP = 20


class Known(Search):
    """A search that is handed its queries' vectors, so that the encoder's time is counted apart."""

    vector: Vectors

    async def _embed(self, query: str) -> Vectors:  # noqa: ARG002 - the query's vector is drawn
        return self.vector

    def _encoder(self) -> str:
        return "e5"


def draw_words(draw: random.Random) -> tuple[list[str], list[float]]:
    """Return invented words and how frequent each is."""
    syllables = [a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "u", "an", "er", "os")]
    words = list({"".join(draw.choices(syllables, k=draw.randint(1, 4))) for _ in range(WORDS * 2)})
    draw.shuffle(words)
    return words[:WORDS], [1 / (rank + 3) for rank in range(len(words[:WORDS]))]


def drawn(rng: np.random.Generator, number: int) -> Vectors:
    """Return unit vectors."""
    rows = rng.standard_normal((number, DIMENSIONS), dtype=np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


async def fill(database: Database, texts: Sequence[str], vectors: Vectors) -> None:
    """Put the passages on chat 1's shelf, in books of a thousand."""
    await database.transact(people.meet_chat, 1, "group", "Tertulia")
    for start in range(0, len(texts), A_BOOK):
        book = texts[start : start + A_BOOK]
        about = Described(f"Book {start}", "pdf", "es", str(start), 1, len(book))
        pages = [Passage(number, number + 1, number + 1, "", text) for number, text in enumerate(book)]
        material = await database.transact(materials.add, Shelf(1), about, pages)
        chunks = await database.transact(materials.pending, len(book))
        rows = {c.id: vectors[start + c.number].astype("float16").tobytes() for c in chunks}
        await database.transact(materials.store_vectors, material.id, rows, "e5")


def ask(draw: random.Random, texts: Sequence[str], number: int) -> str:
    """Return a question out of a passage's words; every tenth quotes three in a row."""
    words = draw.choice(texts).split()
    if number % 10 == 0:
        at = draw.randrange(len(words) - 3)
        return f'"{" ".join(words[at : at + 3])}"'
    return " ".join(draw.sample(words, draw.randint(3, 12)))


async def measure(settings: Settings, passages: int, questions: int) -> dict[str, float]:
    """Search in a database of its own."""
    draw, rng = random.Random(0), np.random.default_rng(0)
    words, weights = draw_words(draw)
    texts = [" ".join(draw.choices(words, weights, k=PASSAGE_WORDS)) for _ in range(passages)]
    manager = Manager(settings.weights_dir, engine=settings.engine, device=settings.device, threads=settings.threads)
    with tempfile.TemporaryDirectory() as folder:
        async with opened(f"sqlite:///{folder}/search.sqlite3") as database:
            await fill(database, texts, drawn(rng, passages))
            search, before = Known(database, manager), psutil.Process().memory_info().rss
            search.vector, start = drawn(rng, 1)[0], time.monotonic()
            await search.search(1, 0, words[0])
            made, memory = time.monotonic() - start, psutil.Process().memory_info().rss - before
            took = await asked_all(search, [ask(draw, texts, number) for number in range(questions + WARM_UP)], rng)
        embedding = await embedded(manager, texts[:50])
        await manager.close()
    plain = [ms for query, ms in took if '"' not in query]
    phrase = [ms for query, ms in took if '"' in query]
    figures = {f"search_p{p}_ms": float(np.percentile(plain, p)) for p in (50, 95)}
    figures |= {f"phrase_p{p}_ms": float(np.percentile(phrase, p)) for p in (50, 95)}
    figures |= {f"embed_p{p}_ms": float(np.percentile(embedding, p)) for p in (50, 95)}
    return {"passages": passages, "index_s": made, "index_mb": memory / 1e6} | figures


async def asked_all(search: Known, queries: Sequence[str], rng: np.random.Generator) -> list[tuple[str, float]]:
    """Ask one question after another; return each with its milliseconds, those to warm up left out."""
    took = []
    for query in queries:
        search.vector = drawn(rng, 1)[0]
        start = time.perf_counter()
        await search.search(1, 0, query)
        took.append((query, (time.perf_counter() - start) * 1000))
    return took[WARM_UP:]


async def embedded(manager: Manager, texts: Sequence[str]) -> list[float]:
    """Return the milliseconds that the encoder takes for a question, each time; 0 where it is not installed."""
    model = next(find(model).id for model in STARTER if find(model).kind == "encoder")
    took = []
    for text in texts:
        start = time.perf_counter()
        try:
            await manager.embed(EmbedRequest(model, (" ".join(text.split()[:12]),), "query"))
        except BotError:
            return [0.0]
        took.append((time.perf_counter() - start) * 1000)
    return took[len(took) // 5 :]


def main() -> None:
    """Measure, and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=50_000)
    parser.add_argument("--questions", type=int, default=500)
    asked = parser.parse_args()
    figures = asyncio.run(measure(Settings(), asked.passages, asked.questions))
    print(json.dumps({name: round(value, 2) for name, value in figures.items()}))


if __name__ == "__main__":
    main()
