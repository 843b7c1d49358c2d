"""The drawings of the course are legible: words inside the picture and their box, never on one another."""

import importlib
from itertools import combinations

import pytest
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from bot import drawing
from bot.drawing.sketch import PAPER
from bot.library import course

PICTURES = [(section.picture, language) for language in course.languages() for section in course.sections(language)]
# Telegram shows a picture about as wide as a phone, 360 of its pixels; then no type is smaller than this.
SMALLEST, PHONE = 10.5, 360


def draw(picture: str, language: str) -> Figure:
    with rc_context({"text.parse_math": False}):
        figure = importlib.import_module(f"bot.drawing.{picture}").draw(course.labels(language, picture))
    assert isinstance(figure, Figure)
    return figure


def words(figure: Figure) -> list[tuple[Text, Bbox]]:
    return [(text, text.get_window_extent()) for text in figure.axes[0].texts if text.get_text().strip()]


@pytest.mark.parametrize(("picture", "language"), PICTURES)
def test_words_are_legible(picture: str, language: str) -> None:
    figure = draw(picture, language)
    placed, edge = words(figure), figure.bbox
    assert placed
    for text, extent in placed:
        assert float(text.get_fontsize()) / 72 * drawing.DPI * PHONE / edge.width >= SMALLEST
        assert edge.x0 + 8 <= extent.x0
        assert extent.x1 <= edge.x1 - 8, text.get_text()
        assert edge.y0 + 8 <= extent.y0
        assert extent.y1 <= edge.y1 - 8, text.get_text()
    overlapping = [
        (one.get_text(), other.get_text()) for (one, a), (other, b) in combinations(placed, 2) if a.overlaps(b)
    ]
    assert overlapping == []


@pytest.mark.parametrize(("picture", "language"), PICTURES)
def test_words_stay_in_their_box(picture: str, language: str) -> None:
    figure = draw(picture, language)
    boxes = [patch.get_window_extent() for patch in figure.axes[0].patches if isinstance(patch, FancyBboxPatch)]
    for text, extent in words(figure):
        x, y = (extent.x0 + extent.x1) / 2, (extent.y0 + extent.y1) / 2
        around = [box for box in boxes if box.contains(x, y)]
        if around:
            smallest = min(around, key=lambda box: box.width * box.height)
            assert smallest.x0 + 4 <= extent.x0, text.get_text()
            assert extent.x1 <= smallest.x1 - 4, text.get_text()
            assert smallest.y0 <= extent.y0, text.get_text()
            assert extent.y1 <= smallest.y1, text.get_text()


def test_pictures_are_as_wide_as_a_phone_shows_them() -> None:
    for picture, language in PICTURES:
        figure = draw(picture, language)
        assert figure.get_figwidth() == drawing.WIDTH
        assert 0.6 <= figure.get_figheight() / figure.get_figwidth() <= 1.35
        assert figure.get_facecolor() == (1, 1, 1, 1), PAPER


async def test_a_picture_of_the_course_is_drawn_as_others_are() -> None:
    png = await drawing.picture("timeline", course.labels("es", "timeline"))
    assert png.startswith(b"\x89PNG")
    assert 10_000 < len(png) < 400_000
