"""The mood of a conversation: its course over time above, its topics below."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.drawing import WIDTH

_GOOD, _EVEN, _BAD = "#2a9d5c", "#7a8794", "#d1495b"
_INK, _PALE = "#26323d", "#e6eaee"
# From where a mean is drawn as good or bad.
_CLEARLY = 0.1
# Dates that fit side by side.
_DATES = 8


def draw(data: dict[str, Any]) -> Figure:
    """Return the figure.

    `data`: words (title, topics, positive, neutral, negative), points (label, mood from -1 to 1, messages) in the
    order of time, and topics (name, mood, messages).
    """
    topics = data["topics"]
    heights = [4.0, 0.6 + 0.5 * len(topics)] if topics else [4.0]
    figure = Figure(figsize=(WIDTH, sum(heights) + 0.8), layout="constrained", facecolor="white")
    above, *below = figure.subplots(len(heights), 1, squeeze=False, height_ratios=heights)[:, 0]
    _course(above, data["points"], data["words"])
    if topics:
        _bars(below[0], topics, data["words"]["topics"])
    return figure


def _course(axes: Axes, points: list[dict[str, Any]], words: dict[str, str]) -> None:
    axes.set_title(words["title"], fontsize=16, color=_INK, loc="left", weight="bold")
    # Side by side, however far apart in time: what is said in one lively hour would lie on one heap.
    at, moods = range(len(points)), [point["mood"] for point in points]
    axes.axhspan(_CLEARLY, 1, color=_GOOD, alpha=0.08, lw=0)
    axes.axhspan(-1, -_CLEARLY, color=_BAD, alpha=0.08, lw=0)
    axes.plot(at, moods, color=_EVEN, lw=2.5, zorder=2)
    sizes = [min(60 + 6 * point["messages"], 500) for point in points]
    axes.scatter(at, moods, s=sizes, c=[_colour(mood) for mood in moods], edgecolors="white", lw=1.5, zorder=3)
    axes.set_ylim(-1, 1)
    axes.set_yticks([-0.75, 0, 0.75], [words["negative"], words["neutral"], words["positive"]], fontsize=12)
    labels = [point["label"] for point in points]
    shown = at[:: -(-len(points) // _DATES)]
    # A day is named once.
    named = [place for index, place in enumerate(shown) if not index or labels[place] != labels[shown[index - 1]]]
    axes.set_xticks(named, [labels[place] for place in named], fontsize=12)
    axes.margins(x=0.06)
    _bare(axes)


def _bars(axes: Axes, topics: list[dict[str, Any]], title: str) -> None:
    axes.set_title(title, fontsize=14, color=_INK, loc="left", weight="bold")
    rows = range(len(topics))
    moods = [topic["mood"] for topic in topics]
    axes.barh(rows, moods, height=0.55, color=[_colour(mood) for mood in moods])
    axes.axvline(0, color=_EVEN, lw=1)
    axes.set_xlim(-1, 1)
    axes.set_xticks([])
    axes.set_yticks(rows, [f"{topic['name']} ({topic['messages']})" for topic in topics], fontsize=13)
    axes.invert_yaxis()
    _bare(axes)


def _bare(axes: Axes) -> None:
    axes.tick_params(length=0, colors=_INK)
    for spine in axes.spines.values():
        spine.set_color(_PALE)


def _colour(mood: float) -> str:
    if abs(mood) < _CLEARLY:
        return _EVEN
    return _GOOD if mood > 0 else _BAD
