"""/language: the language in which the bot speaks to a person."""

from bot import texts
from bot.context import Context
from bot.errors import BadInput
from bot.routing import Button, Command
from bot.storage import people

AUTO = "auto"


async def language(ctx: Context) -> None:
    """Set the language that is named, or offer those that there are."""
    if ctx.words:
        await _set(ctx, ctx.words.lower())
        await ctx.reply(_confirmation(ctx, ctx.words.lower()))
    else:
        choices = [(ctx.t(f"language-{code}"), f"language:{code}") for code in (*texts.languages(), AUTO)]
        await ctx.reply(ctx.t("language-choose"), [choices])


async def choose(ctx: Context) -> None:
    """Set the language of the tapped button."""
    await _set(ctx, ctx.choice)
    await ctx.change(_confirmation(ctx, ctx.choice))


async def _set(ctx: Context, code: str) -> None:
    if code not in (*texts.languages(), AUTO):
        raise BadInput("language-unknown", choices=", ".join((*texts.languages(), AUTO)))
    chosen = "" if code == AUTO else code
    if ctx.user:
        await ctx.transact(people.set_user_language, ctx.user.id, chosen)
    else:
        await ctx.transact(people.set_chat_language, ctx.chat.id, chosen)
    person = ctx.incoming.effective_user
    ctx.language = texts.choose([chosen, person.language_code if person else None])


def _confirmation(ctx: Context, code: str) -> str:
    return ctx.t("language-auto-set" if code == AUTO else "language-set")


HANDLERS = [Command("language", language, {"es": "idioma"}), Button("language", choose)]
