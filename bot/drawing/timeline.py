"""Language models since 1997, on a line downwards, recurrent ones and Transformers apart by colour."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.drawing.sketch import BLUE, GREY, INK, NORMAL, ORANGE, PLAIN, Colour, Labels, box, dot, line, page, write

# Years; then names, recurrent (r) or Transformers (t).
_MODELS = (
    (1997, ("LSTM r",)),
    (2014, ("seq2seq r",)),
    (2017, ("Transformer t",)),
    (2018, ("ULMFiT r", "GPT t", "BERT t")),
    (2019, ("GPT-2 t", "BART t", "T5 t")),
    (2020, ("GPT-3 t",)),
    (2022, ("ChatGPT t",)),
)
_COLOURS = {"r": ORANGE, "t": BLUE}


def draw(labels: Labels) -> Figure:
    """Return the figure. `labels`: recurrent, transformers (legend) and said, a line for each year."""
    figure, axes = page(128)
    line(axes, (22, 15), (22, 122), PLAIN.edge, lw=4)
    _legend(axes, labels["recurrent"], labels["transformers"])
    for number, ((year, names), said) in enumerate(zip(_MODELS, labels["said"], strict=True)):
        top = 19 + number * 15.5
        write(axes, (17, top), str(year), size=NORMAL, weight="bold", ha="right")
        dot(axes, (22, top), 1.5, Colour(INK, INK))
        _names(axes, top - 4, names)
        write(axes, (28, top + 7.2), said, colour=GREY, ha="left")
    return figure


def _legend(axes: Axes, recurrent: str, transformers: str) -> None:
    for left, words, colour in ((6, recurrent, ORANGE), (58, transformers, BLUE)):
        box(axes, (left, 4), (5, 5), colour=colour)
        write(axes, (left + 7, 6.5), words, ha="left")


def _names(axes: Axes, top: float, names: tuple[str, ...]) -> None:
    left = 28.0
    for name, kind in (named.split() for named in names):
        width = 5.5 + 2.35 * len(name)
        box(axes, (left, top), (width, 8), name, _COLOURS[kind], size=NORMAL)
        left += width + 2
