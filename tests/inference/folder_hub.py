"""A Hub on the loopback interface that has whole repositories, and a model of several files."""

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from bot.inference.catalog import HubFolder, Model

COMMIT = "c" * 40
FILES = {
    "config.json": b'{"model_type": "qwen2"}',
    "tokenizer.json": b'{"version": "1.0"}',
    "model.safetensors": bytes(range(256)) * 12_000,
}


def folder_model(revision: str = COMMIT, **sha256: str) -> Model:
    return Model(
        id="small",
        kind="chat",
        name="Small",
        maker="nobody",
        parameters="tiny",
        languages=("es",),
        licence="MIT",
        format="safetensors",
        bytes=3_000_000,
        context=128,
        memory={"torch": 3_000_000},
        hub=HubFolder("group/Small-Model", revision, {name.replace("_", "."): value for name, value in sha256.items()}),
    )


@dataclass
class Repository:
    """What the server has; `breaks` are the bytes after which each next file's line breaks."""

    files: dict[str, bytes] = field(default_factory=lambda: dict(FILES))
    commit: str = COMMIT
    extra: list[Any] = field(default_factory=list)  # more siblings in the description
    description: bytes | None = None  # instead of an honest one
    served: dict[str, bytes] = field(default_factory=dict)  # other bytes than those that were described
    breaks: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)  # the Range header of each file that was asked for
    url: str = ""

    def describe(self) -> bytes:
        if self.description is not None:
            return self.description
        siblings = [sibling(name, data) for name, data in self.files.items()]
        return json.dumps({"id": "group/Small-Model", "sha": self.commit, "siblings": siblings + self.extra}).encode()


def sibling(name: str, data: bytes) -> dict[str, Any]:
    """A file as the Hub describes it: with a git blob id, and with a SHA-256 if it is large."""
    blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
    said: dict[str, Any] = {"rfilename": name, "size": len(data), "blobId": blob}
    if name.endswith(".safetensors"):
        said["lfs"] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 130}
    return said


@contextmanager
def serving(repository: Repository) -> Iterator[Repository]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            repository.asked.append(unquote(path))
            if path.startswith("/api/models/group/Small-Model/revision/"):
                reply(self, 200, repository.describe())
                return
            name = path.rpartition("/")[2]
            data = repository.served.get(name, repository.files.get(name))
            if data is None or f"/resolve/{repository.commit}/" not in path:
                reply(self, 404, b"")
                return
            send(self, data, repository)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    repository.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield repository
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def reply(request: BaseHTTPRequestHandler, status: int, body: bytes) -> None:
    request.send_response(status)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


def send(request: BaseHTTPRequestHandler, data: bytes, repository: Repository) -> None:
    header = request.headers.get("Range") or ""
    repository.ranges.append(header)
    match = re.fullmatch(r"bytes=(\d+)-", header)
    start = int(match[1]) if match else 0
    request.send_response(206)
    request.send_header("Content-Length", str(len(data) - start))
    request.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
    request.end_headers()
    cut = repository.breaks.pop(0) if repository.breaks else len(data)
    request.wfile.write(data[start : start + cut])
    request.close_connection = True
