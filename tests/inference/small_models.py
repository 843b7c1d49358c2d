"""A catalog entry of a few megabytes, the wheels that carry it, and a Hub on the loopback interface."""

import hashlib
import re
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bot.inference.catalog import HubFile, Model, WheelPart

PART = 1 << 20


def small_model(data: bytes) -> Model:
    starts = range(0, len(data), PART)
    return Model(
        id="small",
        kind="chat",
        name="Small",
        maker="nobody",
        parameters="tiny",
        languages=("es",),
        licence="MIT",
        format="gguf",
        file="small.gguf",
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        context=128,
        memory={"torch": len(data)},
        hub=HubFile("group/small", "a" * 40, "small.gguf"),
        mirror=tuple(
            WheelPart(f"small-part{n}", "1.0", f"small_part{n}/data.bin", min(PART, len(data) - start))
            for n, start in enumerate(starts, start=1)
        ),
    )


def write_wheel(folder: Path, part: WheelPart, data: bytes, extra: Mapping[str, bytes] | None = None) -> Path:
    """A wheel that pip accepts; its __init__ would fail if anything imported it."""
    name = part.package.replace("-", "_")
    info = f"{name}-{part.version}.dist-info"
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}-{part.version}-py3-none-any.whl"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr(f"{name}/__init__.py", "raise SystemExit('imported')")
        wheel.writestr(part.member, data)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {part.version}\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
        for member, content in (extra or {}).items():
            wheel.writestr(member, content)
    return file


def write_wheels(folder: Path, model: Model, data: bytes) -> list[Path]:
    return [write_wheel(folder, part, data[n * PART : n * PART + part.bytes]) for n, part in enumerate(model.mirror)]


@dataclass
class FakeHub:
    """What the server does: `breaks` are the bytes after which each next answer's line breaks."""

    data: bytes
    status: int = 200
    ranges: bool = True
    breaks: list[int] = field(default_factory=list)
    asked: list[str | None] = field(default_factory=list)  # the Range header of each request
    paths: list[str] = field(default_factory=list)
    url: str = ""
    # An answer stops in its middle until this is set.
    gate: threading.Event = field(default_factory=threading.Event)
    half_sent: threading.Event = field(default_factory=threading.Event)
    close: bool = False

    def start(self, header: str | None) -> int:
        match = re.fullmatch(r"bytes=(\d+)-", header or "")
        return int(match[1]) if match and self.ranges else 0


@contextmanager
def serving(hub: FakeHub, port: int = 0) -> Iterator[FakeHub]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self, hub)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        hub.gate.set()
        server.shutdown()
        thread.join()
        server.server_close()


def answer(request: BaseHTTPRequestHandler, hub: FakeHub) -> None:
    header = request.headers.get("Range")
    hub.asked.append(header)
    hub.paths.append(request.path)
    start, total = hub.start(header), len(hub.data)
    body = hub.data[start:]
    partial = hub.ranges and header is not None and hub.status == 200
    request.send_response(206 if partial else hub.status)
    request.send_header("Content-Length", str(len(body)))
    if partial:
        request.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
    request.end_headers()
    cut = hub.breaks.pop(0) if hub.breaks else len(body)
    try:
        request.wfile.write(body[: cut // 2])
        request.wfile.flush()
        hub.half_sent.set()
        hub.gate.wait(60)
        request.wfile.write(body[cut // 2 : cut])
    except OSError:
        return  # the other side is gone, as one test means it to be
    request.close_connection = True


def open_hub(data: bytes) -> FakeHub:
    """A Hub that does not stop in the middle."""
    hub = FakeHub(data)
    hub.gate.set()
    return hub
