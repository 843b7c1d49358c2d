"""A recurrent network, unrolled: the same cell at each step, its hidden state handed on."""

from matplotlib.figure import Figure

from bot.drawing.sketch import BLUE, GREY, INK, NORMAL, ORANGE, PLAIN, Labels, arrow, box, page, write

_STEPS = (1, 2, 3, 4)


def draw(labels: Labels) -> Figure:
    """Return the figure. `labels`: words (four), cell, state, order."""
    figure, axes = page(72)
    write(axes, (50, 7), labels["state"], colour=ORANGE.edge, size=NORMAL)
    for step, word in zip(_STEPS, labels["words"], strict=True):
        left = 5 + (step - 1) * 23.5
        box(axes, (left, 22), (16, 15), labels["cell"], BLUE, size=NORMAL, weight="bold")
        box(axes, (left - 1.5, 46), (19, 9), word, PLAIN, size=NORMAL)
        arrow(axes, (left + 8, 46), (left + 8, 37.5))
        arrow(axes, (left + 16, 29.5), (left + 23 if step < 4 else left + 22, 29.5), ORANGE.edge, width=3.2)
        write(axes, (left + 19.5, 18), f"h{'₀₁₂₃₄'[step]}", size=NORMAL, colour=ORANGE.edge)
    arrow(axes, (5, 60), (95, 60), GREY)
    write(axes, (50, 66), labels["order"], colour=INK)
    return figure
