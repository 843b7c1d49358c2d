"""/course: the starter course, a section at a time in one message, the place remembered."""

from bot import texts
from bot.context import Context
from bot.drawing import picture
from bot.errors import BadInput
from bot.library import course
from bot.markdown import Attached, escape
from bot.routing import Button, Command
from bot.storage import course as places

_CONTENTS = 0
_COLUMNS = 6
Rows = list[list[tuple[str, str]]]


async def open_course(ctx: Context) -> None:
    """Show the section that is named, or the one where the person stopped; who has finished begins anew."""
    language = ctx.language if ctx.language in course.languages() else texts.DEFAULT
    last = _last(language)
    number = _number(ctx.words) if ctx.words else await _place(ctx, ctx.user_id) % last or 1
    if not 1 <= number <= last:
        raise BadInput("course-no-section", last=last)
    await ctx.reply(*await _section(ctx, language, number, ctx.user_id))


async def turn(ctx: Context) -> None:
    """Turn to the page of the tapped button, in the same message and in its language."""
    language, chosen, owner = [*ctx.choice.split(":", 2), "", ""][:3]
    # A button's data can be forged.
    if language not in course.languages() or not _CONTENTS <= (number := _number(chosen)) <= _last(language):
        raise BadInput
    whose = int(owner) if owner.isdecimal() and len(owner) < 19 else 0
    shown = await (_contents(ctx, language, whose) if number == _CONTENTS else _section(ctx, language, number, whose))
    if not await ctx.change(*shown):
        await ctx.reply(*shown)


async def _section(ctx: Context, language: str, number: int, owner: int) -> tuple[str, Rows, Attached]:
    """Return a section. Its `owner`, who opened the message, comes to it; others who turn pages keep their place."""
    section, last = course.sections(language)[number - 1], _last(language)
    heading = _say(language, "course-title", number=number, of=last, title=escape(section.title))
    row = [(_say(language, "button-course-contents"), _data(language, _CONTENTS, owner))]
    if number > 1:
        row.insert(0, (_say(language, "button-course-back", number=number - 1), _data(language, number - 1, owner)))
    if number < last:
        row.append((_say(language, "button-course-next", number=number + 1), _data(language, number + 1, owner)))
    anew = [[(_say(language, "button-course-anew"), _data(language, 1, owner))]] if number == last else []
    drawn = await _drawn(language, section.picture)
    if owner == ctx.user_id:
        await ctx.transact(places.move, ctx.place.chat_id, owner, number)
    return f"**{heading}**\n\n{section.text}", [row, *anew], drawn


async def _contents(ctx: Context, language: str, owner: int) -> tuple[str, Rows, Attached]:
    sections = course.sections(language)
    heading = _say(language, "course-contents", title=escape(course.title(language)))
    lines = [f"{section.number}. {escape(section.title)}" for section in sections]
    numbers = [(str(section.number), _data(language, section.number, owner)) for section in sections]
    rows = [numbers[start : start + _COLUMNS] for start in range(0, len(numbers), _COLUMNS)]
    place = await _place(ctx, owner)
    back = (_say(language, "button-course-here", number=place), _data(language, place, owner))
    return "\n".join((f"**{heading}**\n", *lines)), [*rows, [back]], await _drawn(language, sections[0].picture)


async def _place(ctx: Context, owner: int) -> int:
    return await ctx.transact(places.place, ctx.place.chat_id, owner)


def _data(language: str, number: int, owner: int) -> str:
    return f"course:{language}:{number}:{owner}"


def _last(language: str) -> int:
    return len(course.sections(language))


def _number(words: str) -> int:
    # What is longer is no section, whatever number it is.
    return int(words) if words.isdecimal() and len(words) < 4 else -1


async def _drawn(language: str, name: str) -> Attached:
    return Attached(f"{name}.png", await picture(name, course.labels(language, name)))


def _say(language: str, key: str, **values: str | int) -> str:
    # The message stays in the language of who opened it, whoever turns its pages.
    return texts.text(language, key, **values)


HANDLERS = [Command("course", open_course, {"es": "curso"}, topic="material"), Button("course", turn)]
