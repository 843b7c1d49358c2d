"""/verbose: whether a person sees which model made an answer, how long it took and how many tokens it has."""

from bot import texts
from bot.context import Context
from bot.errors import BadInput
from bot.routing import Button, Command
from bot.storage import people


async def verbose(ctx: Context) -> None:
    """Show the footer from now on, or hide it; without a word for either, offer both."""
    switch = _switch(ctx.words.lower())
    if switch:
        await _set(ctx, switch)
        await ctx.reply(ctx.t(f"verbose-{switch}"))
        return
    now = "on" if ctx.user and ctx.user.verbose else "off"
    buttons = [(ctx.t(f"button-verbose-{choice}"), f"verbose:{choice}") for choice in ("on", "off")]
    await ctx.reply(ctx.t("verbose-choose", now=now), [buttons])


async def choose(ctx: Context) -> None:
    """Set what the tapped button says, for whoever tapped it."""
    if ctx.choice not in ("on", "off"):
        raise BadInput
    await _set(ctx, ctx.choice)
    if ctx.place.private:
        await ctx.change(ctx.t(f"verbose-{ctx.choice}"))
    else:
        await ctx.answer_button(ctx.t(f"verbose-{ctx.choice}"), alert=True)  # the others keep the buttons


def _switch(word: str) -> str:
    """Return "on" or "off" for a word that means it in any of the bot's languages, else ""."""
    for choice in ("on", "off"):
        if word in {name for code in texts.languages() for name in texts.text(code, f"verbose-words-{choice}").split()}:
            return choice
    return ""


async def _set(ctx: Context, switch: str) -> None:
    if ctx.user is None:
        raise BadInput("verbose-nobody")
    await ctx.transact(people.set_verbose, ctx.user.id, verbose=switch == "on")


HANDLERS = [Command("verbose", verbose, {"es": "detalles"}), Button("verbose", choose)]
