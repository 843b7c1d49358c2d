"""Self-attention: one word looks at the others of its sentence, which decide what it means."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.drawing.sketch import BLUE, GREY, NORMAL, ORANGE, PLAIN, Labels, arrow, page, row, write


def draw(labels: Labels) -> Figure:
    """Return the figure. `labels`: examples (words, from: whose arcs, weights, meaning), percent (its sign), note."""
    figure, axes = page(104)
    for example, base in zip(labels["examples"], (33, 78), strict=True):
        _sentence(axes, base, example, labels["percent"])
    write(axes, (50, 98), labels["note"], colour=GREY)
    return figure


def _sentence(axes: Axes, base: float, example: Labels, percent: str) -> None:
    middles = row(axes, base - 9, example["words"], colour=PLAIN, size=NORMAL)
    start = middles[example["from"]]
    for middle, weight in zip(middles, example["weights"], strict=True):
        if middle != start:
            strong = weight >= 40
            colour = ORANGE.edge if strong else GREY
            curve = 0.55 if middle < start else -0.42
            arrow(axes, (start, base - 9.5), (middle, base - 9.5), colour, curve=curve, width=1 + weight / 12)
        write(axes, (middle, base + 4), f"{weight}{percent}", colour=ORANGE.edge if weight >= 40 else GREY)
    write(axes, (50, base + 10.5), example["meaning"], colour=BLUE.edge)
