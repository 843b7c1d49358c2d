"""Mentions of people by their id: Telegram shows who they are, and drops them if the bot cannot know them."""

from bot.playground.chat import Person
from bot.playground.json_text import JSON

_FIELDS = ("entities", "caption_entities")


def with_people(message: JSON, people: dict[int, Person], bot: JSON) -> JSON:
    """Return the message with the User of each text_mention; without those of users who are not there."""
    found = {name: known_only(message[name], people, bot) for name in _FIELDS if name in message}
    kept = {name: value for name, value in message.items() if name not in found}
    return kept | {name: entities for name, entities in found.items() if entities}


def known_only(entities: list[JSON], people: dict[int, Person], bot: JSON) -> list[JSON]:
    """Return the entities, with the User of each text_mention that names one of `people` or the bot."""
    users = {bot["id"]: bot}
    for entity in entities:
        if entity["type"] == "text_mention" and (person := people.get(entity["user"]["id"])):
            users[person.id] = person.user()
    return [
        entity | {"user": users[entity["user"]["id"]]} if entity["type"] == "text_mention" else entity
        for entity in entities
        if entity["type"] != "text_mention" or entity["user"]["id"] in users
    ]
