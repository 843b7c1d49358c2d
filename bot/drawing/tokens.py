"""From text to tokens, from tokens to numbers, from numbers to vectors."""

from matplotlib.figure import Figure

from bot.drawing.sketch import GREY, NORMAL, PLAIN, VIOLET, Labels, arrow, box, cells, page, write

_IDS = (318, 4107, 912, 27)
# Invented, as the note in the picture says; what counts is that they differ, in sign, too.
_VECTORS = (
    (0.2, -0.7, 0.5, 0.9, -0.3),
    (0.8, 0.1, -0.6, 0.3, 0.6),
    (-0.4, 0.6, 0.2, -0.9, 0.1),
    (0.5, -0.2, -0.8, 0.4, 0.7),
)


def draw(labels: Labels) -> Figure:
    """Return the figure. `labels`: text, tokens (four), and the names of the stages (text, tokens, ids, vectors)."""
    figure, axes = page(108)
    middles = (31, 50, 69, 88)
    box(axes, (21, 4), (77, 10), labels["text"], PLAIN, size=NORMAL)
    for middle, token, number, vector in zip(middles, labels["tokens"], _IDS, _VECTORS, strict=True):
        arrow(axes, (middle, 15), (middle, 22))
        box(axes, (middle - 9, 23), (18, 10), token, VIOLET, size=16)
        arrow(axes, (middle, 34), (middle, 41))
        write(axes, (middle, 45), str(number), size=NORMAL)
        arrow(axes, (middle, 49), (middle, 56))
        cells(axes, (middle - 3.5, 57), 7, [(part,) for part in vector])
        write(axes, (middle, 94), "⋮", size=NORMAL)
    for height, stage in zip((9, 28, 45, 75), labels["stages"], strict=True):
        write(axes, (2, height), stage, colour=GREY, ha="left")
    write(axes, (50, 102), labels["note"], colour=GREY)
    return figure
