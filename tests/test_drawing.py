"""Pictures are drawn in a process of their own, whose faults are told as the bot's errors."""

import asyncio
from typing import Any

import pytest

from bot import drawing
from bot.errors import EngineFailed

PNG = b"\x89PNG\r\n\x1a\n"
WORDS = {key: f"{key} $x$ _y_" for key in ("title", "topics", "positive", "neutral", "negative")}
POINT = {"label": "1 ene", "mood": 0.4, "messages": 7}
TOPIC = {"name": "exámenes", "mood": -0.5, "messages": 9}
MOOD: dict[str, Any] = {"words": WORDS, "points": [POINT], "topics": []}


async def test_a_picture_is_a_png_and_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = await drawing.picture("mood", MOOD)
    monkeypatch.setattr(drawing, "_LIMIT", 0.0)  # nothing could be drawn any more
    assert first.startswith(PNG)
    assert await drawing.picture("mood", dict(reversed(MOOD.items()))) == first


@pytest.mark.parametrize("name", ["nothing", "__main__x", "../cli", "mood.draw"])
async def test_what_is_no_picture_is_not_drawn(name: str) -> None:
    with pytest.raises(EngineFailed, match="error-drawing"):
        await drawing.picture(name, {})


async def test_a_picture_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "_LIMIT", 0.0)
    with pytest.raises(EngineFailed, match="error-drawing"):
        await drawing.picture("mood", {**MOOD, "topics": [TOPIC]})


async def test_the_bot_goes_on_while_it_is_drawn() -> None:
    drawn = asyncio.create_task(drawing.picture("mood", {**MOOD, "topics": [TOPIC, TOPIC]}))
    steps = 0
    while not drawn.done():
        await asyncio.sleep(0.001)
        steps += 1
    assert (await drawn).startswith(PNG)
    assert steps > 3
