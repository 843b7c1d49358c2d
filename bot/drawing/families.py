"""Three families of Transformers, by what each token may see."""

from collections.abc import Callable

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.drawing.sketch import BLUE, GREY, NORMAL, Labels, cells, page, write

_SIDE, _TOKENS = 5, 6
_HALF = _TOKENS // 2
Sees = Callable[[int, int], bool]


def draw(labels: Labels) -> Figure:
    """Return the figure. `labels`: names, examples, sees (three each), note."""
    figure, axes = page(128)
    for number, sees in enumerate((_both_sides, _before, _input_and_before)):
        top = 4 + number * 38
        _grid(axes, top, sees)
        write(axes, (37, top + 5), labels["names"][number], size=NORMAL, weight="bold", ha="left")
        write(axes, (37, top + 13), labels["examples"][number], size=NORMAL, colour=BLUE.edge, ha="left")
        write(axes, (37, top + 23), labels["sees"][number], ha="left")
    write(axes, (50, 122), labels["note"], colour=GREY)
    return figure


def _grid(axes: Axes, top: float, sees: Sees) -> None:
    shades = [[0.75 if sees(row, column) else 0.0 for column in range(_TOKENS)] for row in range(_TOKENS)]
    cells(axes, (3, top), _SIDE, shades)


def _both_sides(_row: int, _column: int) -> bool:
    return True


def _before(row: int, column: int) -> bool:
    return column <= row


def _input_and_before(row: int, column: int) -> bool:
    # The first half are the encoder's tokens, the second the decoder's.
    return column < _HALF or (row >= _HALF and column <= row)
