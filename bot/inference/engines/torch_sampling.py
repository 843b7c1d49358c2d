"""How a token is picked from logits."""

from typing import TYPE_CHECKING

from bot.inference.api import ChatRequest

if TYPE_CHECKING:
    import torch

# Sorting the whole vocabulary (150,000) takes longer than the rest of sampling; behind this rank there is nothing left
# to pick at the temperatures of a conversation.
CANDIDATES = 256


class Sampler:
    """Greedy at temperature 0, else nucleus sampling (Holtzman et al. 2020) with the request's own seed."""

    def __init__(self, request: ChatRequest) -> None:
        import torch

        self._temperature = request.temperature
        self._top_p = request.top_p
        self._random = torch.Generator().manual_seed(request.seed)

    def pick(self, logits: "torch.Tensor") -> int:
        """Return a token id; `logits` has the shape (vocabulary,)."""
        import torch

        if self._temperature == 0:
            return int(logits.argmax())
        best = logits.float().cpu().topk(min(CANDIDATES, logits.shape[-1]))
        probabilities = torch.softmax(best.values / self._temperature, dim=-1)
        before = probabilities.cumsum(dim=-1) - probabilities
        probabilities[before > self._top_p] = 0  # the first is always kept
        return int(best.indices[torch.multinomial(probabilities, 1, generator=self._random)])
