"""Updates that the bot has not confirmed yet, and the two ways to fetch them."""

import asyncio
import logging
import time
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from bot.playground.api_error import conflict
from bot.playground.bell import Bell
from bot.playground.json_text import JSON

MAX_PENDING = 10_000
"""Telegram forgets updates after a day; the playground, which has no day to wait, when there are too many."""
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Webhook:
    """Where updates are pushed to, and how the last attempt went."""

    url: str
    secret_token: str = ""
    max_connections: int = 40
    certificate: str = ""
    """The server's own certificate as PEM; "": one that everybody trusts."""
    last_error_date: int = 0
    last_error_message: str = ""


@dataclass
class UpdateQueue:
    """Updates in order; each stays until it is confirmed by a higher offset or by the webhook's 2xx."""

    next_id: int = field(default_factory=lambda: int(time.time()))
    pending: deque[JSON] = field(default_factory=deque)
    allowed: list[str] = field(default_factory=list)
    webhook: Webhook | None = None
    bell: Bell = field(default_factory=Bell)
    rerouted: Bell = field(default_factory=Bell)
    closed: bool = False
    dropped: int = 0
    """How many updates left unfetched."""
    _poller: object = None

    def put(self, kind: str, content: JSON) -> None:
        """Append an update of `kind`, unless the bot did not ask for that kind."""
        wanted = kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT
        if not wanted:
            return
        if len(self.pending) >= MAX_PENDING:
            self._drop_oldest()
        self.pending.append({"update_id": self.next_id, kind: content})
        self.next_id += 1
        self.bell.ring()

    def _drop_oldest(self) -> None:
        self.pending.popleft()
        if self.dropped % MAX_PENDING == 0:  # said once in a while, not ten thousand times
            log.warning("The bot does not fetch its updates: the oldest are dropped")
        self.dropped += 1

    def confirm(self, offset: int) -> None:
        """Forget every update below `offset`; a negative one keeps that many from the end."""
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()
        while self.pending and self.pending[0]["update_id"] < offset:
            self.pending.popleft()

    def after(self, update_id: int) -> list[JSON]:
        """Return the pending updates above `update_id`, oldest first."""
        return list(reversed(list(self._newest_down_to(update_id))))

    def _newest_down_to(self, update_id: int) -> Iterator[JSON]:
        for update in reversed(self.pending):
            if update["update_id"] <= update_id:
                return
            yield update

    def has(self, update_id: int) -> bool:
        """Tell whether an update is still pending."""
        at = self._place(update_id)
        return at < len(self.pending) and self.pending[at]["update_id"] == update_id

    def remove(self, update_id: int) -> None:
        """Forget one update: the webhook took it."""
        if self.has(update_id):
            del self.pending[self._place(update_id)]

    def _place(self, update_id: int) -> int:
        return bisect_left(self.pending, update_id, key=_update_id)

    async def poll(self, offset: int, limit: int, seconds: float) -> list[JSON]:
        """Return up to `limit` updates, waiting for the first; a later poller ends this one with a conflict."""
        self._refuse_beside_webhook()
        self.confirm(offset)
        me = self._poller = object()
        self.bell.ring()
        await self._wait_as(me, seconds)
        return list(islice(self.pending, limit))

    async def _wait_as(self, poller: object, seconds: float) -> None:
        deadline = asyncio.get_running_loop().time() + seconds
        while not self.pending and not self.closed:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0 or not await self.bell.wait(left):
                return
            if self._poller is not poller:
                raise self._displaced()

    def _refuse_beside_webhook(self) -> None:
        if self.webhook:
            raise conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )

    def _displaced(self) -> Exception:
        if self.webhook:
            return conflict("terminated by setWebhook request")
        return conflict("terminated by other getUpdates request; make sure that only one bot instance is running")

    def set_webhook(self, webhook: Webhook | None) -> None:
        """Push from now on, or (None) wait to be polled; a poll under way ends with a conflict."""
        self.webhook = webhook
        if webhook:
            self._poller = None
        self.bell.ring()
        self.rerouted.ring()

    def close(self) -> None:
        """End every poll at once."""
        self.closed = True
        self.bell.ring()


def _update_id(update: JSON) -> int:
    return int(update["update_id"])
