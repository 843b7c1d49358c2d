"""A body that is trained once, and heads for one task each."""

from matplotlib.figure import Figure

from bot.drawing.sketch import BLUE, GREY, LARGE, NORMAL, ORANGE, PLAIN, Labels, arrow, box, page, write


def draw(labels: Labels) -> Figure:
    """Return the figure. `labels`: heads (three tasks), head, body, body_note, input."""
    figure, axes = page(96)
    write(axes, (50, 6), labels["head"], size=NORMAL, colour=ORANGE.edge, weight="bold")
    for left, task in zip((2, 35, 68), labels["heads"], strict=True):
        box(axes, (left, 12), (30, 12), task, ORANGE)
        arrow(axes, (left + 15, 33), (left + 15, 24.5))
    box(axes, (2, 33), (96, 30), colour=BLUE)
    write(axes, (50, 42.5), labels["body"], size=LARGE, weight="bold", colour=BLUE.edge)
    write(axes, (50, 54), labels["body_note"])
    arrow(axes, (50, 74), (50, 63.5))
    box(axes, (20, 74), (60, 11), labels["input"], PLAIN, size=NORMAL)
    write(axes, (50, 91), labels["note"], colour=GREY)
    return figure
