"""Pictures for people: charts and diagrams, drawn in a process of their own.

Each file beside this one is a picture: its `draw(data)` takes data as JSON has it and returns a matplotlib Figure.
matplotlib takes half a second to import and holds the interpreter while it draws, so the bot never does either itself.
"""

import asyncio
import json
import sys
from collections import OrderedDict
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import structlog

from bot.errors import EngineFailed

log = structlog.get_logger(__name__)

# Drawings are 7.2 inches wide, which is 1080 pixels, as wide as Telegram shows pictures on a phone.
WIDTH = 7.2
DPI = 150

_ROOT = Path(__file__).resolve().parents[2]
# Seconds for one picture. It takes one or two; on a machine that computes answers meanwhile, ten times that.
_LIMIT = 60.0
# Pictures drawn at once, in this process; each takes a core and 150 MB while it is drawn.
_AT_ONCE = 2
# Pictures remembered. The course's are the same for all; a phone-sized one has about 60 kB.
_REMEMBERED = 64

_places: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
_drawn: OrderedDict[str, bytes] = OrderedDict()


async def picture(name: str, data: dict[str, Any]) -> bytes:
    """Return the picture that `draw(data)` of bot/drawing/`name`.py makes, as PNG.

    The same picture of the same data is drawn once. Raises EngineFailed when it cannot be drawn, or not in a minute.
    """
    task = json.dumps({"picture": name, "data": data}, sort_keys=True)
    if task not in _drawn:
        async with _places.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_AT_ONCE)):
            _drawn[task] = await _draw(name, task)
        while len(_drawn) > _REMEMBERED:
            _drawn.popitem(last=False)
    _drawn.move_to_end(task)
    return _drawn[task]


async def _draw(name: str, task: str) -> bytes:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.drawing"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=_ROOT,
    )
    try:
        async with asyncio.timeout(_LIMIT):
            png, _ = await child.communicate(task.encode())
    except TimeoutError:
        log.warning("a picture took too long", picture=name)
        raise EngineFailed("error-drawing") from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode or not png:
        log.warning("a picture could not be drawn", picture=name, status=child.returncode)
        raise EngineFailed("error-drawing")
    return png
