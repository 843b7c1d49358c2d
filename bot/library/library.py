"""The group's material: taken in, indexed in the background, found again."""

import asyncio

from bot.inference.api import Inference
from bot.library.documents import Document
from bot.storage.database import Database


class Library:
    """What groups study. `search` finds passages in it."""

    def __init__(self, database: Database, inference: Inference) -> None:
        self._database, self._inference = database, inference

    async def read(self, name: str, data: bytes) -> Document:
        """Return the text of a file, by page. Raises BadInput, with a key that says why, for what cannot be read."""
        raise NotImplementedError

    async def run(self) -> None:
        """Index what is new, until cancelled."""
        await asyncio.Event().wait()
