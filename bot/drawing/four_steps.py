"""Four steps to a model of one's own, each with the code that one meets there."""

from matplotlib.figure import Figure

from bot.drawing.sketch import BLUE, GREEN, NORMAL, ORANGE, VIOLET, Colour, Labels, arrow, box, dot, page, write


def draw(labels: Labels) -> Figure:
    """Return the figure. `labels`: steps (name, what, code; four)."""
    figure, axes = page(124)
    for number, (step, colour) in enumerate(zip(labels["steps"], (BLUE, ORANGE, VIOLET, GREEN), strict=True)):
        top = 2 + number * 31
        box(axes, (2, top), (96, 25.5), colour=Colour("#fcfdfe", colour.edge))
        dot(axes, (10, top + 7), 4.4, colour, str(number + 1), size=NORMAL, weight="bold")
        write(axes, (17, top + 7), step["name"], size=NORMAL, weight="bold", colour=colour.edge, ha="left")
        write(axes, (17, top + 14), step["what"], ha="left")
        write(axes, (17, top + 20.5), step["code"], ha="left", family="monospace", size=16, colour=colour.edge)
        if number:
            arrow(axes, (10, top - 5), (10, top - 0.4))
    return figure
