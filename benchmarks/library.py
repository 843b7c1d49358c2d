"""What does it take to index a book of 300 pages, and does a question about it lead to the right page?

`python -m benchmarks.library` makes a PDF (book.py), gives it to the bot's library with the bot's own models, watches
its progress, the memory and the event loop, and then asks ten questions whose pages are known. The last line is JSON.
"""

import argparse
import asyncio
import json
import tempfile
import threading
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from benchmarks import book
from bot.config import Settings
from bot.inference.api import Inference
from bot.inference.manager import Manager
from bot.library.library import Library
from bot.library.search import Hit
from bot.storage import people
from bot.storage.database import opened
from bot.storage.materials import Shelf
from bot.tasks.answer import Passage, answer
from bot.tasks.models import Models

# Passages: as many as /answer takes.
CHAT, PASSAGES = 1, 4
TICK = 0.01


class Watch:
    """How long the event loop was held up at most, and how much memory the process took at most."""

    def __init__(self) -> None:
        self.lag = 0.0
        self.begun = self.peak = _rss()

    async def look(self) -> None:
        """Look, again and again, until cancelled."""
        while True:
            begun = time.monotonic()
            await asyncio.sleep(TICK)
            self.lag = max(self.lag, time.monotonic() - begun - TICK)
            self.peak = max(self.peak, _rss())


def _rss() -> int:
    return int(psutil.Process().memory_info().rss)


class Reader:
    """How much memory the process that reads files took at most, looked up in a thread."""

    def __init__(self) -> None:
        self.peak = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def _look(self) -> None:
        while not self._ended.wait(0.02):
            for child in psutil.Process().children():
                with suppress(psutil.Error):
                    if "bot.library.reading_child" in child.cmdline():
                        self.peak = max(self.peak, int(child.memory_info().rss))

    def end(self) -> int:
        """Stop looking, and return the peak in bytes."""
        self._ended.set()
        self._thread.join()
        return self.peak


@asynccontextmanager
async def shelved(inference: Inference) -> AsyncGenerator[Library]:
    """Run a library on a database of its own, the starter course already in."""
    with tempfile.TemporaryDirectory() as folder:
        async with opened(f"sqlite:///{folder}/library.sqlite3") as database:
            await database.transact(people.meet_chat, CHAT, "private", "Lucía")
            library = Library(database, inference)
            task = asyncio.create_task(library.run())
            first = (await library.add(Shelf(CHAT, 1), "first.txt", b"hola")).material
            async for _ in library.progress(first.id):
                pass  # what is loaded once is loaded now
            yield library
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def index(library: Library, pages: int) -> dict[str, Any]:
    """Add the book; return how long it took, and what it took."""
    data = await asyncio.to_thread(book.pdf, pages)
    watch = Watch()
    watching = asyncio.create_task(watch.look())
    reader, begun = Reader(), time.monotonic()
    material = (await library.add(Shelf(CHAT), "Villages.pdf", data)).material
    added, readers_peak = time.monotonic(), reader.end()
    steps = [now.done async for now in library.progress(material.id)]
    done = time.monotonic()
    watching.cancel()
    return {
        "pages": material.pages,
        "file_kb": round(len(data) / 1e3),
        "passages": material.chunks,
        "read_s": round(added - begun, 1),
        "index_s": round(done - added, 1),
        "passages_per_s": round(material.chunks / (done - added), 1),
        "progress_steps": len(set(steps)),
        "lag_max_ms": round(watch.lag * 1e3),
        "bot_rss_mb": round(watch.peak / 1e6),
        "bot_rss_grown_mb": round((watch.peak - watch.begun) / 1e6),
        "reader_rss_mb": round(readers_peak / 1e6),
    }


async def ask(library: Library, models: Models) -> dict[str, Any]:
    """Ask the ten questions; return in how many the right page came first, was among the passages, and was cited."""
    found = [await library.search(Shelf(CHAT), known.question, PASSAGES) for known in book.KNOWN]
    pages = [[hit.page for hit in hits] for hits in found]
    print(f"found {pages}", flush=True)
    answered = zip(book.KNOWN, found, strict=True)
    cited = await asyncio.gather(*(_cited(models, known, hits) for known, hits in answered))
    right = [known.page for known in book.KNOWN]
    return {
        "questions": len(right),
        "first": sum(now[:1] == [page] for now, page in zip(pages, right, strict=True)),
        "among": sum(page in now for now, page in zip(pages, right, strict=True)),
        "cited": sum(now == {page} for now, page in zip(cited, right, strict=True)),
    }


async def _cited(models: Models, known: book.Known, hits: Sequence[Hit]) -> set[int]:
    passages = [Passage(hit.text, hit.title, hit.page, hit.chunk_id) for hit in hits]
    said = await answer(models, known.question, passages, known.language)
    cited = {passages[quote.passage].page for quote in said.quotes}
    print(f"p. {known.page}: cited {sorted(cited)}: {said.text}", flush=True)
    return cited


async def measure(inference: Inference, chat_model: str, pages: int) -> dict[str, Any]:
    """Index the book, and ask about it."""
    async with shelved(inference) as library:
        figures = await index(library, pages)
        print(figures, flush=True)
        if pages < book.PAGES:
            return figures
        return figures | await ask(library, Models(inference, chat_model))


async def alone(settings: Settings, pages: int) -> dict[str, Any]:
    """Measure with models of our own."""
    manager = Manager(
        settings.weights_dir,
        engine=settings.engine,
        device=settings.device,
        threads=settings.threads,
        max_running=settings.max_running,
        max_queued=settings.max_queued,
    )
    try:
        return await measure(manager, settings.chat_model, pages)
    finally:
        await manager.close()


def main() -> None:
    """Run it, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=book.PAGES, help="fewer than 300: no questions are asked")
    parser.add_argument("--quick", action="store_true", help="a few pages only")
    parser.add_argument("--save", type=Path, help="only write the PDF into this file")
    arguments = parser.parse_args()
    pages = 10 if arguments.quick else arguments.pages
    if arguments.save:
        arguments.save.write_bytes(book.pdf(pages))
        return
    print(json.dumps(asyncio.run(alone(Settings(), pages))))


if __name__ == "__main__":
    main()
