"""What every client library's bot does in groups, topics and the channel (README.md), both ways."""

import pytest

from tests.clients.people import BEN, BOT, CHANNEL, FORUM, GROUP, INES, LUCIA, People

pytestmark = [pytest.mark.clients, pytest.mark.asyncio(loop_scope="module")]


async def test_votes_in_a_quiz_are_told_and_counted(people: People) -> None:
    await people.say("/quiz@tertulia_bot", LUCIA, GROUP)
    event = await people.see("message", GROUP, lambda event: "poll" in event["message"])
    message = event["message"]
    poll = message["poll"]
    assert (poll["type"], poll["question"], poll["is_anonymous"]) == ("quiz", "2 + 2?", False)
    assert [option["text"] for option in poll["options"]] == ["3", "4", "5"]
    await people.vote(message, [1], LUCIA)
    await people.hear("Lucía chose 1", GROUP)
    await people.vote(message, [0], BEN)
    await people.hear("Ben chose 0", GROUP)
    await people.say("/close@tertulia_bot", INES, GROUP, reply_to=message["message_id"])
    await people.hear("Votes: 1 1 0", GROUP)


async def test_votes_are_changed_and_retracted(people: People) -> None:
    await people.say("/poll@tertulia_bot", BEN, GROUP)
    event = await people.see("message", GROUP, lambda event: "poll" in event["message"])
    message = event["message"]
    assert message["poll"]["allows_multiple_answers"]
    for options, told in (([0, 2], "0, 2"), ([1], "1"), ([], "nothing")):
        await people.vote(message, options, BEN)
        await people.hear(f"Ben chose {told}", GROUP)
    await people.say("/close@tertulia_bot", BEN, GROUP, reply_to=message["message_id"])
    await people.hear("Votes: 0 0 0", GROUP)


async def test_joins_and_ranks_are_noticed(people: People) -> None:
    person = await people.post("/api/people", first_name="Nora")
    await people.set_member(GROUP, BOT, "administrator", LUCIA)
    await people.hear("Thank you.", GROUP)
    await people.set_member(GROUP, person["id"], "left", person["id"])
    await people.hear("Nora: member > left", GROUP)
    await people.set_member(GROUP, person["id"], "member", LUCIA)
    await people.hear("Welcome, Nora.", GROUP)
    await people.hear("Nora: left > member", GROUP)
    await people.set_member(GROUP, BOT, "member", LUCIA)


async def test_the_group_is_known(people: People) -> None:
    await people.say("/members", BEN, FORUM)
    told = await people.hear("Taller de lectura: ", FORUM)
    assert "Inés, Lucía, Tertulia" in told["text"]


async def test_a_topic_is_made_and_respected(people: People) -> None:
    await people.say("/topic Poesía del 27", LUCIA, FORUM)
    greeting = await people.hear("Talk here: Poesía del 27", FORUM)
    thread = greeting["message_thread_id"]
    assert greeting["is_topic_message"]
    await people.say("/where", BEN, FORUM, thread=thread)
    answer = await people.hear("Topic", FORUM)
    assert (answer["text"], answer["message_thread_id"]) == (f"Topic {thread}", thread)
    await people.say("/where", BEN, FORUM)
    assert (await people.hear("Topic", FORUM))["text"] == "Topic none"


async def test_a_reaction_is_set_and_seen(people: People) -> None:
    message = await people.say("/like", BEN, FORUM)
    event = await people.see("reaction", FORUM, lambda event: event["message_id"] == message["message_id"])
    assert [(reaction["emoji"], reaction["from"]) for reaction in event["reactions"]] == [("👍", [BOT])]
    await people.react(message, "🔥", INES)
    await people.hear("Inés: - > 🔥", FORUM)
    await people.react(message, "", INES)
    await people.hear("Inés: 🔥 > -", FORUM)


async def test_a_channel_post_is_answered(people: People) -> None:
    post = await people.say("Mañana, a las siete", LUCIA, CHANNEL)
    assert "from" not in post
    answer = await people.hear("Noted: Mañana, a las siete", CHANNEL)
    assert answer["sender_chat"]["id"] == CHANNEL
    assert answer["reply_to_message"]["message_id"] == post["message_id"]


async def test_a_group_becomes_a_supergroup(people: People) -> None:
    new = (await people.post("/api/migrate", chat_id=GROUP))["chat_id"]
    await people.hear(f"Moved to {new}", new)
    await people.say("/members", BEN, new)
    await people.hear("Grupo de lectura: ", new)
