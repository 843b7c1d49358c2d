"""What the bot says of itself, in each language."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from telegram import Bot

from bot.playground.state import load, snapshot, write
from bot.playground.world import World

from .asked import ask, call, events, refused


async def test_the_bots_name_changes_for_all_who_see_it(bot: Bot, people: httpx.AsyncClient, started: int) -> None:
    assert (await bot.get_my_name()).name == "Tertulia"
    await bot.set_my_name("Peña")
    await bot.set_my_name("Club", language_code="en")
    assert [(await bot.get_my_name(code)).name for code in (None, "en", "fr")] == ["Peña", "Club", "Peña"]
    assert (await call(people, "getMe"))["first_name"] == "Peña"
    sent = await call(people, "sendMessage", chat_id=1001, text="a")
    assert sent["from"]["first_name"] == "Peña"
    assert (await events(people, 1001, "chat"))[-1]["chat"]["title"] == "Peña"
    await bot.set_my_name("")
    assert (await call(people, "getMe"))["first_name"] == "Tertulia"


async def test_people_read_the_description_in_their_language(bot: Bot, people: httpx.AsyncClient) -> None:
    await bot.set_my_description("I keep your group's notes")
    await bot.set_my_description("Llevo las notas del grupo", language_code="es")
    chats = {chat["id"]: chat for chat in await ask(people, "GET", "/api/chats")}
    assert chats[1001]["description"] == "Llevo las notas del grupo"
    assert chats[1002]["description"] == "I keep your group's notes"
    assert (await bot.get_my_description("es")).description == "Llevo las notas del grupo"
    await bot.set_my_description("", language_code="es")
    assert (await bot.get_my_description("es")).description == "I keep your group's notes"
    await bot.set_my_short_description("notas")
    assert (await bot.get_my_short_description("en")).short_description == "notas"


@pytest.mark.parametrize(
    ("method", "field", "most", "reason"),
    [
        ("setMyName", "name", 64, "BOT_TITLE_INVALID"),
        ("setMyDescription", "description", 512, "BOT_DESCRIPTION_TOO_LONG"),
        ("setMyShortDescription", "short_description", 120, "ABOUT_TOO_LONG"),
    ],
)
async def test_limits(people: httpx.AsyncClient, method: str, field: str, most: int, reason: str) -> None:
    assert await call(people, method, **{field: "ñ" * most}) is True
    too_long: dict[str, Any] = {field: "ñ" * (most + 1)}
    assert await refused(people, method, **too_long) == f"Bad Request: {reason}"
    assert await refused(people, method, language_code="español") == "Bad Request: LANG_CODE_INVALID"
    assert (await refused(people, method, **{field: ["a"]})).startswith("Bad Request: can't parse")


async def test_the_profile_outlives_a_restart(people: httpx.AsyncClient, world: World, tmp_path: Path) -> None:
    await call(people, "setMyName", name="Peña")
    write(snapshot(world), tmp_path / "state.json")
    assert load(tmp_path / "state.json").me["first_name"] == "Peña"


async def test_nobody_has_pictures(bot: Bot, people: httpx.AsyncClient) -> None:
    found = await bot.get_user_profile_photos(1001)
    assert (found.total_count, found.photos) == (0, ())
    assert await refused(people, "getUserProfilePhotos", user_id=5) == "Bad Request: user not found"
    assert await refused(people, "getUserProfilePhotos") == "Bad Request: invalid user_id specified"


async def test_a_bot_may_leave_the_server(bot: Bot) -> None:
    assert await bot.log_out()
    assert await bot.close()
