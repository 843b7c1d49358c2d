"""The whole bot on torch alone, in a process of its own: what a test talks with.

Arguments: the playground's address, the bot's data folder, the folder of weights, the chat model, and "tiny" for models
that a test made, "real" for those of the catalog.
"""

import asyncio
import sys
from pathlib import Path

from bot import app
from bot.config import Settings
from bot.inference.manager import Manager
from bot.inference.placement import Placement
from bot.playground.world import PLAYGROUND_TOKEN


async def main(address: str, data_dir: str, weights_dir: str, chat_model: str, catalog: str) -> None:
    settings = Settings(
        data_dir=Path(data_dir),
        telegram_url=address,
        engine="torch",
        device="cpu",
        chat_model=chat_model,
        max_new_tokens=24,
        telegram_bot_token=None,
    )
    placement = Placement(Path(weights_dir), settings.engine, settings.device)
    if catalog == "tiny":
        placement = _tiny(Path(weights_dir))
    manager = Manager(Path(weights_dir), placement=placement)
    try:
        async with app.running(settings, PLAYGROUND_TOKEN, manager):
            await app.until_stopped()
    finally:
        await manager.close()


def _tiny(weights_dir: Path) -> Placement:
    from tests.inference.tiny_entries import TinyPlacement, entry

    return TinyPlacement(weights_dir, "torch", "cpu", catalog=(entry("chat"),))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
