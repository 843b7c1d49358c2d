"""/sentiment and /mood, at the front door."""

from datetime import UTC, datetime, timedelta

import pytest

from bot import app
from bot.storage import recap
from bot.storage.history import Said, remember
from tests.conftest import BEN, GROUP, JSON, LUCIA, Script, Visitor
from tests.test_sentiment_task import ENCODER, Installed


@pytest.fixture
def script() -> Script:
    """A machine with an encoder, which leans towards the feeling that a text names."""
    return Installed(more=[ENCODER])


async def picture(people: Visitor, chat: int) -> JSON:
    """Wait for a picture of the bot's."""

    def wanted(event: JSON) -> bool:
        message = event.get("message", {})
        return bool(message.get("photo") and message["from"]["is_bot"])

    return dict((await people.until(wanted, chat))["message"])


async def heard(people: Visitor, words: str, chat: int = LUCIA) -> JSON:
    """Wait for the bot to have said something with these words, at once or by an edit."""

    def wanted(event: JSON) -> bool:
        message = event.get("message", {})
        return words in message.get("text", "") and message["from"]["is_bot"]

    return dict((await people.until(wanted, chat))["message"])


async def test_a_text_is_judged_with_probabilities(people: Visitor) -> None:
    await people.say("/sentimiento negative")
    answer = await heard(people, "Suena negativo")
    assert "positivo 0 %" in answer["text"]
    assert "negativo 100 %" in answer["text"]


async def test_without_a_text_it_asks(people: Visitor) -> None:
    await people.say("/sentiment")
    question = await people.hear("¿Qué texto analizo?")
    await people.say("positive", reply_to=question["message_id"])
    await heard(people, "Suena positivo")


async def test_the_message_replied_to_is_judged(people: Visitor) -> None:
    said = await people.say("neutral", BEN, GROUP)
    await people.say("/sentimiento", LUCIA, GROUP, reply_to=said["message_id"])
    await heard(people, "Suena neutro", GROUP)


async def meet(people: Visitor, *who: int) -> None:
    """Let the bot get to know people of the group."""
    for person in who:
        await people.say("/help", person, GROUP)
        await heard(people, "/", GROUP)


async def talk(bot: app.Running, messages: int, people: int = 2) -> None:
    """Let people have said so many things in the group during the last week."""
    now = datetime.now(UTC)
    for number in range(messages):
        said = Said(
            chat_id=GROUP,
            thread_id=0,
            message_id=100_000 + number,
            text=f"{('positive', 'negative')[number % 2]} examen",
            user_id=(LUCIA, BEN)[number % people],
            sent_at=now - timedelta(hours=7 * (messages - number)),
        )
        await bot.database.transact(remember, said)


async def test_the_mood_of_a_group_is_drawn(bot: app.Running, people: Visitor) -> None:
    await meet(people, LUCIA, BEN)
    await talk(bot, 24)
    await people.say("/animo", LUCIA, GROUP)
    drawn = await picture(people, GROUP)
    assert "De 24 mensajes" in drawn["caption"]
    assert "al menos 5 mensajes de 2 personas o más" in drawn["caption"]


async def test_too_few_messages_for_a_course_are_told_in_words(bot: app.Running, people: Visitor) -> None:
    await meet(people, LUCIA, BEN)
    await talk(bot, 12)
    await people.say("/animo", LUCIA, GROUP)
    told = await heard(people, "De 12 mensajes: el ánimo es más bien neutro.", GROUP)
    assert "De qué se habla: examen (neutro)." in told["text"]
    assert "photo" not in told


async def test_one_persons_mood_is_not_drawn_in_a_group(bot: app.Running, people: Visitor) -> None:
    await meet(people, LUCIA)
    await talk(bot, 24, people=1)
    await people.say("/animo", LUCIA, GROUP)
    await heard(people, "al menos 5 mensajes, de 2 personas distintas", GROUP)


async def test_who_opted_out_does_not_count(bot: app.Running, people: Visitor) -> None:
    await meet(people, LUCIA, BEN)
    await talk(bot, 24)
    await bot.database.transact(recap.opt_out, BEN)
    await people.say("/animo", LUCIA, GROUP)
    await heard(people, "al menos 5 mensajes, de 2 personas distintas", GROUP)


@pytest.mark.parametrize("period", ["24h", "2 semanas", "semana", "día", "3 months", "7d"])
async def test_periods_without_enough_messages(period: str, people: Visitor) -> None:
    await people.say(f"/mood {period}")
    await heard(people, "Necesito al menos 5 mensajes.")


@pytest.mark.parametrize("period", ["0d", "ayer", "12", "-3d", "9999d", "3x"])
async def test_periods_that_are_none(period: str, people: Visitor) -> None:
    await people.say(f"/mood {period}")
    await people.hear("No entiendo ese periodo")
