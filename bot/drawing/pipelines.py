"""One text, six pipelines, what each makes of it."""

from matplotlib.figure import Figure

from bot.drawing.sketch import BLUE, GREEN, NORMAL, ORANGE, PLAIN, VIOLET, Colour, Labels, arrow, box, page

_COLOURS = (ORANGE, GREEN, BLUE, VIOLET, ORANGE, GREEN)


def draw(labels: Labels) -> Figure:
    """Return the figure. `labels`: text, tasks (name, outcome; six)."""
    figure, axes = page(124)
    box(axes, (2, 3), (96, 20), labels["text"], PLAIN, size=NORMAL)
    arrow(axes, (50, 23.5), (50, 29))
    for number, (task, colour) in enumerate(zip(labels["tasks"], _COLOURS, strict=True)):
        top = 30 + number * 15.6
        box(axes, (2, top), (36, 13), task["name"], colour)
        box(axes, (40, top), (58, 13), task["outcome"], Colour("#fcfdfe", colour.edge))
    return figure
