"""Entities: the people, organizations and places that a text names, each at its exact place.

A tagger finds them by itself. Without one, stretches that may be names are found by rules (naming/found.py); a head on
the encoder's vectors (naming/head.py) says what each stands for, and where it is not sure, the chat model votes.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from bot.errors import BadInput
from bot.inference.api import Span, TagRequest
from bot.tasks.detect import detect
from bot.tasks.models import Models, Part
from bot.tasks.naming import found, head
from bot.tasks.naming import kinds as naming_kinds
from bot.tasks.naming.found import Candidate
from bot.tasks.naming.names import kinds

Type = Literal["PER", "ORG", "LOC", "MISC"]
TYPES: tuple[Type, ...] = get_args(Type)
# Characters; about forty pages, for which the starter model takes some minutes.
LONGEST = 100_000
# What is asked at once: a page's worth of text, and names that fit one short answer.
_PIECE = 1500
_NAMES_AT_ONCE = 16
# Pieces in flight together: engines batch them.
_AT_ONCE = 4
# The chat model's vote makes what it says so much likelier. Measured on the set for tuning: 7 gave fewer mistakes than
# 1, 3 and 20. Where the head is surer than that the vote could change nothing, and is not asked for.
_VOTE = 7.0
_SURE = _VOTE / (1 + _VOTE)
# Places are called like people and clubs like places, but what is only known as an organization is one.
_KNOWN = {"ORG": 1.0}
# How models that were trained on other sets call the same.
_SAME: Mapping[str, Type] = {
    **dict.fromkeys(("PER", "PERSON", "PERS"), "PER"),
    **dict.fromkeys(("ORG", "ORGANIZATION", "CORPORATION", "GROUP"), "ORG"),
    **dict.fromkeys(("LOC", "LOCATION", "GPE", "FAC"), "LOC"),
}


@dataclass(frozen=True, slots=True)
class Entity:
    """A name in a text: `text == source[start:end]`, in characters."""

    text: str
    type: Type
    start: int
    end: int


async def entities(models: Models, text: str, language: str = "") -> tuple[Entity, ...]:
    """Return the names in a text in their order, none within another. Raises BadInput for more than LONGEST."""
    if len(text) > LONGEST:
        raise BadInput("entities-too-long", limit=LONGEST)
    language = language or await asyncio.to_thread(detect, text)
    tagger = models.for_task("entities", language)
    found = await _tagged(models, tagger, text) if tagger else await _asked(models, text, language)
    return repair(text, found)


def repair(text: str, found: Sequence[Entity]) -> tuple[Entity, ...]:
    """Return entities that are really in the text, without spaces at their ends; of two that overlap the longer."""
    trimmed = [_trimmed(text, entity) for entity in found if 0 <= entity.start < entity.end <= len(text)]
    kept: list[Entity] = []
    for entity in sorted(trimmed, key=lambda entity: (entity.start - entity.end, entity.start)):
        if entity.text and all(entity.end <= other.start or entity.start >= other.end for other in kept):
            kept.append(entity)
    return tuple(sorted(kept, key=lambda entity: entity.start))


def _trimmed(text: str, entity: Entity) -> Entity:
    stretch = text[entity.start : entity.end]
    start = entity.start + len(stretch) - len(stretch.lstrip())
    inner = stretch.strip()
    return Entity(inner, entity.type, start, start + len(inner))


async def _tagged(models: Models, tagger: str, text: str) -> list[Entity]:
    request = TagRequest(tagger, (text,), person=models.person, priority=models.priority)
    models.used.models.add(tagger)
    (spans,) = await models.inference.tag(request)
    return [_entity(span) for span in spans]


def _entity(span: Span) -> Entity:
    label = span.label.upper().split("-")[-1]
    return Entity(span.text, _SAME.get(label, "MISC"), span.start, span.end)


async def _asked(models: Models, text: str, language: str) -> list[Entity]:
    pieces = list(_pieces(text))
    free = asyncio.Semaphore(_AT_ONCE)

    async def work(number: int, start: int, end: int) -> list[Entity]:
        async with free:
            if len(pieces) > 1:
                models.tell(Part(number, len(pieces)))
            return await _of_piece(models, text[start:end], start, language)

    done = await asyncio.gather(*(work(number, *piece) for number, piece in enumerate(pieces, 1)))
    return [entity for of_piece in done for entity in of_piece]


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield the text's pieces, start and end, cut at the end of a paragraph, a sentence or a word if there is one."""
    start = 0
    while start < len(text):
        end = min(len(text), start + _PIECE)
        if end < len(text):
            cuts = (text.rfind(mark, start + _PIECE // 2, end) for mark in ("\n", ". ", " "))
            end = next((cut + 1 for cut in cuts if cut > 0), end)
        yield start, end
        start = end


async def _of_piece(models: Models, piece: str, offset: int, language: str) -> list[Entity]:
    able = list(await asyncio.to_thread(found.candidates, piece))
    if found.without_capitals(piece):
        able = found.merged([*able, *await naming_kinds.proposed(models, piece, language)])
    types = await _types(models, piece, able, language)
    return [
        Entity(item.text, kind, offset + item.start, offset + item.end)
        for item, kind in zip(able, types, strict=True)
        if kind
    ]


async def _types(models: Models, piece: str, able: Sequence[Candidate], language: str) -> list[Type | None]:
    """Return what each stretch stands for, None for those that are no names."""
    if not head.usable(models):
        voted = await _votes(models, piece, able, language)
        return [voted.get(item.text) for item in able]
    chances = await head.probabilities(models, piece, able)
    chances = [_KNOWN if kinds(item.text) == {"organization"} else of for item, of in zip(able, chances, strict=True)]
    open_ones = [item for item, of in zip(able, chances, strict=True) if max(of.values()) < _SURE]
    voted = await _votes(models, piece, open_ones, language)
    asked = {item.text for item in open_ones}
    return [
        _likeliest(of, voted.get(item.text, "") if item.text in asked else None)
        for item, of in zip(able, chances, strict=True)
    ]


def _likeliest(of: Mapping[str, float], vote: str | None) -> Type | None:
    weighed = {kind: chance * (_VOTE if kind == vote else 1) for kind, chance in of.items()}
    best = max(weighed, key=weighed.__getitem__)
    return next((kind for kind in TYPES if kind == best), None)


async def _votes(models: Models, piece: str, able: Sequence[Candidate], language: str) -> dict[str, Type]:
    of: dict[str, Type] = {}
    for group in _groups(able):
        of |= await naming_kinds.kinds_of(models, piece, group, language)
    return of


def _groups(able: Sequence[Candidate]) -> Iterator[list[Candidate]]:
    once = list({item.text: item for item in able}.values())
    for start in range(0, len(once), _NAMES_AT_ONCE):
        yield once[start : start + _NAMES_AT_ONCE]
