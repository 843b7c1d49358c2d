"""The Hugging Face Hub as a channel: what a repository holds, and its files, resumed by HTTP Range."""

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

import httpx

from bot.inference.catalog import HubFile
from bot.inference.transfer import Unavailable

_READ_TIMEOUT = 30.0  # seconds without a byte
_ATTEMPTS = 5  # in a row without a byte of progress
_DESCRIPTION_LIMIT = 8 << 20  # bytes; those of repositories with hundreds of files have some hundred kilobytes


class Hub:
    """The Hub during one run: once it could not be reached, it is not asked again."""

    def __init__(self, connect_timeout: float, url: str = "https://huggingface.co") -> None:
        self._timeout = httpx.Timeout(_READ_TIMEOUT, connect=connect_timeout)
        self._url = url
        self._down = ""

    def fetch(self, file: HubFile, part: Path, total: int, tell: Callable[[int], None]) -> None:
        """Append to `part` until it has `total` bytes; raises Unavailable, keeping what has come so far.

        `tell` is called with how many bytes `part` has.
        """
        best, left = _size(part), _ATTEMPTS
        with self._client() as client:
            while _size(part) < total and left:
                self._attempt(lambda: self._receive(client, file, part, total, tell))
                # Only bytes that were never had before count: a server may ignore Range and begin anew.
                left = left - 1 if _size(part) <= best else _ATTEMPTS
                best = max(best, _size(part))
        if not left:
            raise Unavailable("the Hub stopped answering")

    def describe(self, repo: str, revision: str) -> bytes:
        """Return the Hub's JSON about a repository at a revision, with its files; raises Unavailable."""
        address = f"{self._url}/api/models/{repo}/revision/{quote(revision, safe='')}?blobs=true"
        body = bytearray()
        with self._client() as client:
            for _ in range(_ATTEMPTS):
                if self._attempt(lambda: _read(client, address, body)):
                    return bytes(body)
        raise Unavailable("the Hub stopped answering")

    def _client(self) -> httpx.Client:
        if self._down:
            raise Unavailable(self._down)
        try:
            return httpx.Client(timeout=self._timeout, follow_redirects=True)
        except (ImportError, ValueError) as error:  # say, a SOCKS proxy, for which httpx wants another package
            self._down = "the proxy settings of this machine cannot be used"
            raise Unavailable(self._down) from error

    def _attempt(self, receive: Callable[[], None]) -> bool:
        """Tell whether it all came; a line that breaks on the way is no error here."""
        try:
            receive()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            self._down = f"the Hub cannot be reached ({type(error).__name__})"
            raise Unavailable(self._down) from error
        except (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError):
            return False
        except httpx.HTTPError as error:
            raise Unavailable(f"the Hub's answer is of no use ({type(error).__name__})") from error
        return True

    def _receive(
        self, client: httpx.Client, file: HubFile, part: Path, total: int, tell: Callable[[int], None]
    ) -> None:
        had = _size(part)
        headers = {"Range": f"bytes={had}-", "Accept-Encoding": "identity"}
        with client.stream("GET", self._address(file), headers=headers) as response:
            start = _start(response, had, total)
            with part.open("r+b" if had else "wb") as out:
                out.seek(start)
                out.truncate()
                for block in response.iter_raw():
                    if out.tell() + len(block) > total:
                        raise Unavailable("the Hub sent more bytes than the file has")
                    out.write(block)
                    tell(out.tell())

    def _address(self, file: HubFile) -> str:
        from huggingface_hub import hf_hub_url

        return hf_hub_url(file.repo, file.path, revision=file.revision, endpoint=self._url)


def _read(client: httpx.Client, address: str, body: bytearray) -> None:
    """Fill `body` with what is at an address; raises Unavailable when that is no answer, or a very long one."""
    body.clear()
    with client.stream("GET", address) as response:
        if response.status_code != HTTPStatus.OK:
            raise Unavailable(f"the Hub answered {response.status_code}")
        for block in response.iter_bytes():
            body += block
            if len(body) > _DESCRIPTION_LIMIT:
                raise Unavailable("the Hub's description of the repository has no end")


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _start(response: httpx.Response, had: int, total: int) -> int:
    """Return the offset that the response's body begins at; raises Unavailable when it is of no use."""
    if response.status_code == HTTPStatus.OK:
        # Range was not understood: the whole file comes, or something else, for which nothing is thrown away.
        if int(response.headers.get("Content-Length", total)) != total:
            raise Unavailable("the Hub has a file of another size")
        return 0
    if response.status_code != HTTPStatus.PARTIAL_CONTENT:
        raise Unavailable(f"the Hub answered {response.status_code}")
    if response.headers.get("Content-Range") != f"bytes {had}-{total - 1}/{total}":
        raise Unavailable("the Hub has a file of another size")
    return had
