"""Generate: text from a prompt, without a conversation around it; then more of it, or less."""

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from bot import texts
from bot.inference.api import ChatRequest, Done, Event, Inference, Piece, Turn
from bot.tasks.models import Models

TEMPERATURE = 0.8

# Words become a few more tokens, in Spanish up to twice as many; the rest lets the last sentence end.
_TOKENS_A_WORD, _LAST_SENTENCE = 2, 32
# A model that goes on sees this many characters of what was written, the last ones.
_TAIL = 6000
# A text is not shortened to fewer words than these.
_FEWEST_WORDS = 10
# A continuation that begins with so many words of the text, one after another, repeats it. The next try is hotter.
_OPENING, _HOTTER = 8, 0.4
_WORD = re.compile(r"\w+")


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


async def onward(inference: Inference, request: ChatRequest, text: str) -> AsyncGenerator[Event]:
    """Stream what comes after `text`; what only repeats it is asked for once more, otherwise, and then left out.

    Without a piece of text in it, the text is complete. Raises what Inference.stream raises.
    """
    tries = request, replace(request, temperature=request.temperature + _HOTTER, seed=request.seed + 1)
    for attempt in tries:
        opening: list[Piece] | None = []
        async with aclosing(inference.stream(attempt)) as events:
            async for event in events:
                if opening is None or not isinstance(event, (Piece, Done)):
                    yield event
                    continue
                opening += [event] if isinstance(event, Piece) else []
                # Of more words than are compared the last one may not be whole yet.
                words = _WORD.findall("".join(piece.text for piece in opening).lower())
                if len(words) <= _OPENING and isinstance(event, Piece):
                    continue
                if _repeats(words[:_OPENING], text):
                    break
                for piece in opening:
                    yield piece
                opening = None
                if isinstance(event, Done):
                    yield event
        if opening is None:
            return


def _repeats(words: list[str], text: str) -> bool:
    return f" {' '.join(words)} " in f" {' '.join(_WORD.findall(text.lower()))} "


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
