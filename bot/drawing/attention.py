"""Attention weights of a translation as a table: rows are words written, columns words read."""

from matplotlib.figure import Figure

from bot.drawing.sketch import GREY, INK, NORMAL, PAPER, Labels, cells, page, write

_SIDE, _LEFT, _TOP = 14, 27, 26


def draw(labels: Labels) -> Figure:
    """Return the figure. `labels`: read, written (words), weights (rows that add up to 100), reads, writes, note."""
    figure, axes = page(112)
    cells(axes, (_LEFT, _TOP), _SIDE, [[weight / 90 for weight in line] for line in labels["weights"]])
    write(axes, (_LEFT + _SIDE * 2.5, 6), labels["reads"], colour=GREY)
    write(axes, (4, 16), labels["writes"], colour=GREY, ha="left")
    for number, word in enumerate(labels["read"]):
        write(axes, (_middle(_LEFT, number), 16), word, size=NORMAL)
    for down, (word, weights) in enumerate(zip(labels["written"], labels["weights"], strict=True)):
        write(axes, (24, _middle(_TOP, down)), word, size=NORMAL, ha="right")
        for along, weight in enumerate(weights):
            ink = PAPER if weight > 40 else INK
            write(axes, (_middle(_LEFT, along), _middle(_TOP, down)), str(weight), colour=ink)
    write(axes, (50, 104), labels["note"], colour=GREY)
    return figure


def _middle(begin: float, number: int) -> float:
    return begin + _SIDE * (number + 0.5)
