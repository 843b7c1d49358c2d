"""The people's side over HTTP: the bytes of files."""

import re
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground.people.asking import refuse
from bot.playground.rules.sniffing import media_type
from bot.playground.world import World

_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)
_HARMLESS = frozenset({"application/pdf", "text/plain", "text/markdown", "text/csv"})


class FilesApi:
    """The files that people and the bot sent."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the route of files."""
        return [Route("/api/files/{file_id}", self.file, methods=["GET"])]

    async def file(self, request: Request) -> Response:
        """Return the bytes of a file, or a range of them; pictures, sound and film show in the page, all else is saved.

        What is shown inline is what it says it is: a page or a script never passes as sound.
        """
        file = self._world.files.get(request.path_params["file_id"])
        if file is None:
            raise refuse("file not found", 404)
        played = media_type(file.data)
        inline = bool(played) or file.mime_type in _INLINE
        kind = played or (file.mime_type if file.mime_type in _INLINE | _HARMLESS else "application/octet-stream")
        headers = {
            "Content-Disposition": "inline" if inline else f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, max-age=86400, immutable",
            "Accept-Ranges": "bytes",
        }
        return _part(file.data, request.headers.get("range", ""), kind, headers)


def _part(data: bytes, wanted: str, kind: str, headers: dict[str, str]) -> Response:
    """Answer with the range that a player asks for, with all if it asks for none, or for several at once."""
    size = len(data)
    asked = _asked(wanted, size)
    if asked is None:
        return Response(data, media_type=kind, headers=headers)
    start, end = asked
    if start > end:
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    headers |= {"Content-Range": f"bytes {start}-{end}/{size}"}
    return Response(data[start : end + 1], 206, media_type=kind, headers=headers)


def _asked(wanted: str, size: int) -> tuple[int, int] | None:
    """Return the first and the last byte that a Range header asks for, None if it asks for nothing that one can give.

    A range that begins behind its end cannot be satisfied: https://www.rfc-editor.org/rfc/rfc9110#section-14.1.2
    """
    found = _RANGE.fullmatch(wanted)
    first, last = found.groups() if found else ("", "")
    if not first:
        return (max(size - int(last), 0), size - 1) if last else None
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last or size), size - 1)
