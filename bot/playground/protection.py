"""Keeps other websites out of a server that trusts whoever can reach it."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob: data:; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_OWN_SITE = frozenset({"", "none", "same-origin"})


class Protection:
    """Refuses what a page of another origin sends, and adds security headers to every answer.

    Anyone who can reach the port may act as anyone, so a page elsewhere must not be able to use the visitor's browser
    for it: neither by a form or fetch (Origin) nor by an image or a frame (Sec-Fetch-Site).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        foreign = _is_foreign(scope)
        app = JSONResponse({"error": "requests from other origins are refused"}, 403) if foreign else self._app
        await app(scope, receive, send_protected)


def _is_foreign(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    own = f"{scope['scheme']}://{headers.get('host', '')}".lower()
    if headers.get("origin", own).lower() != own:
        return True
    # Following a link to the page itself is fine, and the page asks for nothing by that.
    return scope["path"] != "/" and headers.get("sec-fetch-site", "") not in _OWN_SITE
