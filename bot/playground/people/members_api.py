"""The people's side over HTTP: who is in a chat, its topics, its reactions, and its becoming a supergroup."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground.chat import BOT_ID, TOPIC_COLORS, Chat, Topic
from bot.playground.json_text import JSON
from bot.playground.params import read_object
from bot.playground.people.asking import actor, answer, chat_in, chat_of, member, message_in, number, refuse
from bot.playground.rules.membership import change, refusal
from bot.playground.rules.migration import migrate
from bot.playground.rules.reactions import EMOJI, plain, react, shown
from bot.playground.rules.topics import MAX_NAME, MAX_TOPICS, create, rename, set_closed
from bot.playground.world import World

_STATUSES = frozenset({"member", "administrator", "left", "kicked"})


class MembersApi:
    """What people do with a chat other than writing in it."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the routes of members, topics, reactions and migration."""
        chat = "/api/chats/{chat_id}"
        return [
            Route(f"{chat}/members/{{user_id}}", self.member, methods=["PUT"]),
            Route(f"{chat}/topics", self.create_topic, methods=["POST"]),
            Route(f"{chat}/topics/{{thread_id}}", self.change_topic, methods=["PATCH"]),
            Route(f"{chat}/messages/{{message_id}}/reactions", self.react, methods=["POST"]),
            Route("/api/migrate", self.migrate, methods=["POST"]),
        ]

    async def member(self, request: Request) -> Response:
        """Let somebody join, leave, be added, promoted or removed, at the wish of a person."""
        world, chat = self._world, chat_in(self._world, request)
        user_id = world.kept_id(number(request.path_params["user_id"], "user id"))
        given = await read_object(request)
        actor = world.people.get(number(given.get("from"), "from"))
        status = given.get("status")
        if actor is None or (user_id != BOT_ID and user_id not in world.people):
            raise refuse("person not found", 404)
        if not isinstance(status, str) or status not in _STATUSES:
            raise refuse("status must be member, administrator, left or kicked")
        if reason := refusal(chat, actor, user_id, status):
            raise refuse(reason, 403)
        change(world, chat, actor.user(), user_id, status)
        return answer(world.listing(chat))

    async def create_topic(self, request: Request) -> Response:
        """Create a topic in a forum."""
        chat = _forum(chat_in(self._world, request))
        given = await read_object(request)
        person = member(self._world, chat, given.get("from"))
        if len(chat.topics) >= MAX_TOPICS:
            raise refuse("there are too many topics", 409)
        topic = create(
            self._world, chat, person.user(), _name(given), TOPIC_COLORS[len(chat.topics) % len(TOPIC_COLORS)]
        )
        return answer(topic.listing(), 201)

    async def change_topic(self, request: Request) -> Response:
        """Rename, close or reopen a topic; administrators only."""
        world, chat = self._world, _forum(chat_in(self._world, request))
        given = await read_object(request)
        person = member(world, chat, given.get("from"))
        if not chat.is_admin(person.id):
            raise refuse("only administrators change topics", 403)
        topic = _topic(chat, number(request.path_params["thread_id"], "topic"))
        if "name" in given:
            rename(world, chat, topic, person.user(), _name(given), topic.icon_custom_emoji_id)
        if isinstance(given.get("closed"), bool):
            set_closed(world, chat, topic, person.user(), closed=given["closed"])
        return answer(topic.listing())

    async def react(self, request: Request) -> Response:
        """Set or remove a person's reaction to a message."""
        chat = chat_in(self._world, request)
        given = await read_object(request)
        person = actor(self._world, chat, given.get("from"))
        message = message_in(chat, request)
        emoji = given.get("emoji") or ""
        if not isinstance(emoji, str) or (emoji and plain(emoji) not in EMOJI):
            raise refuse("emoji must be one that Telegram has as a reaction")
        react(self._world, chat, message["message_id"], person.id, [plain(emoji)] if emoji else [])
        return answer({"reactions": shown(chat, message["message_id"])})

    async def migrate(self, request: Request) -> Response:
        """Make a supergroup of a group."""
        given = await read_object(request)
        chat = chat_of(self._world, given.get("chat_id"))
        try:
            return answer({"chat_id": migrate(self._world, chat).id}, 201)
        except ValueError as error:
            raise refuse(str(error)) from None


def _forum(chat: Chat) -> Chat:
    if not chat.is_forum:
        raise refuse("this chat has no topics")
    return chat


def _topic(chat: Chat, thread_id: int) -> Topic:
    if thread_id not in chat.topics:
        raise refuse("there is no such topic", 404)
    return chat.topics[thread_id]


def _name(given: JSON) -> str:
    name = given.get("name")
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= MAX_NAME:
        raise refuse(f"name must have 1 to {MAX_NAME} characters")
    return name.strip()
