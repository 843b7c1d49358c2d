"""What the benchmarks measure is what they say: prompts, first words, delays, and the table of goals."""

import dataclasses
import time
from pathlib import Path

import numpy as np
import pytest

from benchmarks import asked, results
from benchmarks.people import people as crowd_in
from benchmarks.responsiveness import Spell, figures
from bot import app
from bot.inference.api import Waiting
from bot.inference.catalog import find
from tests.conftest import Script, Visitor


async def test_everybody_is_asked_what_the_bot_asks_its_model(address: str, bot: app.Running, script: Script) -> None:
    async with crowd_in(address) as crowd:
        [chat] = await crowd.invite(1)
        await crowd.ask(chat, asked.question(7))
    [real] = script.requests
    same = asked.request(real.model, asked.question(7), real.seed, real.max_new_tokens)
    [state] = [state for state in bot.inference.states() if state.id == real.model]
    turns = [
        dataclasses.replace(turn, text=turn.text.replace(find(real.model).maker, state.maker)) for turn in same.turns
    ]
    assert (turns, same.temperature, same.top_p) == (list(real.turns), real.temperature, real.top_p)


async def test_words_about_waiting_are_not_the_first_words(address: str, people: Visitor, script: Script) -> None:
    script.answer = lambda _: [Waiting("queued", 3), "Las ", "plantas."]
    script.hold_after = 1
    async with crowd_in(address) as crowd:
        [chat] = await crowd.invite(1)
        answered = crowd.expect(chat)
        asked_by = time.monotonic()
        await crowd.write(chat, "¿Qué comen?")
        await people.until(lambda event: event["type"] == "draft" and "3" in event["text"], chat)
        opened = time.monotonic()
        script.gate.set()
        reply = await answered
    assert reply.text == "Las plantas."
    assert opened <= asked_by + reply.first_s <= asked_by + reply.seconds


def test_ticks_count_within_a_spell() -> None:
    ticks = np.array([[0.5, 0.9], *([1 + n / 100, 0.0] for n in range(97)), [2.0, 0.03], [2.0, 0.02], [2.0, 0.01]])
    found = figures([Spell(1.0, 3.0, tokens=64, writing_s=2.0, help_s=[0.1, 0.3, 0.2])], ticks)
    assert (found["tok_s"], found["help_s_median"], found["help_s_worst"]) == (32, 0.2, 0.3)
    assert (found["lag_p50_ms"], found["lag_max_ms"]) == (0, 30)  # what was before the spell does not count


def test_a_section_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    file = tmp_path / "RESULTS.md"
    file.write_text("# Results\n\n## gpu\n\nElsewhere, earlier.\n", encoding="utf-8")
    results.record("embed", "Here, today.", {"ratio": 1.9}, file)
    results.record("embed", "Here, later.", {"ratio": 2.6}, file)
    text = file.read_text(encoding="utf-8")
    assert "Elsewhere, earlier." in text
    assert "today" not in text
    assert "| embedding against one by one | ≥ 2.5× | ≥ 1.8× | 2.6× | goal |" in text
    assert "| start to /help | ≤ 1.5 s | ≤ 2.5 s | not measured |  |" in text


@pytest.mark.parametrize(("rss_mb", "reached"), [(2400, "goal"), (3000, "floor"), (3300, "missed")])
def test_less_memory_is_better(rss_mb: float, reached: str, tmp_path: Path) -> None:
    file = tmp_path / "RESULTS.md"
    results.record("memory", "Here.", {"loaded_rss_mb": rss_mb}, file)
    [row] = [line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("| memory")]
    assert row.endswith(f"| {rss_mb / 1000:.3g} GB | {reached} |")
