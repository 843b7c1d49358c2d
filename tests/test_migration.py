"""A group that becomes a supergroup keeps what it has."""

from bot import app
from bot.storage.tables import Chat
from tests.conftest import GROUP, LUCIA, Visitor


async def test_the_library_and_the_glossary_come_along(bot: app.Running, people: Visitor) -> None:
    await people.say("/anadir El perro duerme en casa.", LUCIA, GROUP)
    await people.hear("El perro duerme", GROUP, "edit")
    response = await people.http.post("/api/migrate", json={"chat_id": GROUP})
    new = int(response.raise_for_status().json()["chat_id"])

    async def met() -> bool:
        return await bot.database.transact(lambda session: session.get(Chat, new) is not None)

    await people.until_true(met, bool)
    await people.say("/biblioteca", LUCIA, new)
    await people.hear("El perro duerme", new)
