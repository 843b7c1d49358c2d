"""Running answers, so that people can stop them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Job:
    """One handler that waits for a model, and for whom. `pointless`: the question was deleted, so nobody waits."""

    update_id: int
    chat_id: int
    thread_id: int
    user_id: int
    task: asyncio.Task[object]
    stopped: bool = False
    pointless: bool = False

    def stop(self) -> None:
        """Cancel the handler on a person's wish; `stopped` tells this from the program's own end."""
        if not self.stopped:
            self.stopped = True
            self.task.cancel()


async def stop_all(jobs: Sequence[Job]) -> None:
    """Stop jobs and wait until what they wrote stands in the chat.

    The wish to stop counts as handled only then: after a crash in between, both are handled again, in their order.
    """
    for job in jobs:
        job.stop()
    if jobs:
        await asyncio.wait([job.task for job in jobs])


class Jobs:
    """All running jobs of the process."""

    def __init__(self) -> None:
        self._jobs: dict[int, Job] = {}

    def add(self, job: Job) -> None:
        """Make a job known."""
        self._jobs[job.update_id] = job

    def remove(self, job: Job) -> None:
        """Forget a job."""
        self._jobs.pop(job.update_id, None)

    def find(self, update_id: int) -> Job | None:
        """Return the job that answers an update."""
        return self._jobs.get(update_id)

    def of(self, chat_id: int, thread_id: int) -> list[Job]:
        """Return the jobs of a chat and thread."""
        return [job for job in self._jobs.values() if (job.chat_id, job.thread_id) == (chat_id, thread_id)]

    def in_groups(self, user_id: int) -> list[Job]:
        """Return a person's jobs outside their private chat, whose id is theirs."""
        return [job for job in self._jobs.values() if job.user_id == user_id != job.chat_id]
