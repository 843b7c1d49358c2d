"""The group's material: taken in, indexed in the background, found again."""

import asyncio
from typing import Any

from bot.inference.api import Inference
from bot.storage.database import Database


class Library:
    """Skeleton; part READ replaces it."""

    def __init__(self, database: Database, inference: Inference) -> None:
        self._database, self._inference = database, inference

    async def read(self, name: str, data: bytes) -> Any:
        """Read a file."""
        raise NotImplementedError

    async def run(self) -> None:
        """Index what is new, until cancelled."""
        await asyncio.Event().wait()
