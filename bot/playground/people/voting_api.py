"""The people's side over HTTP: voting in polls."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground.params import read_object
from bot.playground.people.asking import answer, chat_in, flagged, member, message_in, refuse
from bot.playground.rules.poll import whole
from bot.playground.rules.poll_params import MAX_OPTIONS
from bot.playground.rules.polls import of_message, refusal, vote
from bot.playground.world import World


class VotingApi:
    """Votes, and taking them back."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """Return the route of votes."""
        return [Route("/api/chats/{chat_id}/messages/{message_id}/votes", self.vote, methods=["POST"])]

    async def vote(self, request: Request) -> Response:
        """Count a person's vote, or an administrator's in the name of the group; no options: take it back."""
        chat = chat_in(self._world, request)
        given = await read_object(request)
        person = member(self._world, chat, given.get("from"))
        poll = of_message(self._world, message_in(chat, request))
        if poll is None:
            raise refuse("this message shows no poll")
        if chat.migrated_to:
            raise refuse("this group became a supergroup", 409)
        as_group = flagged(given, "anonymous")
        if as_group and not (chat.type == "supergroup" and chat.is_admin(person.id)):
            raise refuse("only administrators of a supergroup vote anonymously", 403)
        voter, chosen = chat.id if as_group else person.id, _indices(given.get("options"))
        if reason := refusal(poll, voter, chosen):
            raise refuse(reason, 409)
        vote(self._world, poll, voter, chosen)
        return answer(whole(poll))


def _indices(given: object) -> list[int]:
    if not isinstance(given, list) or len(given) > MAX_OPTIONS:
        raise refuse("options must be a list of numbers")
    chosen = [one for one in given if isinstance(one, int) and not isinstance(one, bool)]
    if len(chosen) != len(given):
        raise refuse("options must be a list of numbers")
    return chosen
