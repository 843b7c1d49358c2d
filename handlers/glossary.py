"""/glossary: the terms that translations in this chat obey."""

from bot import texts
from bot.context import Context
from bot.errors import BadInput
from bot.routing import Command
from bot.storage import glossary

MOST_LETTERS = 100


async def run(ctx: Context) -> None:
    """Show the glossary, or add a term to it, or remove one."""
    word, _, rest = ctx.words.partition(" ")
    match _action(word):
        case "list":
            await _list(ctx)
        case "add" if "=" in rest:
            await _add(ctx, rest)
        case "remove" if rest.strip():
            await _remove(ctx, _tidy(rest))
        case _:
            raise BadInput("glossary-usage")


def _action(word: str) -> str:
    """Return the action that a word names in any of the bot's languages, "" for none."""
    if not word:
        return "list"
    actions = ("add", "list", "remove")
    named = {texts.text(code, f"glossary-word-{action}"): action for action in actions for code in texts.languages()}
    return named.get(word.lower(), "")


async def _list(ctx: Context) -> None:
    terms = await ctx.transact(glossary.terms, ctx.chat.id)
    lines = [ctx.t("glossary-line", term=term, translation=translation) for term, translation in terms]
    await ctx.reply("\n".join((ctx.t("glossary-title"), "", *lines)) if lines else ctx.t("glossary-empty"))


async def _add(ctx: Context, words: str) -> None:
    term, translation = map(_tidy, words.split("=", 1))
    if not term or not translation:
        raise BadInput("glossary-usage")
    if "\n" in words.strip() or max(len(term), len(translation)) > MOST_LETTERS:
        raise BadInput("glossary-long", limit=MOST_LETTERS)
    if not await ctx.transact(glossary.put_term, ctx.chat.id, term, translation):
        raise BadInput("glossary-full", limit=glossary.MOST_TERMS)
    await ctx.reply(ctx.t("glossary-added", term=term, translation=translation))


async def _remove(ctx: Context, term: str) -> None:
    if not await ctx.transact(glossary.remove_term, ctx.chat.id, term):
        raise BadInput("glossary-unknown", term=term)
    await ctx.reply(ctx.t("glossary-removed", term=term))


def _tidy(words: str) -> str:
    return " ".join(words.split())


HANDLERS = [Command("glossary", run, {"es": "glosario"}, topic="texts")]
