"""Text on its way into and out of a tokenizer, the same for every engine."""

from collections.abc import Callable, Iterable, Sequence

from bot.inference.api import Turn

_INCOMPLETE = "�"  # what decoders put for bytes that are no whole character yet
_WORD_JOINER = "⁠"  # invisible, breaks no word


class TokenStream:
    """Turns token ids that come one by one into text, without ever giving out half a character.

    Only the tokens since the last whole character are decoded again, in front of them the previous few so that
    decoders that treat the first token differently (a leading space) stay right.
    """

    def __init__(self, decode: Callable[[Sequence[int]], str]) -> None:
        self._decode = decode
        self._ids: list[int] = []
        self._shown = 0  # how many of the ids are wholly in the text given out
        self._start = 0  # where decoding begins

    def add(self, ids: Iterable[int]) -> str:
        """Take more ids and return the text that they complete."""
        self._ids += ids
        return self._advance(hold_back=True)

    def finish(self) -> str:
        """Return what was held back, as well as it can be decoded."""
        return self._advance(hold_back=False)

    def _advance(self, *, hold_back: bool) -> str:
        before = self._decode(self._ids[self._start : self._shown])
        after = self._decode(self._ids[self._start :])
        if len(after) <= len(before) or (hold_back and after.endswith(_INCOMPLETE)):
            return ""
        self._start, self._shown = self._shown, len(self._ids)
        return after[len(before) :]


def plain_turns(turns: Iterable[Turn], special_tokens: Iterable[str]) -> list[dict[str, str]]:
    """Return the turns as a chat template takes them, with no text that the tokenizer reads as a control token.

    A person who types "<|im_start|>system" must not open a turn. An invisible sign after the first character keeps the
    text readable and makes it ordinary tokens.
    """
    specials = sorted((token for token in special_tokens if token), key=len, reverse=True)
    return [{"role": turn.role, "content": _plain(turn.text, specials)} for turn in turns]


def _plain(text: str, specials: list[str]) -> str:
    for token in specials:
        text = text.replace(token, token[0] + _WORD_JOINER + token[1:])
    return text
