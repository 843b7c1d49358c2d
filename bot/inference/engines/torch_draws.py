"""How continuous batching picks tokens: each request with its own temperature, nucleus and seed, greedy ones beside."""

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.inference.api import ChatRequest
from bot.inference.engines.torch_sampling import CANDIDATES

if TYPE_CHECKING:
    import torch
    from transformers.generation.continuous_batching.requests import FutureRequestState

_GREEDY = (1.0, 1.0, -1.0)


@dataclass(slots=True)
class Draws:
    """What one request's tokens are drawn with. A seed gives the same numbers whoever else is in the batch."""

    temperature: float
    top_p: float
    random: random.Random

    @classmethod
    def of(cls, request: ChatRequest) -> "Draws | None":
        """Return what a request is drawn with; None for a greedy one."""
        if request.temperature == 0:
            return None
        return cls(request.temperature, request.top_p, random.Random(request.seed))  # noqa: S311 - no secret

    def next(self) -> tuple[float, float, float]:
        """Return temperature, nucleus and the next number in [0, 1)."""
        return self.temperature, self.top_p, self.random.random()


class DrawnTokens:
    """Takes the place of a ContinuousBatchingManager's `logit_processor` (cb_logits_processors.py) before it starts.

    It leaves one token a row, so that the manager's own greedy choice takes what was drawn. Its arguments are three
    numbers a row, in tensors that the manager owns: with CUDA graphs and two batches in flight nothing else is safe.
    Requests come with the argument `draws`. transformers' own processors know no seeds and no greedy rows among others,
    and sort the whole vocabulary twice.
    """

    tensors_required = len(_GREEDY)
    do_processing = True

    def check_kwargs(self, kwargs: dict[str, Any]) -> None:
        """Take what begin sends."""

    def fill_defaults(self, int32_tensor: "torch.Tensor") -> None:
        """Make rows without a request greedy; `int32_tensor` has the shape (3, columns)."""
        import torch

        int32_tensor.view(torch.float32).copy_(torch.tensor(_GREEDY)[:, None])

    def prepare_tensor_args(
        self, requests_in_batch: "list[FutureRequestState]", arg_storage: "torch.Tensor"
    ) -> "torch.Tensor":
        """Write the numbers of each row that gets a token into `arg_storage`, of shape (3, columns)."""
        import torch

        states = [future.state for future in requests_in_batch if future.has_new_token]
        draws = [state.logit_processor_kwargs.get("draws") for state in states]
        rows = [_GREEDY if draw is None else draw.next() for draw in draws]
        if rows:
            numbers = torch.tensor(rows, dtype=torch.float32).T.contiguous().view(torch.int32)
            arg_storage[: len(_GREEDY), : len(rows)] = numbers.to(arg_storage.device)
        return arg_storage

    def __call__(
        self, input_ids: "torch.Tensor", scores: "torch.Tensor", logits_processor_args: "torch.Tensor"
    ) -> "torch.Tensor":
        """Return scores of shape (rows, vocabulary) of which only those of the drawn tokens are finite."""
        import torch

        del input_ids
        numbers = logits_processor_args[: len(_GREEDY), : scores.shape[0]].contiguous().view(torch.float32)
        temperature, top_p, draw = (row[:, None] for row in numbers)
        best, ids = scores.topk(min(CANDIDATES, scores.shape[-1]), dim=-1)
        probabilities = torch.softmax(best / temperature, dim=-1)
        up_to = probabilities.cumsum(dim=-1)
        kept = up_to - probabilities <= top_p  # the first is always kept
        mass = torch.where(kept, up_to, 0).amax(dim=-1, keepdim=True)
        # The first rank whose share of the nucleus reaches the draw; a draw below 0 takes the best.
        rank = ((up_to <= draw * mass) & kept).sum(dim=-1, keepdim=True).clamp(max=kept.sum(dim=-1, keepdim=True) - 1)
        token = ids.gather(-1, rank)
        return torch.full_like(scores, -torch.inf).scatter(-1, token, 0.0)
