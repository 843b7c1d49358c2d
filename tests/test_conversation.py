"""Talking with the bot through the playground."""

from tests.conftest import Script, Visitor


async def test_question_is_streamed_and_answered(people: Visitor, script: Script) -> None:
    script.hold_after = 1
    await people.say("¿Qué es la atención?")
    draft = await people.until(lambda event: event["type"] == "draft" and "Una" in event["text"])
    script.gate.set()
    final = await people.hear("Una respuesta.")
    assert draft["text"].startswith("Una")
    assert final["chat"]["id"] == 1001
