"""A bell that wakes everyone who waits, each time it rings."""

import asyncio


class Bell:
    """Lets long polls sleep until something has changed; a ring that nobody awaits is not remembered.

    `awaited` is how many wait now.
    """

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self.awaited = 0

    def ring(self) -> None:
        """Wake everyone who waits now."""
        self._rung.set()
        self._rung = asyncio.Event()

    async def wait(self, seconds: float | None = None) -> bool:
        """Return True at the next ring, or False after `seconds`."""
        self.awaited += 1
        try:
            async with asyncio.timeout(seconds):
                return await self._rung.wait()
        except TimeoutError:
            return False
        finally:
            self.awaited -= 1
