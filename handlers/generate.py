"""/generate: text from a prompt."""

from bot.answering import answer
from bot.context import Context
from bot.errors import BadInput
from bot.inference.api import ChatRequest
from bot.routing import Command
from bot.tasks import generate


async def run(ctx: Context) -> None:
    """Write what the text after the command, or the message replied to, asks for."""
    answered = ctx.message.reply_to_message
    prompt = ctx.words or (answered.text if answered else "")
    if not prompt:
        raise BadInput("generate-usage")
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
