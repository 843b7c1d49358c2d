"""Pushes updates to the bot's webhook: chats side by side, those of one chat in order, each until it is taken."""

import asyncio
import contextlib
import ssl
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from itertools import chain

import httpx

from bot.playground.json_text import JSON, to_json
from bot.playground.rules.files import MAX_UPLOAD
from bot.playground.updates import Webhook
from bot.playground.webhook_call import carry_out_answer
from bot.playground.world import World

ANSWER_SECONDS = 60
FIRST_PAUSE = 0.25
LONGEST_PAUSE = 30.0
MAX_ANSWER = MAX_UPLOAD + 2**20


class Pusher:
    """Pushes while a webhook is set. Each chat with waiting updates has a task of its own, its lane."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._updates = world.updates
        self._task: asyncio.Task[None] | None = None
        self._hook: Webhook | None = None
        self._slots = asyncio.Semaphore()
        # The first update of a lane is under way; all up to `_fed` are in lanes.
        self._lanes: dict[str, deque[JSON]] = {}
        self._fed = 0
        self._clients: dict[str, list[httpx.AsyncClient]] = defaultdict(list)

    def ensure(self) -> None:
        """Start pushing if there is a webhook and nobody pushes yet."""
        running = self._task is not None and not self._task.done()
        if self._updates.webhook and not running:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Stop at once; what was not taken stays pending."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for client in chain.from_iterable(self._clients.values()):
            await client.aclose()
        self._clients.clear()

    async def _run(self) -> None:
        self._hook = None
        self._lanes.clear()
        async with asyncio.TaskGroup() as lanes:
            while True:
                if self._updates.webhook is not self._hook:
                    self._reroute(self._updates.webhook)
                if self._hook:
                    self._feed(lanes)
                await self._updates.bell.wait()

    def _reroute(self, hook: Webhook | None) -> None:
        self._hook = hook
        self._slots = asyncio.Semaphore(hook.max_connections if hook else 1)
        self._fed = 0
        for queue in self._lanes.values():
            while len(queue) > 1:
                queue.pop()

    def _feed(self, lanes: asyncio.TaskGroup) -> None:
        # After a change of the webhook the pending ones come again, those under way among them.
        under_way = {queue[0]["update_id"] for queue in self._lanes.values()} if not self._fed else set()
        for update in self._updates.after(self._fed):
            self._fed = update["update_id"]
            if self._fed in under_way:
                continue
            name = lane(update)
            if name not in self._lanes:
                self._lanes[name] = deque()
                lanes.create_task(self._drain(name))
            self._lanes[name].append(update)

    async def _drain(self, name: str) -> None:
        queue = self._lanes[name]
        while queue and self._updates.webhook:
            await self._deliver(queue[0])
            queue.popleft()
        del self._lanes[name]

    async def _deliver(self, update: JSON) -> None:
        """Post an update until it is taken, or is no longer to be."""
        pause, body = FIRST_PAUSE, to_json(update).encode()
        while (hook := self._updates.webhook) and self._updates.has(update["update_id"]):
            async with self._slots:
                if hook is not self._updates.webhook:
                    continue
                async with self._client(hook.certificate) as client:
                    answer = await _post(client, hook, body)
            if not answer.problem:
                self._updates.remove(update["update_id"])
                self._world.changed()
                await carry_out_answer(self._world, answer.content_type, answer.body)
                return
            hook.last_error_date, hook.last_error_message = int(time.time()), answer.problem
            # Others go on meanwhile; only a new webhook is a reason to hurry.
            await self._updates.rerouted.wait(min(max(pause, answer.retry_after), LONGEST_PAUSE))
            pause *= 2

    @contextlib.asynccontextmanager
    async def _client(self, certificate: str) -> AsyncIterator[httpx.AsyncClient]:
        """Lend a client with one connection. A client that has many looks through them all at each request."""
        idle = self._clients[certificate]
        client = idle.pop() if idle else _new_client(certificate)
        try:
            yield client
        except BaseException:
            await client.aclose()
            raise
        idle.append(client)


def _new_client(certificate: str) -> httpx.AsyncClient:
    trusted = ssl.create_default_context(cadata=certificate) if certificate else _trusted()
    return httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False, verify=trusted)


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


def lane(update: JSON) -> str:
    """Return what an update must keep the order of: its chat, else its person or poll."""
    content = next(value for name, value in update.items() if name != "update_id")
    place = content.get("chat") or content.get("message", {}).get("chat")
    owner = place or content.get("from") or content.get("user") or content.get("voter_chat") or {}
    return str(owner.get("id", f"poll {content.get('id')}"))


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot's server said: what went wrong ("": the update was taken), or the body with a call in it."""

    problem: str = ""
    retry_after: float = 0.0
    content_type: str = ""
    body: bytes = b""


async def _post(client: httpx.AsyncClient, hook: Webhook, update: bytes) -> Answer:
    headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
    if hook.secret_token:
        headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret_token
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            request = client.build_request("POST", hook.url, content=update, headers=headers)
            answer = await client.send(request, stream=True)
            try:
                body = await _body(answer)
            finally:
                await answer.aclose()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, TimeoutError) as error:
        return Answer(_what(error))
    if answer.is_success:
        return Answer("", 0.0, answer.headers.get("content-type", ""), body)
    seconds = answer.headers.get("retry-after", "")
    problem = f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
    return Answer(problem, float(seconds) if seconds.isdecimal() else 0.0)


async def _body(answer: httpx.Response) -> bytes:
    """Return the body, b"" if it is too long to be a call."""
    body = bytearray()
    async for chunk in answer.aiter_raw():
        body += chunk
        if len(body) > MAX_ANSWER:
            return b""
    return bytes(body)


def _what(error: Exception) -> str:
    if isinstance(error, httpx.ConnectTimeout):
        return "Connection timed out"
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        return "Read timeout expired"
    if not isinstance(error, httpx.ConnectError):
        return "Connection reset by peer" if isinstance(error, httpx.NetworkError) else type(error).__name__
    if "CERTIFICATE" in str(error):
        return "SSL error {certificate verify failed}"
    return "Failed to resolve host" if "[Errno -" in str(error) else "Connection refused"
