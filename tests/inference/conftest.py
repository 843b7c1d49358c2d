from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from bot.config import Settings
from bot.inference import weights
from bot.inference.catalog import find
from bot.inference.manager import Manager

REAL_CHAT = "qwen2.5-coder-1.5b"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def real_manager() -> AsyncGenerator[Manager, None]:
    """A manager over the starter weights, with the chat model loaded once for the whole session."""
    weights_dir = Settings().weights_dir
    if not weights.installed(find(REAL_CHAT), weights_dir):
        pytest.skip(f"the weights of {REAL_CHAT} are not in {weights_dir} (make setup fetches them)")
    manager = Manager(weights_dir, engine="openvino", max_running=8, max_queued=8)
    await manager.preload([REAL_CHAT])
    yield manager
    await manager.close()
