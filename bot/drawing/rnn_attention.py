"""RNN against attention: a chain of steps above, all tokens with all at once below."""

from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.drawing.sketch import BLUE, LARGE, NORMAL, ORANGE, Labels, arrow, dot, line, page, write

_PLACES = (12, 31, 50, 69, 88)


def draw(labels: Labels) -> Figure:
    """Return the figure. `labels`: rnn, attention (titles), chain, together (what each means)."""
    figure, axes = page(106)
    write(axes, (50, 6), labels["rnn"], size=LARGE, weight="bold", colour=ORANGE.edge)
    for number, x in enumerate(_PLACES, start=1):
        dot(axes, (x, 20), 5, ORANGE, str(number), size=NORMAL)
    for begin, end in pairwise(_PLACES):
        arrow(axes, (begin + 5.2, 20), (end - 5.2, 20), ORANGE.edge, width=3)
    write(axes, (50, 33), labels["chain"])
    line(axes, (5, 43), (95, 43), "#d5dae1")
    write(axes, (50, 50), labels["attention"], size=LARGE, weight="bold", colour=BLUE.edge)
    _all_with_all(axes)
    write(axes, (50, 99), labels["together"])
    return figure


def _all_with_all(axes: Axes) -> None:
    for begin in _PLACES:
        for end in _PLACES:
            line(axes, (begin, 64), (end, 84), BLUE.edge, lw=1.6, alpha=0.55, zorder=1)
    for number, x in enumerate(_PLACES, start=1):
        for y in (64, 84):
            dot(axes, (x, y), 5, BLUE, str(number), size=NORMAL)
