"""How good the tasks are: sets of cases, and figures of the tasks beside the bare chat model's on them.

One module a task, named like it, with what `Measured` says; its cases are in tests/data/<task>.jsonl.
"""

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

from bot.tasks.models import Models

# A line of a set: "id", "lang" ("es"), "split" ("dev", "test"), the task's input, and what is expected.
Case: TypeAlias = dict[str, Any]
# What a task gave for a case, in the fields of the command line; {"error": key} where it failed.
Output: TypeAlias = dict[str, Any]


class Measured(Protocol):
    """What a module of this package has."""

    TASK: str

    async def ours(self, models: Models, case: Case) -> Output:
        """Return what the task makes of a case."""
        ...

    async def bare(self, models: Models, case: Case) -> Output:
        """Return what the bare chat model makes of it with one plain prompt and the same limits."""
        ...

    def score(self, cases: Sequence[Case], outputs: Sequence[Output]) -> dict[str, float]:
        """Return each figure by its name ("macro-F1 es"), a share as 0 to 1. Failed outputs count as wrong."""
        ...
