"""A group becomes a supergroup: a new chat with a new id, and the old one tells where it went."""

from bot.playground.chat import Chat
from bot.playground.rules.hearing import tell
from bot.playground.world import World

_FIRST_SUPERGROUP = 1_001_000_000_000


def migrate(world: World, group: Chat) -> Chat:
    """Return the supergroup that takes the place of `group`; ValueError if it is no group or went before."""
    if group.type != "group" or group.migrated_to:
        raise ValueError("only a group can become a supergroup, and only once")
    supergroup = Chat(-_FIRST_SUPERGROUP + group.id, "supergroup", group.title, list(group.members), group.owner)
    supergroup.admins, supergroup.banned = list(group.admins), list(group.banned)
    supergroup.bot = group.bot
    world.chats[supergroup.id] = supergroup
    owner = world.people[group.owner].user()
    leaving = world.post(group, owner, {"migrate_to_chat_id": supergroup.id})
    arriving = world.post(supergroup, owner, {"migrate_from_chat_id": group.id})
    tell(world, group, leaving)
    tell(world, supergroup, arriving)
    group.migrated_to = supergroup.id
    world.publish_chat(group)
    world.publish_chat(supergroup)
    return supergroup
