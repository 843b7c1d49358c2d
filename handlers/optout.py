"""/optout: who wants what they say in groups neither stored nor told."""

from bot.context import Context
from bot.errors import BadInput
from bot.jobs import stop_all
from bot.routing import Button, Command
from bot.storage import recap as stored


async def optout(ctx: Context) -> None:
    """Ask before anything is deleted; where nothing of the person is stored, only store nothing from now on."""
    if ctx.user is None:
        raise BadInput("optout-nobody")
    count = await ctx.transact(stored.held, ctx.user.id)
    if count:
        delete = (ctx.t("button-opt-out"), f"optout:{ctx.user.id}")
        await ctx.reply(
            ctx.t("optout-ask", count=count), [[delete], [(ctx.t("button-keep"), f"optkeep:{ctx.user.id}")]]
        )
    else:
        await _forget(ctx)
        await ctx.reply(ctx.t("optout-done", count=0), _back(ctx))


async def confirmed(ctx: Context) -> None:
    """Store nothing more of what the person says in groups, and delete what there is."""
    if await _theirs(ctx):
        forgotten = await _forget(ctx)
        await ctx.change(ctx.t("optout-done", count=forgotten), _back(ctx))


async def _forget(ctx: Context) -> int:
    """Forget what the person said; what is being written for them in groups stops, and is forgotten with it."""
    ctx.let_next_go()
    await stop_all(ctx.services.jobs.in_groups(ctx.user_id))
    count = await ctx.transact(stored.opt_out, ctx.user_id)
    if ctx.is_group:
        ctx.row_id = 0  # this message, too, is forgotten
    return count


async def kept(ctx: Context) -> None:
    """Leave all as it is."""
    if await _theirs(ctx):
        await ctx.change(ctx.t("optout-kept"))


async def optin(ctx: Context) -> None:
    """Take the person who tapped back in."""
    if ctx.user:
        await ctx.transact(stored.opt_in, ctx.user.id)
        await ctx.answer_button(ctx.t("optout-undone"), alert=True)


async def _theirs(ctx: Context) -> bool:
    if ctx.user and ctx.choice == str(ctx.user.id):
        return True
    await ctx.answer_button(ctx.t("optout-not-yours"), alert=True)
    return False


def _back(ctx: Context) -> list[list[tuple[str, str]]]:
    return [[(ctx.t("button-opt-in"), "optin:")]]


HANDLERS = [
    Command("optout", optout, {"es": "nomeguardes"}, frozenset(("group", "private"))),
    Button("optout", confirmed),
    Button("optkeep", kept),
    Button("optin", optin),
]
