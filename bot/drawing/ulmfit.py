"""ULMFiT's three steps, each with its data and what it learns to do; the weights go from one to the next."""

from matplotlib.figure import Figure

from bot.drawing.sketch import (
    BLUE,
    GREEN,
    GREY,
    NORMAL,
    ORANGE,
    PLAIN,
    VIOLET,
    Colour,
    Labels,
    arrow,
    box,
    dot,
    page,
    write,
)


def draw(labels: Labels) -> Figure:
    """Return the figure. `labels`: steps (name, data, task), weights."""
    figure, axes = page(122)
    for number, (step, colour) in enumerate(zip(labels["steps"], (BLUE, VIOLET, GREEN), strict=True)):
        top = 3 + number * 41
        box(axes, (2, top), (96, 31), colour=Colour("#fcfdfe", colour.edge))
        dot(axes, (9, top + 7), 4.2, colour, str(number + 1), size=NORMAL, weight="bold")
        write(axes, (16, top + 7), step["name"], size=NORMAL, weight="bold", colour=colour.edge, ha="left")
        box(axes, (6, top + 14), (38, 13.5), step["data"], PLAIN)
        arrow(axes, (44.5, top + 20.7), (51.5, top + 20.7))
        box(axes, (52, top + 14), (42, 13.5), step["task"], colour)
        if number:
            arrow(axes, (30, top - 9.5), (30, top - 0.5), ORANGE.edge, width=3.4)
            write(axes, (34, top - 5), labels["weights"], colour=GREY, ha="left")
    return figure
