"""Updates pushed to a bot's server: how many at once, in which order, and what its answers may ask for."""

import asyncio
import ssl
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from telegram import Bot
from telegram.error import BadRequest

from bot.asgi import serving
from bot.playground.webhook import lane
from bot.playground.world import PLAYGROUND_TOKEN, World

from .conftest import say
from .test_updates import until, until_none_pending


def text_of(update: dict[str, Any]) -> str:
    return str(update["message"]["text"])


@dataclass
class Hook:
    """A bot's server; `answer` makes its answers, `hold` keeps those with a text in it waiting."""

    url: str = ""
    taken: list[str] = field(default_factory=list)
    under_way: int = 0
    most: int = 0
    hold: set[str] = field(default_factory=set)
    answer: Callable[[dict[str, Any]], Response] = lambda _: Response()

    async def receive(self, request: Request) -> Response:
        update = await request.json()
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await until(lambda: text_of(update) not in self.hold)
        self.under_way -= 1
        answer = self.answer(update)
        if answer.status_code == 200:
            self.taken.append(text_of(update))
        return answer


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = Starlette(routes=[Route("/hook", hook.receive, methods=["POST"])])
    async with serving(app, "127.0.0.1", 0) as address:
        hook.url = f"{address}/hook"
        yield hook
        hook.hold.clear()


def statuses(*codes: int) -> Callable[[dict[str, Any]], Response]:
    """Answer with these, then with 200."""
    left = list(codes)
    return lambda _: Response(status_code=left.pop(0) if left else 200)


async def test_chats_go_side_by_side_each_in_order(bot: Bot, people: httpx.AsyncClient, hook: Hook) -> None:
    hook.hold = {"lucia 0", "ben 0"}
    await bot.set_webhook(hook.url)
    for number in range(3):
        await say(people, 1001, 1001, f"lucia {number}")
        await say(people, 1002, 1002, f"ben {number}")
    await say(people, 1003, 1003, "ines")
    await until(lambda: hook.taken == ["ines"])
    assert hook.most == 3
    assert (await bot.get_webhook_info()).pending_update_count == 6
    hook.hold = {"lucia 0"}
    await until(lambda: hook.taken[1:] == ["ben 0", "ben 1", "ben 2"])
    hook.hold.clear()
    await until(lambda: hook.taken[4:] == ["lucia 0", "lucia 1", "lucia 2"])
    await until_none_pending(bot)


async def test_no_more_at_once_than_the_bot_wants(bot: Bot, people: httpx.AsyncClient, hook: Hook) -> None:
    hook.hold = {"1001", "1002", "1003"}
    await bot.set_webhook(hook.url, max_connections=2)
    for person in (1001, 1002, 1003):
        await say(people, person, person, str(person))
    await until(lambda: hook.under_way == 2)
    hook.hold.clear()
    await until(lambda: len(hook.taken) == 3)
    assert hook.most == 2


async def test_one_that_fails_comes_again_while_others_go_on(bot: Bot, people: httpx.AsyncClient, hook: Hook) -> None:
    failures = Counter({"lucia 0": 2})

    def answer(update: dict[str, Any]) -> Response:
        text = text_of(update)
        failures[text] -= 1
        return Response(status_code=500 if failures[text] >= 0 else 200)

    hook.answer = answer
    await bot.set_webhook(hook.url)
    for number in range(20):
        await say(people, 1001, 1001, f"lucia {number}")
        await say(people, 1002, 1002, f"ben {number}")
    await until(lambda: len(hook.taken) == 40)
    for who in ("lucia", "ben"):
        assert [text for text in hook.taken if text.startswith(who)] == [f"{who} {n}" for n in range(20)]
    assert hook.taken.index("lucia 0") > hook.taken.index("ben 1")
    await until_none_pending(bot)
    assert (await bot.get_webhook_info()).last_error_message == (
        "Wrong response from the webhook: 500 Internal Server Error"
    )


@pytest.mark.parametrize("status", [302, 404, 410, 429, 500, 503])
async def test_only_a_2xx_takes_the_update(bot: Bot, people: httpx.AsyncClient, hook: Hook, status: int) -> None:
    hook.answer = statuses(status)
    await bot.set_webhook(hook.url)
    await say(people, 1001, 1001, "uno")
    await until(lambda: hook.taken == ["uno"])
    await until_none_pending(bot)
    error = (await bot.get_webhook_info()).last_error_message
    assert error is not None
    assert error.startswith(f"Wrong response from the webhook: {status} ")


