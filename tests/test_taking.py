"""Files come from Telegram, if need be at the second attempt; where they do not come, the person can try again."""

import pytest
from telegram import Document
from telegram.error import NetworkError

from bot.errors import FetchFailed
from bot.taking import download


class Broken:
    """A line to Telegram that is down."""

    asked = 0

    async def get_file(self, *_: object, **__: object) -> None:
        self.asked += 1
        raise NetworkError("down")


async def test_a_file_that_does_not_come_is_asked_for_again_and_explained() -> None:
    document, line = Document("id", "unique", file_name="a.txt"), Broken()
    document.set_bot(line)  # type: ignore[arg-type]
    with pytest.raises(FetchFailed):
        await download(document)
    assert line.asked == 3
