from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.config import Settings
from bot.inference import weights
from bot.inference.catalog import find
from bot.inference.manager import Manager
from tests.inference.asking import CHAT, ENCODER, install
from tests.inference.scripted import ScriptedPlacement

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


@pytest.fixture
def weights_dir(tmp_path: Path) -> Path:
    """A folder in which the starter weights look installed."""
    for model_id in (CHAT, ENCODER):
        install(tmp_path, find(model_id))
    return tmp_path


@pytest.fixture
def placement(weights_dir: Path) -> ScriptedPlacement:
    """A machine of scripted engines, over those weights."""
    return ScriptedPlacement(weights_dir)


@pytest.fixture
async def manager(weights_dir: Path, placement: ScriptedPlacement) -> AsyncGenerator[Manager, None]:
    """Two requests run at once, two more may wait."""
    manager = Manager(weights_dir, max_running=2, max_queued=2, placement=placement)
    yield manager
    await closed(manager, placement)


async def closed(manager: Manager, placement: ScriptedPlacement) -> None:
    """Let every engine go on and end."""
    placement.gate.set()
    for chat in placement.chats:
        chat.allow(1000)
    for batch in placement.encoders:
        batch.gate.set()
        batch.may_close.set()
    await manager.close()
