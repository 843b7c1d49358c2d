"""Encoder and decoder: a sentence in, its representation, another sentence out, token by token."""

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
    arrow(axes, (middles[-1], 94), (86.5, 70), ORANGE.edge, curve=0.75, width=3)
    write(axes, (46, 104), labels["again"], colour=ORANGE.edge)
    return figure
