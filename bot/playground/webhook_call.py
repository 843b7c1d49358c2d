"""A method call in a webhook's answer.

https://core.telegram.org/bots/api#making-requests-when-getting-updates
"""

import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from bot.playground.api_error import ApiError
from bot.playground.calls import carry_out
from bot.playground.faults import Unanswered
from bot.playground.params import read_params
from bot.playground.world import World

log = logging.getLogger(__name__)


async def carry_out_answer(world: World, content_type: str, body: bytes) -> None:
    """Make the call that the body asks for in "method", if it does. Nobody learns what comes of it, as in Telegram."""
    try:
        params = await read_params(_as_request(content_type, body))
        if params.text("method"):
            await carry_out(world, params.text("method"), params)
    except (ApiError, HTTPException, Unanswered) as error:
        log.info("A call in a webhook's answer failed: %s", type(error).__name__)
    except Exception:
        log.exception("The playground failed in a call in a webhook's answer")


def _as_request(content_type: str, body: bytes) -> Request:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"content-type", content_type.encode("latin-1"))]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}
    return Request(scope, receive)
