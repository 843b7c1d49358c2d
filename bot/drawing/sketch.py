"""Boxes, arrows and words for drawings that are read on a phone: 100 units wide, y downwards, large type."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Rectangle

from bot.drawing import DPI, WIDTH

# In points. 17 of them are 35 of the picture's 1080 pixels, the smallest that a phone shows legibly.
SMALL, NORMAL, LARGE = 17, 20, 24

# What a drawing of the course says, in the person's language: words, lists of words, numbers.
Labels = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Colour:
    """The colours of one kind of thing: its area and its edge (dark enough for words)."""

    fill: str
    edge: str


PAPER, INK, GREY = "#ffffff", "#1f2a37", "#5b6675"
BLUE = Colour("#dbe8fb", "#1f5fae")
ORANGE = Colour("#fde7d0", "#b4570a")
GREEN = Colour("#d8f0df", "#1f7344")
VIOLET = Colour("#e9e1f8", "#6440ab")
PLAIN = Colour("#f1f3f6", "#5b6675")


def page(height: float) -> tuple[Figure, Axes]:
    """Return an empty figure and its axes, `height` units high."""
    figure = Figure(figsize=(WIDTH, WIDTH * height / 100), dpi=DPI, facecolor=PAPER)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 100), ylim=(height, 0))
    axes.axis("off")
    return figure, axes


def write(
    axes: Axes, place: tuple[float, float], words: str, *, size: float = SMALL, colour: str = INK, **more: Any
) -> None:
    """Write words around a place (`ha="left"`: from there on)."""
    x, y = place
    aligned: dict[str, Any] = {"ha": "center", "va": "center", "linespacing": 1.25} | more
    if "\n" not in words:
        # In a row of words those with a g or a p would stand higher: what is centred is half of a capital's height.
        y, aligned["va"] = y + 0.365 * size / 72 * 100 / WIDTH, "baseline"
    axes.text(x, y, words, fontsize=size, color=colour, **aligned)


def box(
    axes: Axes,
    corner: tuple[float, float],
    extent: tuple[float, float],
    words: str = "",
    colour: Colour = BLUE,
    **more: Any,
) -> None:
    """Draw a box with words in its middle; `corner` is its upper left one, `extent` its width and height."""
    (x, y), (width, height) = corner, extent
    style = "round,pad=0,rounding_size=1.6"
    axes.add_patch(
        FancyBboxPatch(corner, width, height, boxstyle=style, facecolor=colour.fill, edgecolor=colour.edge, lw=2.2)
    )
    if words:
        write(axes, (x + width / 2, y + height / 2), words, **more)


def row(
    axes: Axes, top: float, words: Sequence[str], *, left: float = 3, right: float = 97, **more: Any
) -> list[float]:
    """Draw boxes side by side, as wide as their words ask for; return where their middles are.

    `more`: `height`, `gap`, and what `box` takes.
    """
    height, gap = more.pop("height", 9), more.pop("gap", 2)
    # Narrow words need room beside them, too.
    shares = [len(word) + 2.5 for word in words]
    room = right - left - gap * (len(words) - 1)
    middles, x = [], left
    for word, share in zip(words, shares, strict=True):
        width = room * share / sum(shares)
        box(axes, (x, top), (width, height), word, **more)
        middles.append(x + width / 2)
        x += width + gap
    return middles


def arrow(
    axes: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    colour: str = INK,
    *,
    curve: float = 0,
    width: float = 2.4,
) -> None:
    """Draw an arrow; `curve` is how far it swings out, as a share of its length."""
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=20,
            connectionstyle=f"arc3,rad={curve}",
            color=colour,
            lw=width,
            shrinkA=0,
            shrinkB=0,
        )
    )


def line(axes: Axes, start: tuple[float, float], end: tuple[float, float], colour: str = GREY, **more: Any) -> None:
    """Draw a line."""
    axes.plot((start[0], end[0]), (start[1], end[1]), color=colour, **({"lw": 2} | more))


def dot(axes: Axes, place: tuple[float, float], radius: float, colour: Colour, words: str = "", **more: Any) -> None:
    """Draw a circle with words in its middle."""
    axes.add_patch(Circle(place, radius, facecolor=colour.fill, edgecolor=colour.edge, lw=2.2, zorder=3))
    if words:
        write(axes, place, words, zorder=4, **more)


def cells(axes: Axes, corner: tuple[float, float], side: float, shades: Sequence[Sequence[float]]) -> None:
    """Draw a grid of squares, each as strongly blue (above 0) or orange (below) as its number up to 1 says."""

    for down, shaded in enumerate(shades):
        for along, shade in enumerate(shaded):
            place = corner[0] + along * side, corner[1] + down * side
            tone = _tone(shade)
            axes.add_patch(Rectangle(place, side, side, facecolor=tone, edgecolor="#ffffff", lw=2))


def _tone(shade: float) -> tuple[float, ...]:

    strong = to_rgb(BLUE.edge if shade >= 0 else ORANGE.edge)
    pale = to_rgb("#eef1f5")
    share = min(abs(shade), 1)
    return tuple(p + (s - p) * share for p, s in zip(pale, strong, strict=True))