async def test_the_webhook_can_move_while_an_update_is_under_way(
    bot: Bot, people: httpx.AsyncClient, hook: Hook
) -> None:
    hook.hold = {"uno"}
    await bot.set_webhook(hook.url)
    for text in ("uno", "dos"):
        await say(people, 1001, 1001, text)
    await until(lambda: hook.under_way == 1)
    await bot.set_webhook(f"{hook.url}?moved")
    await say(people, 1001, 1001, "tres")
    hook.hold.clear()
    await until(lambda: hook.taken == ["uno", "dos", "tres"])
    await until_none_pending(bot)


async def test_an_update_taken_after_the_webhook_was_deleted_does_not_come_again(
    bot: Bot, people: httpx.AsyncClient, hook: Hook
) -> None:
    hook.hold = {"uno"}
    await bot.set_webhook(hook.url)
    for text in ("uno", "dos"):
        await say(people, 1001, 1001, text)
    await until(lambda: hook.under_way == 1)
    await bot.delete_webhook()
    hook.hold.clear()
    await until_pending(bot, 1)
    assert [update.message.text for update in await bot.get_updates() if update.message] == ["dos"]
    assert hook.taken == ["uno"]
    await bot.set_webhook(hook.url)
    await until(lambda: hook.taken == ["uno", "dos"])


async def until_pending(bot: Bot, count: int) -> None:
    async with asyncio.timeout(10):
        while (await bot.get_webhook_info()).pending_update_count != count:
            await asyncio.sleep(0.005)


async def test_pending_updates_can_be_dropped_while_one_is_tried_again(
    bot: Bot, people: httpx.AsyncClient, hook: Hook
) -> None:
    hook.answer = statuses(500)
    await bot.set_webhook(hook.url)
    await say(people, 1001, 1001, "uno")
    await until_error(bot)
    await bot.set_webhook(hook.url, drop_pending_updates=True)
    await say(people, 1001, 1001, "dos")
    await until(lambda: hook.taken == ["dos"])


async def until_error(bot: Bot) -> None:
    async with asyncio.timeout(10):
        while not (await bot.get_webhook_info()).last_error_message:
            await asyncio.sleep(0.005)


CALL = {"method": "sendMessage", "chat_id": 1001, "text": "¡Hola!"}
BOUNDARY = "b0"
MULTIPART = "".join(
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in CALL.items()
)


@pytest.mark.parametrize(
    "answer",
    [
        JSONResponse(CALL),
        Response("method=sendMessage&chat_id=1001&text=%C2%A1Hola!", media_type="application/x-www-form-urlencoded"),
        Response(f"{MULTIPART}--{BOUNDARY}--\r\n", media_type=f"multipart/form-data; boundary={BOUNDARY}"),
    ],
    ids=["json", "form", "multipart"],
)
async def test_a_call_in_the_answer_is_carried_out(
    bot: Bot, people: httpx.AsyncClient, hook: Hook, world: World, answer: Response
) -> None:
    hook.answer = lambda _: answer
    await bot.set_webhook(hook.url)
    await say(people, 1001, 1001, "hola")
    await until(lambda: [m["text"] for m in world.chats[1001].messages.values()] == ["hola", "¡Hola!"])


@pytest.mark.parametrize(
    "answer",
    [
        JSONResponse({}),
        JSONResponse({"method": "sendNothing"}),
        JSONResponse({"method": ["sendMessage"]}),
        JSONResponse({"method": "sendMessage", "chat_id": 1001}),
        JSONResponse([1, 2]),
        Response("{", media_type="application/json"),
        Response("[" * 100_000, media_type="application/json"),
        Response(b"\xff\xfe", media_type="application/x-www-form-urlencoded"),
        Response("nothing", media_type="multipart/form-data"),
        Response("OK", media_type="text/plain"),
    ],
)
async def test_nonsense_in_the_answer_changes_nothing(
    bot: Bot, people: httpx.AsyncClient, hook: Hook, world: World, answer: Response
) -> None:
    hook.answer = lambda _: answer
    await bot.set_webhook(hook.url)
    await say(people, 1001, 1001, "uno")
    await say(people, 1001, 1001, "dos")
    await until(lambda: hook.taken == ["uno", "dos"])
    await until_none_pending(bot)
    assert len(world.chats[1001].messages) == 2


