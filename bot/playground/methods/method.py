"""What a Bot API method is here."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.playground.params import Params
from bot.playground.world import World

Method = Callable[[World, Params], Awaitable[Any]]
"""Takes the world and the call's parameters, returns `result`; ApiError says no."""


@dataclass(frozen=True, slots=True)
class Told:
    """Words for whoever reads the answer, and the result: True unless there is another."""

    description: str
    result: Any = True
