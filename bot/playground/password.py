"""The password of a playground that others can reach."""

import base64
import binascii
import hashlib
import hmac
import ipaddress
import re
import time
from collections.abc import Callable
from functools import cache

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_BOT_SIDE = re.compile(r"/(?:file/)?bot([^/]*)")
"""Paths that hold a token, which is checked instead."""
MOST_FAILURES = 10
FAILURES_SECONDS = 60
KEPT_ADDRESSES = 1000
_CHALLENGE = {"WWW-Authenticate": 'Basic realm="Tertulia", charset="UTF-8"'}


@cache
def bot_token(password: str) -> str:
    """Return the one token that a playground with this password accepts; it tells the password to nobody who guesses.

    Made slowly (scrypt), since whoever has seen the token may try passwords against it.
    """
    digest = hashlib.scrypt(password.encode(), salt=b"the token of the playground's bot", n=2**14, r=8, p=1, dklen=32)
    return f"7000:{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


class PasswordWall:
    """Lets people in who know the password, by HTTP Basic with any user name, and bots that have the token made of it.

    After ten wrong ones within a minute an address waits out that minute, whatever it says; of tokens likewise.
    """

    def __init__(self, app: ASGIApp, password: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._password = password.encode()
        self._token = bot_token(password).encode()
        self._clock = clock
        self._failures: dict[str, list[float]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or ask for the password."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        bots = _BOT_SIDE.match(scope["path"])
        verdict = self._verdict_on_bot(scope, bots[1]) if bots else self._verdict(scope)
        await verdict(scope, receive, send)

    def _verdict_on_bot(self, scope: Scope, token: str) -> ASGIApp:
        failures = self._recent(f"bot {_network(scope)}")
        if len(failures) >= MOST_FAILURES:
            return _refusal(429, f"Too Many Requests: retry after {FAILURES_SECONDS}")
        if hmac.compare_digest(token.encode(), self._token):
            return self._app
        failures.append(self._clock())
        return _refusal(401, "Unauthorized")

    def _verdict(self, scope: Scope) -> ASGIApp:
        given = Headers(scope=scope).get("authorization")
        if given is None:
            return JSONResponse({"error": "the password is needed"}, 401, _CHALLENGE)
        failures = self._recent(_network(scope))
        if len(failures) >= MOST_FAILURES:
            wait = {"Retry-After": str(FAILURES_SECONDS)}
            return JSONResponse({"error": "too many wrong passwords, try again in a minute"}, 429, wait)
        if hmac.compare_digest(_password_in(given), self._password):
            return self._app
        failures.append(self._clock())
        return JSONResponse({"error": "the password is wrong"}, 401, _CHALLENGE)

    def _recent(self, address: str) -> list[float]:
        """Return when this address failed within the last minute; the list is kept."""
        since = self._clock() - FAILURES_SECONDS
        self._failures[address] = [when for when in self._failures.pop(address, []) if when > since]
        if len(self._failures) > KEPT_ADDRESSES:
            del self._failures[next(iter(self._failures))]
        return self._failures[address]


def _refusal(code: int, description: str) -> ASGIApp:
    return JSONResponse({"ok": False, "error_code": code, "description": description}, code)


def _password_in(header: str) -> bytes:
    """Return the password of an Authorization header, b"" if there is none."""
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(credentials.strip(), validate=True).partition(b":")[2]
    except (ValueError, binascii.Error):
        return b""


def _network(scope: Scope) -> str:
    """Return the address that asks; of IPv6 the half that a provider gives out."""
    host = (scope.get("client") or ("",))[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else host
