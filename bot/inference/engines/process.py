"""A child process that computes for the bot: one JSON line to it, one JSON line back.

Engines compute in processes of their own, so that they never stop the bot's event loop, a crash or the kernel's
out-of-memory killer takes one model, and closing one gives all of its memory back. The child's side is child.py.
"""

import json
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil
import structlog

from bot.errors import BadInput, BotError, EngineFailed, ModelMissing, OutOfMemory, WeightsError

log = structlog.get_logger(__name__)

Message = dict[str, Any]

# The folder that holds the bot's package, from which its modules run, wherever the bot itself was started.
ROOT = Path(__file__).resolve().parents[3]

_CLOSE_SECONDS = 5
# Errors that a child tells by name; whatever else goes wrong there means that its engine broke.
_ERRORS: dict[str, type[BotError]] = {
    kind.__name__: kind for kind in (BadInput, OutOfMemory, ModelMissing, WeightsError, EngineFailed)
}


class Child:
    """One child process, from the command line that starts it.

    It says one line when it is ready (`ready`), then one line for each that it gets (`ask`), and ends when its standard
    input does: it cannot outlive the bot. A line is a JSON object. {"error": name, "key": …, "values": …} is an error
    (BadInput, OutOfMemory …); "memory_bytes" in any answer is what the model takes, where that is not the process's own
    memory. Its methods may be called from several threads.
    """

    def __init__(
        self, command: Sequence[str], *, folder: Path | None = None, environment: Mapping[str, str] | None = None
    ) -> None:
        """Start the process, in `folder` if that is given, and return at once."""
        self._lock = threading.Lock()
        self._closing = False
        self._reported_bytes = 0
        self._process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder, env=environment
        )

    @property
    def alive(self) -> bool:
        """Tell whether the process still runs."""
        return self._process.poll() is None

    @property
    def memory_bytes(self) -> int:
        """What the child says that its model takes, else the process's resident memory; 0 when it has ended."""
        if not self.alive:
            return 0
        try:
            return self._reported_bytes or int(psutil.Process(self._process.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def ready(self) -> Message:
        """Wait for the first line; blocks while the child loads.

        Raises what the child says went wrong, OutOfMemory when it was killed meanwhile (by the kernel, for want of
        memory), EngineFailed when it ended.
        """
        with self._lock:
            return self._answer(loading=True)

    def ask(self, message: Message) -> Message:
        """Send a message and wait for its answer.

        Raises what the child says, EngineFailed when it has ended, BadInput for text that is none (half a character).
        """
        try:
            line = json.dumps(message, ensure_ascii=False).encode() + b"\n"
        except UnicodeEncodeError:
            raise BadInput from None
        with self._lock:
            self._send(line)
            return self._answer(loading=False)

    def close(self) -> None:
        """End the process, also in the middle of its work: asked to by closing its input, killed after 5 seconds.

        A call that waits for an answer in another thread raises EngineFailed.
        """
        self._closing = True
        _close(self._process.stdin)
        try:
            self._process.wait(_CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with self._lock:
            _close(self._process.stdout)

    def _send(self, line: bytes) -> None:
        stream = self._process.stdin
        try:
            if stream is not None:
                stream.write(line)
                stream.flush()
        except (OSError, ValueError):
            raise self._dead(loading=False) from None

    def _answer(self, *, loading: bool) -> Message:
        stream = self._process.stdout
        try:
            line = stream.readline() if stream is not None else b""
            answer: Message = json.loads(line)
        except ValueError:  # ended, perhaps in the middle of a line; or closed by us
            raise self._dead(loading=loading) from None
        if "error" in answer:
            kind = _ERRORS.get(answer["error"], EngineFailed)
            raise kind(answer.get("key"), **answer.get("values", {}))
        self._reported_bytes = answer.pop("memory_bytes", self._reported_bytes)
        return answer

    def _dead(self, *, loading: bool) -> BotError:
        """Tell what the end of the process means; it may be a moment away."""
        try:
            status = self._process.wait(_CLOSE_SECONDS)
        except subprocess.TimeoutExpired:  # it lives, but what it says is of no use
            self._process.kill()
            status = self._process.wait()
        if self._closing:
            return EngineFailed()
        log.warning("child process ended", status=status, loading=loading)
        return OutOfMemory() if loading and status == -signal.SIGKILL else EngineFailed()


def _close(stream: Any) -> None:
    try:
        if stream is not None:
            stream.close()
    except OSError:  # what was still to be sent has nobody to read it
        return
