"""Answers that obey a JSON schema: which tokens may come next, by llguidance's parser over the model's own tokens."""

import json
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.errors import BadInput

if TYPE_CHECKING:
    import torch
    from llguidance import LLMatcher

# Far more than a form of one message needs; the library takes half a second for twice as much.
_SCHEMA_CHARACTERS = 32_768
_GRAMMAR_SYMBOLS = 50_000  # a tenth of the library's own bound
_REASON_CHARACTERS = 200


class Grammar:
    """How far one answer has come in its schema."""

    def __init__(self, matcher: "LLMatcher") -> None:
        self._matcher = matcher

    @property
    def complete(self) -> bool:
        """Tell whether the answer obeys the schema and nothing can follow."""
        return self._matcher.is_stopped() and not self._matcher.is_error()

    @property
    def failed(self) -> bool:
        """Tell whether the parser gave up: this answer's grammar took more work than one token may."""
        return self._matcher.is_error()

    def mask(self, logits: "torch.Tensor") -> "torch.Tensor":
        """Return `logits`, of shape (vocabulary,), with minus infinity for what may not come next.

        End tokens may come where the answer obeys the schema, and after the parser has given up.
        """
        import torch

        bits = np.frombuffer(self._matcher.compute_bitmask(), dtype=np.uint8)
        forbidden = np.unpackbits(bits, bitorder="little", count=logits.shape[-1]) == 0
        return logits.masked_fill(torch.from_numpy(forbidden).to(logits.device), -torch.inf)

    def take(self, token: int) -> None:
        """Go on behind a token that the mask left."""
        self._matcher.consume_token(token)


class Grammars:
    """Compiles schemas for one model. `vocabulary` is the number of its logits.

    `tokenizer` is as the tokenizers library writes it; reading it takes 1.7 s for 150,000 tokens. Raises BadInput for
    one that the library cannot follow.
    """

    def __init__(self, tokenizer: str, vocabulary: int, end_tokens: Collection[int]) -> None:
        from llguidance import LLTokenizer

        try:
            self._tokenizer = LLTokenizer(tokenizer, n_vocab=vocabulary, eos_token=sorted(end_tokens))
        except ValueError as error:
            raise BadInput("error-schema", reason=str(error)[:_REASON_CHARACTERS]) from error

    def compile(self, schema: str) -> Grammar:
        """Return the start of an answer; raises BadInput for what is no schema, too much, or not supported."""
        from llguidance import LLMatcher, LLParserLimits

        if len(schema) > _SCHEMA_CHARACTERS:
            raise BadInput("error-schema", reason=f"{len(schema)} > {_SCHEMA_CHARACTERS}")
        # As json.dumps writes it, which models have seen the most. Given free white space, a small model writes nothing
        # else for long stretches.
        form: Any = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}
        try:
            grammar = LLMatcher.grammar_from_json_schema(_closed(schema), overrides=form)
        except (ValueError, RecursionError) as error:  # not JSON, or nested deeper than 120 levels
            raise BadInput("error-schema", reason=str(error)[:_REASON_CHARACTERS]) from error
        limits = LLParserLimits(max_grammar_size=_GRAMMAR_SYMBOLS, verbose_errors=False)
        matcher = LLMatcher(self._tokenizer, grammar, log_level=0, limits=limits)
        matcher.compute_bitmask()  # some contradictions show at the first token
        if matcher.is_error():
            raise BadInput("error-schema", reason=matcher.get_error()[:_REASON_CHARACTERS])
        return Grammar(matcher)


def _closed(schema: str) -> str:
    """Return the schema without room for properties that it does not name, unless it says so itself.

    What a schema says nothing about is allowed by the standard, and small models make use of it without end. The parts
    of an allOf stay open, since each of them would forbid the others' properties. Raises ValueError, RecursionError.
    """
    tree = json.loads(schema)
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending += node
        elif isinstance(node, dict) and "allOf" not in node:
            if isinstance(node.get("properties"), dict) and "patternProperties" not in node:
                node.setdefault("additionalProperties", False)
            pending += [part for name, part in node.items() if name not in ("enum", "const")]
    return json.dumps(tree)
