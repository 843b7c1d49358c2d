"""/generate: text from a prompt."""

from bot.answering import answer
from bot.context import Context
from bot.inference.api import ChatRequest
from bot.routing import Command
from bot.tasks import generate


async def run(ctx: Context) -> None:
    """Write what the text after the command asks for, of the message replied to if there is one."""
    answered = ctx.message.reply_to_message
    quoted = (answered.text or answered.caption) if answered else None
    prompt = "\n\n".join(part for part in (ctx.words, quoted) if part)
    if not prompt:
        await ctx.reply(ctx.t("generate-usage"))
        return
    await answer(ctx, lambda: _request(ctx, prompt))


async def _request(ctx: Context, prompt: str) -> ChatRequest:
    return generate.request(
        ctx.chat_model,
        ctx.t("prompt-generate"),
        prompt,
        max_new_tokens=ctx.services.settings.max_new_tokens,
        seed=ctx.update_id,
    )


HANDLERS = [Command("generate", run, {"es": "generar"})]
