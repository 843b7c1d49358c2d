"""/start, /help and /privacy."""

from collections.abc import Sequence

from bot.context import Context
from bot.routing import TOPICS, Command, Topic, Where


async def start(ctx: Context) -> None:
    """Greet, and say what to try first."""
    name = ctx.user.first_name if ctx.user else ctx.chat.title
    await ctx.reply(ctx.t("start", name=name, help=_named(ctx, "help")))


async def show_help(ctx: Context) -> None:
    """List the commands that work in this chat."""
    where = _where(ctx.chat.type)
    here = [command for command in ctx.services.commands if where in command.where]
    sections = [_section(ctx, topic, [one for one in here if one.topic == topic]) for topic in TOPICS]
    await ctx.reply("\n\n".join((ctx.t("help-intro"), *filter(None, sections), ctx.t(f"help-{where}"))))


async def privacy(ctx: Context) -> None:
    """Say what is stored, where, and who sees it."""
    paragraphs = [ctx.t("privacy")]
    if ctx.place.private:  # only there is a conversation remembered
        paragraphs.append(ctx.t("privacy-new", new=_named(ctx, "new")))
    await ctx.reply("\n\n".join(paragraphs))


def _named(ctx: Context, name: str) -> str:
    [command] = [command for command in ctx.services.commands if command.name == name]
    return f"/{command.name_in(ctx.language)}"


def _section(ctx: Context, topic: Topic, commands: Sequence[Command]) -> str:
    lines = [f"/{command.name_in(ctx.language)} — {ctx.t(f'command-{command.name}')}" for command in commands]
    title = ctx.t(f"topic-{topic}")
    return "\n".join((f"**{title}**", *lines)) if lines else ""


def _where(chat_type: str) -> Where:
    kinds: dict[str, Where] = {"private": "private", "channel": "channel"}
    return kinds.get(chat_type, "group")


HANDLERS = [
    Command("start", start),
    Command("help", show_help, {"es": "ayuda"}),
    Command("privacy", privacy, {"es": "privacidad"}),
]
