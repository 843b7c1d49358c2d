"""A bell that wakes everyone who waits, each time it rings."""

import asyncio


class Bell:
    """Lets long polls sleep until something has changed; a ring that nobody awaits is not remembered."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake everyone who waits now."""
        self._rung.set()
        self._rung = asyncio.Event()

    async def wait(self, seconds: float | None = None) -> bool:
        """Return True at the next ring, or False after `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                return await self._rung.wait()
        except TimeoutError:
            return False
