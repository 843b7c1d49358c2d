"""What the chat model says about names: which there are in a text without capitals, and what each stands for."""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from bot.inference.api import ChatRequest, Turn
from bot.tasks.models import Models
from bot.tasks.naming.found import Candidate
from bot.tasks.naming.names import key, kinds
from bot.tasks.naming.words import FUNCTION_WORDS
from bot.texts import text as locale_text

if TYPE_CHECKING:
    from bot.tasks.entities import Type

_Kind = Literal["person", "organization", "place", "other"]
_TYPES: Mapping[str, "Type"] = {"person": "PER", "organization": "ORG", "place": "LOC"}
_Name = Annotated[str, Field(max_length=40)]
_Names = Annotated[list[_Name], Field(max_length=5)]
# Tokens of an answer: a name's kind with its number and quotes, beside the name itself; and the longest three lists.
_TOKENS_PER_NAME = 16
_TOKENS_OF_LISTS = 400


class _Proposed(BaseModel):
    model_config = ConfigDict(extra="forbid")

    people: _Names
    organizations: _Names
    places: _Names


async def kinds_of(models: Models, text: str, able: Sequence[Candidate], language: str) -> dict[str, "Type"]:
    """Return what each stretch of a text stands for there; those that name nothing of the three kinds are left out."""
    if not able:
        return {}
    keys = [_key(number, item.text) for number, item in enumerate(able)]
    names = ", ".join(item.text for item in able)
    turns = (
        Turn("system", locale_text(language, "prompt-entities")),
        *_examples(language),
        Turn("user", locale_text(language, "prompt-entities-ask", text=text, names=names)),
    )
    limit = 32 + sum(_TOKENS_PER_NAME + len(name) for name in keys)
    answer = await models.structured(
        ChatRequest(models.chat, turns, max_new_tokens=limit, temperature=0), _schema(keys)
    )
    said: dict[str, str] = answer.model_dump(by_alias=True)
    return {item.text: _TYPES[said[name]] for item, name in zip(able, keys, strict=True) if said[name] in _TYPES}


def _examples(language: str) -> Iterator[Turn]:
    for number in (1, 2):
        yield Turn("user", locale_text(language, f"prompt-entities-example-{number}"))
        yield Turn("assistant", locale_text(language, f"prompt-entities-answer-{number}"))


def _key(number: int, name: str) -> str:
    # Grammars of some engines spoil letters beyond ASCII.
    plain = re.sub(r"[^a-z0-9 ]", "", key(name))
    return f"{number + 1} {plain}"


def _schema(keys: Sequence[str]) -> type[BaseModel]:
    fields: dict[str, Any] = {f"of_{n}": (_Kind, Field(alias=name)) for n, name in enumerate(keys)}
    return create_model("Kinds", __config__=ConfigDict(extra="forbid"), **fields)


async def proposed(models: Models, text: str, language: str) -> list[Candidate]:
    """Return the stretches that the chat model takes for names, wherever they stand in the text as whole words."""
    turns = (Turn("system", locale_text(language, "prompt-entities-find")), Turn("user", text))
    request = ChatRequest(models.chat, turns, max_new_tokens=_TOKENS_OF_LISTS, temperature=0)
    answer = await models.structured(request, _Proposed)
    names = {*answer.people, *answer.organizations, *answer.places}
    return await asyncio.to_thread(lambda: [item for name in names for item in occurrences(text, name)])


def occurrences(text: str, name: str) -> list[Candidate]:
    """Return where a name stands in a text, capitals aside; nowhere for what is no name but common words."""
    name = name.strip()
    if len(name) < 2 or all(_common(word) for word in name.split()):
        return []
    pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    return [Candidate(found.group(), *found.span()) for found in pattern.finditer(text)]


def _common(word: str) -> bool:
    return key(word) in FUNCTION_WORDS or kinds(word) == {"word"} or not any(char.isalpha() for char in word)
