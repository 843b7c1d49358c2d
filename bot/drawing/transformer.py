"""The Transformer of 2017: a stack of encoder layers beside a stack of decoder layers, read from below."""

from collections.abc import Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.drawing.sketch import (
    BLUE,
    GREEN,
    GREY,
    INK,
    NORMAL,
    ORANGE,
    PLAIN,
    Colour,
    Labels,
    arrow,
    box,
    line,
    page,
    write,
)

_WIDTH = 38


def draw(labels: Labels) -> Figure:
    """Return the figure. `labels`: encoder, decoder (their parts, from below), input, output, next, layers, note."""
    figure, axes = page(126)
    _stack(axes, 6, labels["encoder"], labels["encoder_name"], BLUE)
    _stack(axes, 56, labels["decoder"], labels["decoder_name"], GREEN)
    box(axes, (6, 99), (_WIDTH, 13), labels["input"], PLAIN)
    box(axes, (56, 99), (_WIDTH, 13), labels["output"], PLAIN)
    arrow(axes, (25, 99), (25, 93.5))
    arrow(axes, (75, 99), (75, 93.5))
    box(axes, (56, 3), (_WIDTH, 10), labels["next"], ORANGE)
    arrow(axes, (75, 24), (75, 13.5))
    _across(axes, ((25, 46), (25, 39), (50, 39), (50, 60.5)))
    write(axes, (50, 120), labels["note"], colour=GREY)
    return figure


def _across(axes: Axes, corners: Sequence[tuple[float, float]]) -> None:
    # What the last layer of the encoder says goes to each layer of the decoder.
    for begin, end in pairwise(corners):
        line(axes, begin, end, ORANGE.edge, lw=3.4)
    arrow(axes, corners[-1], (55.7, corners[-1][1]), ORANGE.edge, width=3.4)


def _stack(axes: Axes, left: float, parts: Sequence[str], name: str, colour: Colour) -> None:
    top = 93 - 21 * len(parts) - 6
    box(axes, (left - 3, top), (_WIDTH + 6, 93 - top), colour=Colour("#fbfcfd", colour.edge))
    write(axes, (left + _WIDTH / 2, top + 5), name, size=NORMAL, weight="bold", colour=colour.edge)
    for number, part in enumerate(parts):
        begin = 74 - 20.5 * number
        box(axes, (left, begin), (_WIDTH, 14), part, colour)
        if number:
            arrow(axes, (left + _WIDTH / 2, begin + 20.5), (left + _WIDTH / 2, begin + 14.3), INK)
