"""What self-attention costs: twice the tokens, four times the comparisons, as areas."""

from matplotlib.figure import Figure

from bot.drawing.sketch import BLUE, GREY, NORMAL, Labels, cells, page, write

_SIDE = 12.5
_FLOOR = 72.0


def draw(labels: Labels) -> Figure:
    """Return the figure. `labels`: title, lengths, costs (three each), note."""
    figure, axes = page(98)
    write(axes, (50, 7), labels["title"], size=NORMAL, weight="bold", colour=BLUE.edge)
    for times, left, length, cost in zip((1, 2, 4), (4, 19, 46.5), labels["lengths"], labels["costs"], strict=True):
        cells(axes, (left, _FLOOR - times * _SIDE), _SIDE, [[0.55] * times] * times)
        middle = left + times * _SIDE / 2
        write(axes, (middle, _FLOOR + 5), length, size=NORMAL)
        write(axes, (middle, _FLOOR + 12), cost, size=NORMAL, weight="bold", colour=BLUE.edge)
    write(axes, (50, 91), labels["note"], colour=GREY)
    return figure
