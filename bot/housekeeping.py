"""What happens by the clock: old rows leave, reminders are sent."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.meeting import remind
from bot.services import Services
from bot.storage import updates

# In seconds: a reminder is late by this much at the most.
_REMIND_EVERY = 20


@asynccontextmanager
async def keeping_house(services: Services) -> AsyncGenerator[None]:
    """Do what the clock asks for, for the length of the block. The scheduler only wakes: truth is in the database."""

    async def tidy() -> None:
        await services.database.transact(updates.forget_finished)

    await tidy()
    scheduler = AsyncIOScheduler(timezone="UTC")
    # Late is better than never: without a grace time a busy moment would skip the run.
    scheduler.add_job(tidy, "interval", hours=6, misfire_grace_time=None)
    scheduler.add_job(remind, "interval", [services], seconds=_REMIND_EVERY, misfire_grace_time=None)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
