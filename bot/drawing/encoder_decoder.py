"""Encoder and decoder: a sentence in, its representation, another sentence out, token by token."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.drawing.sketch import (
    BLUE,
    GREEN,
    GREY,
    INK,
    LARGE,
    NORMAL,
    ORANGE,
    PLAIN,
    Labels,
    arrow,
    box,
    cells,
    line,
    page,
    row,
    write,
)


def draw(labels: Labels) -> Figure:
    """Return the figure. `labels`: read, written (tokens), encoder, decoder, representation, again."""
    figure, axes = page(112)
    for middle in row(axes, 4, labels["read"], colour=PLAIN, left=14, right=86, size=NORMAL):
        arrow(axes, (middle, 13), (middle, 20))
    box(axes, (14, 20), (72, 14), labels["encoder"], BLUE, size=LARGE, weight="bold")
    arrow(axes, (50, 34), (50, 41))
    cells(axes, (32.5, 41.5), 7, [(0.7, -0.5, 0.2, 0.9, -0.8)])
    write(axes, (50, 52.5), labels["representation"], colour=GREY)
    arrow(axes, (50, 56), (50, 63))
    box(axes, (14, 63), (72, 14), labels["decoder"], GREEN, size=LARGE, weight="bold")
    middles = row(axes, 85, labels["written"], colour=PLAIN, left=14, right=86, size=NORMAL)
    for middle in middles:
        arrow(axes, (middle, 77), (middle, 84.5), INK)
    _back_in(axes, middles[:-1])
    write(axes, (50, 105), labels["again"], colour=ORANGE.edge)
    return figure


def _back_in(axes: Axes, middles: list[float]) -> None:
    # The last token ends the sequence: nothing is written after it.
    for middle in middles:
        line(axes, (middle, 94.3), (middle, 99), ORANGE.edge, lw=3)
    line(axes, (middles[-1], 99), (6, 99), ORANGE.edge, lw=3)
    line(axes, (6, 99), (6, 70), ORANGE.edge, lw=3)
    arrow(axes, (6, 70), (13.7, 70), ORANGE.edge, width=3)
