"""One answer on its way, the same for every way of computing the batch."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.inference.api import Finish
from bot.inference.engines.protocol import Output
from bot.inference.engines.text import TokenStream
from bot.inference.engines.torch_grammar import Grammar
from bot.inference.engines.torch_sampling import Sampler

if TYPE_CHECKING:
    import torch


@dataclass(slots=True)
class Answer:
    """A request on its way: how much of its prompt is read (into `cache`), and how many tokens are left to write.

    `copies` says that tokens may be guessed ahead from what is there already, which is for greedy free text alone.
    """

    key: int
    prompt: list[int]
    left: int
    sampler: Sampler
    text: TokenStream
    end_tokens: set[int]
    grammar: Grammar | None = None
    copies: bool = False
    read: int = 0
    cache: Any = None

    def choose(self, logits: "torch.Tensor") -> int:
        """Return the next token; `logits` has the shape (vocabulary,). Nothing is written yet."""
        return self.sampler.pick(logits if self.grammar is None else self.grammar.mask(logits))

    def take(self, token: int) -> Output:
        """Write a token and return what it brings."""
        self.left -= 1
        if self.grammar is not None and token not in self.end_tokens:
            self.grammar.take(token)
        finish = self._finish(token)
        text = "" if token in self.end_tokens else self.text.add([token])
        if finish is not None:
            text += self.text.finish()
        return Output(self.key, text, 1, finish)

    def _finish(self, token: int) -> Finish | None:
        if self.grammar is not None and self.grammar.failed:
            return "length"  # what there is does not obey the schema
        if token in self.end_tokens or (self.grammar is not None and self.grammar.complete):
            return "stop"
        return "length" if self.left == 0 else None
