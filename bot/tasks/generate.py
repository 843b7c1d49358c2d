"""Generate: text from a prompt, without a conversation around it."""

from bot.inference.api import ChatRequest, Turn


def request(model: str, system: str, prompt: str, *, max_new_tokens: int, seed: int) -> ChatRequest:
    """Return the request that follows an instruction or continues a beginning."""
    turns = (Turn("system", system), Turn("user", prompt))
    return ChatRequest(model, turns, max_new_tokens=max_new_tokens, temperature=0.8, top_p=0.95, seed=seed)
