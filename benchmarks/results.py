"""RESULTS.md: what the benchmarks last found, each with its date and machine, and how that compares with the goals.

A section belongs to one script and is replaced when that runs; all others stay as they are, so that figures from a
machine with a GPU stand beside those from one without.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

FILE = Path(__file__).with_name("RESULTS.md")
_TITLE = "# Results\n\nWritten by `python -m benchmarks`; README.md tells what each figure means.\n"
_GOALS = "Goals"
_JSON = re.compile(r"^```json\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Goal:
    """What a script's figure should be; `floor` is what it must be. `scale` turns it into the goal's unit."""

    measure: str
    script: str
    key: str
    better: Literal["≥", "≤"]
    goal: float
    floor: float
    unit: str = ""
    scale: float = 1.0

    def row(self, figures: Mapping[str, Any]) -> str:
        """Return the goal's row of the table."""
        value = figures.get(self.key)
        cells = (self.measure, self._bound(self.goal), self._bound(self.floor), *self._judged(value))
        return f"| {' | '.join(cells)} |"

    def _bound(self, bound: float) -> str:
        return f"{self.better} {bound:g}{self.unit}"

    def _judged(self, value: float | None) -> tuple[str, str]:
        if value is None:
            return "not measured", ""
        measured = value * self.scale
        passes = [measured >= bound if self.better == "≥" else measured <= bound for bound in (self.goal, self.floor)]
        return f"{measured:.3g}{self.unit}", "goal" if passes[0] else "floor" if passes[1] else "missed"


GOALS = (
    Goal("eight at once, whole bot against naive", "inference", "ratio_naive", "≥", 10, 7, "×"),
    Goal("eight at once, whole bot against llama.cpp", "inference", "ratio_llama", "≥", 3, 2.3, "×"),
    Goal("whole bot against the bare engine", "inference", "ratio_engine", "≥", 0.95, 0.9),
    Goal("second turn's first token against the first turn's", "inference", "ratio_second_turn", "≤", 0.1, 0.2),
    Goal("updates a second against a bare echo bot", "overhead", "ratio", "≥", 0.6, 0.4),
    Goal("loop lag, 99th percentile, while eight generate", "responsiveness", "lag_p99_ms", "≤", 50, 100, " ms"),
    Goal("speed kept with a busy neighbour", "responsiveness", "kept_with_busy_neighbour", "≥", 0.5, 0.4),
    Goal("start to /help", "startup", "help_s", "≤", 1.5, 2.5, " s"),
    Goal("start to the first token", "startup", "first_token_s", "≤", 6, 10, " s"),
    Goal("memory with the default set", "memory", "loaded_rss_mb", "≤", 2.5, 3.2, " GB", 1e-3),
    Goal("embedding against one by one", "embed", "ratio", "≥", 2.5, 1.8, "×"),
    Goal("right page cited, of ten questions", "library", "cited", "≥", 9, 9),
)


def record(script: str, about: str, figures: object, file: Path = FILE) -> None:
    """Put what a script found into the file; `about` is one paragraph on when and where."""
    sections = _sections(file.read_text(encoding="utf-8") if file.exists() else "")
    sections[script] = f"{about}\n\n```json\n{json.dumps(figures, indent=2)}\n```\n"
    sections[_GOALS] = _table(sections)
    text = "".join(f"\n## {title}\n\n{body}" for title, body in sections.items())
    file.write_text(_TITLE + text, encoding="utf-8")


def _sections(text: str) -> dict[str, str]:
    """Return the sections' bodies by title, the goals first."""
    pieces = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    found = {title.strip(): f"{body.strip()}\n" for title, body in zip(pieces[1::2], pieces[2::2], strict=True)}
    return {_GOALS: ""} | found


def _table(sections: Mapping[str, str]) -> str:
    head = "| measure | goal | floor | measured | reached |\n|---|---|---|---|---|\n"
    return head + "".join(f"{goal.row(_figures(sections.get(goal.script, '')))}\n" for goal in GOALS)


def _figures(section: str) -> dict[str, Any]:
    found = _JSON.search(section)
    figures: dict[str, Any] = json.loads(found[1]) if found else {}
    return figures
