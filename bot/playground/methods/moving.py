"""Moving a bot from one server to another, as some do when they start: there is nothing to do here."""

from bot.playground.methods.method import Method
from bot.playground.params import Params
from bot.playground.world import World


async def leave_server(_: World, __: Params) -> bool:
    """Say that the bot may go."""
    return True


METHODS: dict[str, Method] = {"logOut": leave_server, "close": leave_server}
