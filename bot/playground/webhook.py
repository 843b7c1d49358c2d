"""Pushes updates to the bot's webhook, in order, each until it is taken."""

import asyncio
import contextlib
import time

import httpx

from bot.playground.json_text import to_json
from bot.playground.updates import Webhook
from bot.playground.world import World

ANSWER_SECONDS = 60
FIRST_PAUSE = 0.25
LONGEST_PAUSE = 30.0


class Pusher:
    """One task that runs while a webhook is set."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._task: asyncio.Task[None] | None = None

    def ensure(self) -> None:
        """Start pushing if there is a webhook and nobody pushes yet."""
        running = self._task is not None and not self._task.done()
        if self._world.updates.webhook and not running:
            self._task = asyncio.get_running_loop().create_task(self._push())

    async def stop(self) -> None:
        """Stop at once; what was not taken stays pending."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _push(self) -> None:
        updates = self._world.updates
        async with httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False) as client:
            pause = FIRST_PAUSE
            while hook := updates.webhook:
                if not updates.pending:
                    await updates.bell.wait()
                elif await self._deliver(client, hook):
                    pause = FIRST_PAUSE
                else:
                    # A new update rings as well, but is no reason to hurry; a new webhook is.
                    await self._rest(hook, pause)
                    pause = min(pause * 2, LONGEST_PAUSE)

    async def _rest(self, hook: Webhook, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._world.updates.webhook is hook:
                    await self._world.updates.bell.wait()

    async def _deliver(self, client: httpx.AsyncClient, hook: Webhook) -> bool:
        update = self._world.updates.pending[0]
        problem = await _post(client, hook, to_json(update))
        if problem:
            hook.last_error_date, hook.last_error_message = int(time.time()), problem
            return False
        self._world.updates.confirm(update["update_id"] + 1)
        self._world.changed()
        return True


async def _post(client: httpx.AsyncClient, hook: Webhook, body: str) -> str:
    """Return what went wrong, "" if the update was taken."""
    headers = {"Content-Type": "application/json"}
    if hook.secret_token:
        headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret_token
    try:
        answer = await client.post(hook.url, content=body.encode(), headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return "Connection refused" if isinstance(error, httpx.ConnectError) else type(error).__name__
    if answer.is_success:
        return ""
    return f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
