"""The Hub, which keeps what is shared, the libraries, which are code, and a project that uses both."""

from matplotlib.figure import Figure

from bot.drawing.sketch import BLUE, GREEN, GREY, LARGE, NORMAL, ORANGE, PLAIN, Labels, arrow, box, page, row, write

_LIBRARIES = (("Transformers", "Tokenizers"), ("Datasets", "Evaluate", "Accelerate"))


def draw(labels: Labels) -> Figure:
    """Return the figure. `labels`: kept (three kinds), libraries, down, up, project."""
    figure, axes = page(108)
    box(axes, (2, 3), (96, 29), colour=ORANGE)
    write(axes, (50, 10), "Hub", size=LARGE, weight="bold", colour=ORANGE.edge)
    row(axes, 17, labels["kept"], left=5, right=95, colour=PLAIN, height=11)
    arrow(axes, (32, 32.5), (32, 44))
    arrow(axes, (68, 44), (68, 32.5))
    write(axes, (29, 38.5), labels["down"], colour=GREY, ha="right")
    write(axes, (71, 38.5), labels["up"], colour=GREY, ha="left")
    box(axes, (2, 44.5), (96, 37), colour=BLUE)
    write(axes, (50, 51), labels["libraries"], size=NORMAL, weight="bold", colour=BLUE.edge)
    for number, names in enumerate(_LIBRARIES):
        row(axes, 56.5 + number * 12, names, left=5, right=95, colour=PLAIN, height=10)
    arrow(axes, (50, 82), (50, 91))
    box(axes, (20, 91.5), (60, 12), labels["project"], GREEN, size=NORMAL)
    return figure
