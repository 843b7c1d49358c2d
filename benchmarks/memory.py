"""What does the bot take of the machine's memory with the default set loaded, and while eight talk with it.

`python -m benchmarks.memory` starts the bot as `python -m bot run` does and adds up what its processes take, resident
(RSS) and with shared pages shared out (PSS), in 10^6 bytes. The last line is JSON.
"""

import argparse
import asyncio
import json
import tempfile
from pathlib import Path

from benchmarks.asked import question
from benchmarks.people import people
from benchmarks.playground import served
from benchmarks.stage import link_models, running_bot
from bot.config import Settings

PEOPLE = 8
_LOOK_EVERY = 0.5


async def measure(settings: Settings, rounds: int) -> dict[str, object]:
    """Return what is loaded and the memory it takes, quiet and at its most while all are answered."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        link_models(settings.weights_dir, data)
        async with served(Path(folder)) as (address, _), people(address) as crowd:
            chats = await crowd.invite(PEOPLE)
            async with running_bot(address, data, {}) as bot:
                loaded = await bot.until_loaded(settings.chat_model)
                quiet, most = bot.memory(), bot.memory()
                for number in range(rounds):
                    answers = [crowd.expect(chat) for chat in chats]
                    for n, chat in enumerate(chats):
                        await crowd.write(chat, question(number * PEOPLE + n))
                    while not all(answer.done() for answer in answers):
                        await asyncio.wait(answers, timeout=_LOOK_EVERY)
                        most = max(most, bot.memory(), key=lambda memory: memory["rss_mb"])
    return {
        "models_loaded": loaded,
        **{f"loaded_{key}": value for key, value in quiet.items()},
        **most,
        "people": PEOPLE,
    }


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one question each")
    arguments = parser.parse_args()
    print(json.dumps(asyncio.run(measure(Settings(), 1 if arguments.quick else 3))))


if __name__ == "__main__":
    main()
