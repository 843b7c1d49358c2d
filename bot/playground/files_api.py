"""The people's side over HTTP: the bytes of files."""

import re
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground.asking import refuse
from bot.playground.sniffing import media_type
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
    asked = _RANGE.fullmatch(wanted)
    if not asked or asked[0] == "bytes=-":
        return Response(data, media_type=kind, headers=headers)
    size = len(data)
    if asked[1]:
        start, end = int(asked[1]), min(int(asked[2] or size), size - 1)
    else:
        start, end = max(size - int(asked[2]), 0), size - 1
    if start > end:
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    headers |= {"Content-Range": f"bytes {start}-{end}/{size}"}
    return Response(data[start : end + 1], 206, media_type=kind, headers=headers)
