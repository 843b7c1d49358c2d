"""Generate: text from a prompt, without a conversation around it."""

from bot import texts
from bot.inference.api import ChatRequest, Done, Turn
from bot.tasks.models import Models

TEMPERATURE = 0.8


async def generate(
    models: Models,
    prompt: str,
    language: str,
    *,
    max_new_tokens: int = 256,
    temperature: float = TEMPERATURE,
    seed: int = 0,
) -> Done:
    """Return the text that follows an instruction or continues a beginning; `language` is the instructions' own.

    The same seed gives the same text. Raises what Inference.generate raises.
    """
    system = texts.text(texts.choose([language]), "prompt-generate")
    asked = request(models.chat, system, prompt, max_new_tokens=max_new_tokens, temperature=temperature, seed=seed)
    return await models.generate(asked)


def request(
    model: str, system: str, prompt: str, *, max_new_tokens: int, temperature: float = TEMPERATURE, seed: int
) -> ChatRequest:
    """Return the request that follows an instruction or continues a beginning."""
    turns = (Turn("system", system), Turn("user", prompt))
    return ChatRequest(model, turns, max_new_tokens=max_new_tokens, temperature=temperature, top_p=0.95, seed=seed)
