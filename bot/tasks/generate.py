"""Generate: text from a prompt, without a conversation around it; then more of it, or less."""

from bot import texts
from bot.inference.api import ChatRequest, Done, Turn
from bot.tasks.models import Models

TEMPERATURE = 0.8

# Words become a few more tokens, in Spanish up to twice as many; the rest lets the last sentence end.
_TOKENS_A_WORD, _LAST_SENTENCE = 2, 32
# A model that goes on sees this many characters of what was written, the last ones.
_TAIL = 6000
# A text is not shortened to fewer words than these.
_FEWEST_WORDS = 10


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
    turns = first(texts.choose([language]), prompt)
    return await models.generate(request(models.chat, turns, max_new_tokens, temperature, seed=seed))


def request(model: str, turns: tuple[Turn, ...], max_new_tokens: int, temperature: float, *, seed: int) -> ChatRequest:
    """Return the request for a text; the tail of unlikely tokens is cut, which heat would bring in."""
    return ChatRequest(model, turns, max_new_tokens=max_new_tokens, temperature=temperature, top_p=0.95, seed=seed)


def first(language: str, prompt: str, length: int = 0) -> tuple[Turn, ...]:
    """Return the turns that ask for a text, of about `length` words if that is not 0."""
    asked = texts.text(language, "prompt-generate-length", prompt=prompt, words=length) if length else prompt
    return Turn("system", texts.text(language, "prompt-generate")), Turn("user", asked)


def more(language: str, prompt: str, text: str) -> tuple[Turn, ...]:
    """Return the turns that ask for what comes after `text`."""
    return *_after(language, prompt, text), Turn("user", texts.text(language, "prompt-generate-more"))


def shorter(language: str, prompt: str, text: str, words: int) -> tuple[Turn, ...]:
    """Return the turns that ask for `text` in `words` words at most."""
    return *_after(language, prompt, text), Turn("user", texts.text(language, "prompt-generate-shorter", words=words))


def _after(language: str, prompt: str, text: str) -> tuple[Turn, ...]:
    return *first(language, prompt), Turn("assistant", text[-_TAIL:])


def half(text: str) -> int:
    """Return how many words a shorter version of a text has at most."""
    return max(len(text.split()) // 2, _FEWEST_WORDS)


def most_tokens(length: int, limit: int) -> int:
    """Return how many tokens a text of `length` words may take: `limit` at most, and where no length was said."""
    return min(_TOKENS_A_WORD * length + _LAST_SENTENCE, limit) if length else limit
