"""A child that does what it is told, for tests of the transport. Its argument says how its load goes."""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from bot.errors import BadInput, OutOfMemory
from bot.inference.engines.child import Handle, serve


def load() -> Handle:
    match sys.argv[1]:
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "refused":
            raise OutOfMemory
        case "broken":
            raise ValueError("no such weights")
        case "hanging":
            time.sleep(600)
    print("loaded")  # noqa: T201
    return handle


def handle(message: dict[str, Any]) -> dict[str, Any]:
    match message:
        case {"print": text}:
            print(text)  # noqa: T201
            os.write(1, text.encode())
        case {"refuse": tokens}:
            raise BadInput("error-prompt-too-long", tokens=tokens, limit=7)
        case {"break": text}:
            raise KeyError(text)
        case {"kill": number}:
            os.kill(os.getpid(), number)
        case {"sleep": file}:
            Path(file).touch()
            time.sleep(600)
        case {"memory": taken}:
            return {"memory_bytes": taken}
        case {"score": _}:
            return {"score": Path("/proc/self/oom_score_adj").read_text()}
    return {"echo": message}


if __name__ == "__main__":
    serve(load)
