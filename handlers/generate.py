"""/generate: text from a prompt, with buttons for more of it, another one, a shorter one."""

import math
from functools import partial
from typing import Literal

from bot import texts
from bot.answering import Below, Source, answer
from bot.context import Context
from bot.errors import BadInput
from bot.inference.api import ChatRequest, Turn
from bot.routing import Button, Command
from bot.storage import written
from bot.storage.written import Draft
from bot.taking import replied_to, take
from bot.tasks import generate

Option = Literal["temperature", "length"]
_OPTIONS: tuple[Option, ...] = ("temperature", "length")
# Above it models write no words any more.
_HOTTEST = 2.0
# In words.
_SHORTEST, _LONGEST = 5, 1000
# Of all that was written for one prompt this many characters, the last ones, are kept.
_KEPT = 20_000


async def run(ctx: Context) -> None:
    """Write what the text after the command asks for, of the message replied to if there is one."""
    options, words = _apart(ctx.words)
    temperature, length = _temperature(options), _length(options)
    given = await take(ctx, words, "generate", _spelled(options))
    if given is None:
        return
    prompt = "\n\n".join(part for part in (given.text, await _quoted(ctx) if words else "") if part)
    draft = Draft(prompt, "", temperature, length)
    await _write(ctx, draft, generate.first(ctx.language, prompt, length))


async def more(ctx: Context, draft: Draft) -> None:
    """Go on where the text ends."""
    source = Source(partial(generate.onward, ctx.services.inference, text=draft.text), ctx.t("generate-complete"))
    await _write(ctx, draft, generate.more(ctx.language, draft.prompt, draft.text), source)


async def again(ctx: Context, draft: Draft) -> None:
    """Write another text for the same prompt."""
    await _write(ctx, draft._replace(text=""), generate.first(ctx.language, draft.prompt, draft.length))


async def shorter(ctx: Context, draft: Draft) -> None:
    """Write the same in half as many words."""
    words = generate.half(draft.text)
    turns = generate.shorter(ctx.language, draft.prompt, draft.text, words)
    await _write(ctx, draft._replace(text="", length=words), turns)


_WISHES = {"more": more, "again": again, "shorter": shorter}


async def go_on(ctx: Context) -> None:
    """Do what the tapped button says with the text above it."""
    name, _, number = ctx.choice.partition(":")
    # What a button carries comes from outside; the database's column holds 63 bits.
    update_id = int(number) if number.isdecimal() and len(number) < 19 else 0
    draft = await ctx.transact(written.find, ctx.place.chat_id, update_id)
    wish = _WISHES.get(name)
    if draft is None or wish is None:
        await ctx.answer_button(ctx.t("generate-gone"), alert=True)
        return
    await ctx.answer_button()
    await wish(ctx, draft)


async def _write(ctx: Context, draft: Draft, turns: tuple[Turn, ...], source: Source | None = None) -> None:
    """Write the next piece of a draft, with buttons below it."""
    limit = generate.most_tokens(draft.length, ctx.services.settings.max_new_tokens)
    request = generate.request(ctx.chat_model, turns, limit, draft.temperature, seed=ctx.update_id)

    async def prepare() -> ChatRequest:
        return request

    async def keep(text: str) -> None:
        whole = f"{draft.text}\n{text}".strip()[-_KEPT:]
        await ctx.transact(written.keep, ctx.place.chat_id, ctx.update_id, ctx.user_id, draft._replace(text=whole))

    # What would have to be stored for the buttons is not, of people who asked for that.
    silent = ctx.is_group and ctx.user and ctx.user.opted_out
    await answer(ctx, prepare, below=None if silent else Below(_keyboard(ctx), keep), source=source)


def _keyboard(ctx: Context) -> list[list[tuple[str, str]]]:
    return [[(ctx.t(f"button-generate-{wish}"), f"generate:{wish}:{ctx.update_id}") for wish in _WISHES]]


async def _quoted(ctx: Context) -> str:
    replied = await replied_to(ctx)
    return (replied.text or replied.caption or "") if replied else ""


def _apart(words: str) -> tuple[dict[Option, str], str]:
    """Return the options that the words begin with ("t=0.3 length=40 …"), and the other words."""
    options: dict[Option, str] = {}
    while words:
        first, *rest = words.split(maxsplit=1)
        name, equals, value = first.partition("=")
        option = _named(name.lower())
        if not (option and equals):
            break
        options[option], words = value, "".join(rest)
    return options, words


def _named(name: str) -> Option | None:
    """Return the option that has this name in any of the bot's languages."""
    spoken = {
        word: option
        for option in _OPTIONS
        for language in texts.languages()
        for word in texts.text(language, f"generate-option-{option}").split()
    }
    return spoken.get(name)


def _spelled(options: dict[Option, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in options.items())


def _temperature(options: dict[Option, str]) -> float:
    value = _number(options.get("temperature", str(generate.TEMPERATURE)))
    if not 0 <= value <= _HOTTEST:
        raise BadInput("generate-temperature", highest=_HOTTEST)
    return value


def _length(options: dict[Option, str]) -> int:
    value = _number(options["length"]) if "length" in options else 0.0
    if "length" in options and not (_SHORTEST <= value <= _LONGEST and value.is_integer()):
        raise BadInput("generate-length", least=_SHORTEST, most=_LONGEST)
    return int(value)


def _number(word: str) -> float:
    """Return the number that a word is, with a decimal point or comma; nan for what is none."""
    try:
        return float(word.replace(",", "."))
    except ValueError:
        return math.nan


HANDLERS = [Command("generate", run, {"es": "generar"}, topic="texts"), Button("generate", go_on)]
