"""Answers of a chat model as checked data."""

import json
from dataclasses import replace
from typing import Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from bot.errors import EngineFailed
from bot.inference.api import ChatRequest, Done

M = TypeVar("M", bound=BaseModel)


class Generates(Protocol):
    """Whatever writes an answer: Inference, or a task's models, which also tell how it goes."""

    async def generate(self, request: ChatRequest) -> Done:
        """Return the whole answer at once."""
        ...


# An answer that obeys the schema's form may still break a rule that no grammar knows, or end at the token limit.
_ATTEMPTS = 2


async def generate(writer: Generates, request: ChatRequest, schema: type[M]) -> M:
    """Return the answer to `request` as an instance of `schema`; its JSON schema is enforced token by token.

    What the model writes all the same wrongly (cut short, against a validator) is asked for once more with another
    seed. Raises EngineFailed when that fails too, and what Inference.generate raises.
    """
    asked = replace(request, schema=json.dumps(schema.model_json_schema()))
    for attempt in range(_ATTEMPTS):
        done = await writer.generate(replace(asked, seed=request.seed + attempt))
        try:
            return schema.model_validate_json(done.text)
        except ValidationError:
            continue
    raise EngineFailed("error-no-structure")
