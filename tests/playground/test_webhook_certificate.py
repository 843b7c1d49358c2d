"""Webhooks whose server has a certificate that only it vouches for."""

import asyncio
import ssl
import subprocess
from pathlib import Path

import httpx
import pytest
from telegram import Bot
from telegram.error import BadRequest

from bot.playground.world import World

from .asked import until, until_none_pending
from .conftest import say
from .test_webhook import until_error


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
