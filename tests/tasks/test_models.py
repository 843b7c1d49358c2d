"""What tasks share: work done together."""

import asyncio

import pytest

from bot.errors import Busy
from bot.tasks.models import together


async def test_the_first_error_ends_the_others_and_is_raised_itself() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def waits() -> None:
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def fails() -> None:
        await begun.wait()
        raise Busy

    with pytest.raises(Busy):
        await together([waits(), fails()])
    assert ended.is_set()


async def test_results_come_in_order() -> None:
    async def late(number: int) -> int:
        for _ in range(3 - number):
            await asyncio.sleep(0)
        return number

    assert await together(late(number) for number in range(3)) == [0, 1, 2]
