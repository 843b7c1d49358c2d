"""The people's side over HTTP: the bytes of files."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground.asking import refuse
from bot.playground.world import World

_INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_HARMLESS = frozenset({"application/pdf", "text/plain", "text/markdown", "text/csv"})


class FilesApi:
    """The files that people and the bot sent."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the route of files."""
        return [Route("/api/files/{file_id}", self.file, methods=["GET"])]

    async def file(self, request: Request) -> Response:
        """Return the bytes of a file; only pictures may be shown in the page, all else is downloaded."""
        file = self._world.files.get(request.path_params["file_id"])
        if file is None:
            raise refuse("file not found", 404)
        inline = file.mime_type in _INLINE
        kind = file.mime_type if file.mime_type in _INLINE | _HARMLESS else "application/octet-stream"
        disposition = "inline" if inline else f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
        headers = {
            "Content-Disposition": disposition,
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, max-age=86400, immutable",
        }
        return Response(file.data, media_type=kind, headers=headers)
