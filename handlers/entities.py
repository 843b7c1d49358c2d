"""/entities: the people, organizations and places of a text, marked in it and as a list."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from telegram import MessageEntity

from bot.context import Context
from bot.markdown import MAX_ENTITIES, MAX_TEXT, Part, split
from bot.routing import Command
from bot.taking import take
from bot.tasks.entities import TYPES, Entity, Type, entities
from bot.tasks.models import Models
from bot.working import Outcome, work

_STYLES: dict[Type, str] = {
    "PER": MessageEntity.BOLD,
    "ORG": MessageEntity.UNDERLINE,
    "LOC": MessageEntity.ITALIC,
    "MISC": MessageEntity.CODE,
}
# Of longer texts the list is shown alone: nobody reads their own book again in twenty messages.
_MOST_MARKED = 3500


@dataclass(slots=True)
class Styled:
    """A text under construction, and which stretches of it look how (offsets in characters)."""

    text: str = ""
    styles: list[MessageEntity] = field(default_factory=list)

    def add(self, text: str, style: str = "") -> None:
        """Put more text at the end."""
        if style and text:
            self.styles.append(MessageEntity(style, len(self.text), len(text)))
        self.text += text

    def parts(self) -> list[Part]:
        """Return the text in messages, none with more styles than Telegram shows."""
        styles = MessageEntity.adjust_message_entities_to_utf_16(self.text, self.styles)
        limit = MAX_TEXT
        parts = split(self.text, styles, limit)
        while any(_full(part) for part in parts):
            limit //= 2
            parts = split(self.text, styles, limit)
        return parts


def _full(part: Part) -> bool:
    return len(part.entities) >= MAX_ENTITIES and len(part.text) > MAX_ENTITIES


async def run(ctx: Context) -> None:
    """Find the names in what is given."""
    if given := await take(ctx, ctx.words, "entities"):
        await work(ctx, lambda models: _shown(ctx, models, given.text))


async def _shown(ctx: Context, models: Models, text: str) -> Outcome:
    found = await entities(models, text)
    if not found:
        return Outcome(ctx.t("entities-none"))
    styled = Styled()
    if len(text) <= _MOST_MARKED:
        _mark(styled, text, found)
        styled.add("\n\n")
    for kind, names in _by_type(found):
        emoji, legend = ctx.t(f"entities-{kind.lower()}").split(" ", 1)
        styled.add(f"{emoji} ")
        styled.add(legend, _STYLES[kind])
        styled.add(f" {names}\n")
    return Outcome(parts=tuple(styled.parts()))


def _mark(styled: Styled, text: str, found: Sequence[Entity]) -> None:
    position = 0
    for entity in found:
        styled.add(text[position : entity.start])
        styled.add(entity.text, _STYLES[entity.type])
        position = entity.end
    styled.add(text[position:])


def _by_type(found: Sequence[Entity]) -> Iterator[tuple[Type, str]]:
    """Yield each type that there is with its names in their order, each once and how often it stands there."""
    for kind in TYPES:
        times = Counter(" ".join(entity.text.split()) for entity in found if entity.type == kind)
        names = (f"{name} ×{count}" if count > 1 else name for name, count in times.items())
        if times:
            yield kind, ", ".join(names)


HANDLERS = [Command("entities", run, {"es": "entidades"}, topic="texts")]