async def test_limits_and_faults_hold_in_answers_too(
    bot: Bot, people: httpx.AsyncClient, hook: Hook, world: World
) -> None:
    hook.answer = lambda _: JSONResponse(CALL)
    for kind in ("429", "500", "409", "drop", "timeout_after_delivery"):
        await people.post("/api/faults", json={"method": "sendMessage", "fault": kind})
    await bot.set_webhook(hook.url)
    for number in range(8):
        await say(people, 1001, 1001, str(number))
    await until(lambda: len(hook.taken) == 8)
    await until_none_pending(bot)
    assert not world.faults.pending
    await until(lambda: len(world.chats[1001].messages) == 12)  # the last of the faults came after delivery
    world.floods.switch(on=True)
    for number in range(8):
        await say(people, 1001, 1001, str(number))
    await until(lambda: len(hook.taken) == 16)
    await until_none_pending(bot)
    answers = [m for m in world.chats[1001].messages.values() if m["from"]["is_bot"]]
    assert len(answers) == 4 + 5


async def test_what_is_not_known_of_a_webhook_is_accepted(bot: Bot, people: httpx.AsyncClient, hook: Hook) -> None:
    await bot.set_webhook(hook.url, ip_address="192.0.2.7")
    info = await bot.get_webhook_info()
    assert (info.url, info.has_custom_certificate, info.max_connections) == (hook.url, False, 40)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that only its owner vouches for, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    pem, key = folder / "cert.pem", folder / "key.pem"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    made: list[str | Path] = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-keyout",
        key,
        "-out",
        pem,
    ]
    try:
        subprocess.run([*made, *subject], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl, which makes the certificate, is not installed")
    return pem, key


async def test_a_certificate_of_its_own(
    bot: Bot, people: httpx.AsyncClient, world: World, certificate: tuple[Path, Path]
) -> None:
    pem, key = certificate
    got: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        got.append(await reader.readexactly(length))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem, key)
    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    await bot.set_webhook(url)
    await say(people, 1001, 1001, "hola")
    await until_error(bot)
    assert (await bot.get_webhook_info()).last_error_message == "SSL error {certificate verify failed}"
    await bot.set_webhook(url, certificate=pem)
    assert (await bot.get_webhook_info()).has_custom_certificate is True
    await until(lambda: len(got) == 1)
    await until_none_pending(bot)
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"nonsense", "invalid certificate file"),
        (b"\xff" * 10, "invalid certificate file"),
        (b"", "(?i)file must be non-empty"),
    ],
)
async def test_bad_certificates_are_refused(bot: Bot, data: bytes, words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        await bot.set_webhook("https://example.org/hook", certificate=data)


async def test_a_large_certificate_is_refused(bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"(?i)certificate size is too big \(3145729 bytes\)"):
        await bot.set_webhook("https://example.org/hook", certificate=b"x" * (3 * 2**20 + 1))


@pytest.mark.parametrize(
    ("update", "name"),
    [
        ({"message": {"chat": {"id": -5}, "from": {"id": 1}}}, "-5"),
        ({"callback_query": {"from": {"id": 1}, "message": {"chat": {"id": -5}}}}, "-5"),
        ({"callback_query": {"from": {"id": 1}, "inline_message_id": "x"}}, "1"),
        ({"inline_query": {"id": "x", "from": {"id": 1}}}, "1"),
        ({"poll_answer": {"poll_id": "x", "user": {"id": 1}}}, "1"),
        ({"poll_answer": {"poll_id": "x", "voter_chat": {"id": -7}}}, "-7"),
        ({"poll": {"id": "x"}}, "poll x"),
        ({"my_chat_member": {"chat": {"id": 1}, "from": {"id": 2}}}, "1"),
    ],
)
def test_what_keeps_its_order(update: dict[str, Any], name: str) -> None:
    assert lane({"update_id": 1, **update}) == name


async def test_a_bot_that_hangs_is_not_waited_for_at_the_end(bot: Bot, people: httpx.AsyncClient, hook: Hook) -> None:
    hook.hold = {"uno"}
    await bot.set_webhook(hook.url)
    await say(people, 1001, 1001, "uno")
    await until(lambda: hook.under_way == 1)
    answer = await people.get(f"/bot{PLAYGROUND_TOKEN}/getWebhookInfo")
    assert answer.json()["result"]["pending_update_count"] == 1
