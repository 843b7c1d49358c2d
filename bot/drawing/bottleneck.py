"""The information bottleneck: many words through one vector."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from bot.drawing.sketch import BLUE, GREEN, GREY, NORMAL, ORANGE, PLAIN, Colour, Labels, cells, page, row, write


def draw(labels: Labels) -> Figure:
    """Return the figure. `labels`: first, second (rows of words read), encoder, vector, decoder, written, lost."""
    figure, axes = page(112)
    write(axes, (50, 5), labels["lost"], colour=ORANGE.edge)
    faint = Colour("#fafbfc", "#c3cad3")
    row(axes, 9, labels["first"], colour=faint, size=NORMAL, height=9)
    row(axes, 20, labels["second"], colour=PLAIN, size=NORMAL, height=9)
    _funnel(axes, (3, 97), (36, 64), (32, 52), BLUE)
    write(axes, (50, 39), labels["encoder"], size=NORMAL, weight="bold")
    cells(axes, (36, 54), 7, [(0.6, -0.9, 0.3, -0.4)])
    write(axes, (50, 65), labels["vector"], colour=GREY)
    _funnel(axes, (36, 64), (3, 97), (69, 89), GREEN)
    write(axes, (50, 82), labels["decoder"], size=NORMAL, weight="bold")
    row(axes, 92, labels["written"], colour=PLAIN, size=NORMAL, height=9)
    write(axes, (50, 107), labels["note"], colour=GREY)
    return figure


def _funnel(
    axes: Axes, above: tuple[float, float], below: tuple[float, float], reach: tuple[float, float], colour: Colour
) -> None:
    (top, bottom), (left, right) = reach, above
    corners = ((left, top), (right, top), (below[1], bottom), (below[0], bottom))
    axes.add_patch(Polygon(corners, closed=True, facecolor=colour.fill, edgecolor=colour.edge, lw=2.2))
