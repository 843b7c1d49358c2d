"""The mood of a conversation: its course over time above, its topics below."""

from typing import Any

from matplotlib.figure import Figure

from bot.drawing import WIDTH


def draw(data: dict[str, Any]) -> Figure:
    """Return the chart."""
    figure = Figure(figsize=(WIDTH, 6))
    figure.suptitle(data["title"])
    return figure
