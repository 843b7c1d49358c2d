"""How a download shows on a terminal, and in a log."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from bot.inference.catalog import Model
from bot.inference.transfer import Progress as Report
from bot.inference.transfer import Stage

_SAYS: dict[Stage, str] = {
    "waiting": "another process is fetching it",
    "hub": "from the Hub",
    "mirror": "from packages",
    "folder": "from the folder",
    "verifying": "verifying",
}
_LINES = 10  # a log gets about this many for one stage


@contextmanager
def shown(console: Console, model: Model) -> Iterator[Report]:
    """Yield a callback that draws a bar with rate and remaining time, or writes lines where nobody watches."""
    if not console.is_terminal:
        yield _Lines(console, model)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as drawing:
        yield _Bar(drawing, model)


class _Bar:
    def __init__(self, drawing: Progress, model: Model) -> None:
        self._drawing = drawing
        self._model = model
        self._stage: Stage | None = None
        self._task = drawing.add_task(model.id, total=model.bytes)

    def __call__(self, stage: Stage, done: int) -> None:
        if stage != self._stage:
            self._begin(stage, done)
        self._drawing.update(self._task, completed=done)

    def _begin(self, stage: Stage, done: int) -> None:
        # Each stage has a rate of its own, and what an earlier run had fetched must not count into it.
        self._stage = stage
        self._drawing.reset(self._task, completed=done, description=f"{self._model.id} {_SAYS[stage]}")


class _Lines:
    def __init__(self, console: Console, model: Model) -> None:
        self._console = console
        self._model = model
        self._last: tuple[Stage, int] | None = None

    def __call__(self, stage: Stage, done: int) -> None:
        now = (stage, done * _LINES // self._model.bytes)
        if now == self._last:
            return
        self._last = now
        share = f"{done / self._model.bytes:.0%} of {self._model.bytes / 1e6:.0f} MB"
        self._console.print(f"{self._model.id} {_SAYS[stage]}: {share}", highlight=False)
