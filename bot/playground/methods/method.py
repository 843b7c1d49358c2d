"""What a Bot API method is here."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.playground.params import Params
from bot.playground.world import World

Method = Callable[[World, Params], Awaitable[Any]]
"""Takes the world and the call's parameters, returns `result`; ApiError says no."""
