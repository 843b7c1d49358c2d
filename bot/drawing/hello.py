"""A model predicts the next word: the words so far, the Transformer, probabilities."""

from matplotlib.figure import Figure

from bot.drawing.sketch import BLUE, GREY, INK, LARGE, NORMAL, ORANGE, PLAIN, Labels, arrow, box, page, row, write


def draw(labels: Labels) -> Figure:
    """Return the figure. `labels`: words, model, next (words, likeliest first), chances, percent (its sign), note."""
    figure, axes = page(92)
    row(axes, 4, [*labels["words"], "?"], colour=PLAIN, height=10, size=NORMAL)
    arrow(axes, (50, 15), (50, 22))
    box(axes, (14, 22), (72, 14), labels["model"], BLUE, size=LARGE, weight="bold")
    arrow(axes, (50, 36), (50, 43))
    for number, (word, chance) in enumerate(zip(labels["next"], labels["chances"], strict=True)):
        top = 45 + number * 10
        write(axes, (27, top + 3.5), word, size=NORMAL, ha="right")
        box(axes, (30, top), (chance * 1.15, 7), colour=ORANGE if number == 0 else PLAIN)
        write(axes, (32 + chance * 1.15, top + 3.5), f"{chance}{labels['percent']}", colour=INK, ha="left")
    write(axes, (50, 88), labels["note"], colour=GREY)
    return figure
