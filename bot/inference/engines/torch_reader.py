"""Extractive question answering with transformers: the stretch of a text that answers, or that there is none."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.inference.api import BatchRequest, Reading, ReadRequest
from bot.inference.engines.torch_model import Head, computing
from bot.inference.engines.torch_windows import OVERLAP, Windows, place, windows
from bot.inference.engines.words import whole

if TYPE_CHECKING:
    import torch
    from tokenizers import Encoding

# Tokens of an answer at the most, as the models were evaluated on SQuAD.
_LONGEST_ANSWER = 30


class TorchReader(Head):
    """A BatchEngine over AutoModelForQuestionAnswering."""

    def __init__(self, folder: Path, *, device: str, dtype: str, threads: int) -> None:
        head = "AutoModelForQuestionAnswering"
        super().__init__(head, folder, device=device, dtype=dtype, threads=threads)

    def run(self, request: BatchRequest) -> list[Reading]:
        """Return what each text answers. A long text is read in windows that overlap.

        A text does not answer where the first token, to which models point then, has a higher score in every window
        than any stretch has in one (Rajpurkar et al. 2018, arXiv 1806.03822). Raises BadInput for a question that
        takes more than half of the model's room.
        """
        assert isinstance(request, ReadRequest)  # noqa: S101 - the manager sends each kind its own requests
        [question] = self._model.encode([request.question])
        room = self._model.room(pairs=True) - self._model.half([question])
        cut = [windows(encoding, room, OVERLAP) for encoding in self._model.encode(request.texts)]
        around = [self._model.around(question, piece) for part in cut for piece in part.pieces]
        with computing():
            points = iter(zip(around, self._model.rows(around, _points), strict=True))
            found = []
            for text, part in zip(request.texts, cut, strict=True):
                scores, nothing = _scores(part, [next(points) for _ in part.pieces], self._model.cls)
                found.append(_best(text, part, scores, nothing))
        return found


def _points(output: Any, _: "torch.Tensor") -> "torch.Tensor":
    """Return how surely an answer begins and ends at each token, (rows, tokens, 2) with padding behind."""
    import torch

    return torch.stack((output.start_logits, output.end_logits), dim=-1).float().cpu()


def _scores(
    part: Windows, points: "Sequence[tuple[Encoding, torch.Tensor]]", cls: int | None
) -> "tuple[torch.Tensor, torch.Tensor]":
    """Return each stretch's best score over the windows, (first tokens, further tokens), and that of no answer."""
    import torch

    scores = torch.full((len(part.offsets), _LONGEST_ANSWER), -torch.inf)
    nothing = torch.tensor(torch.inf)
    for number, (encoding, logits) in enumerate(points):
        first, length = number * part.step, len(part.pieces[number])
        start = place(encoding, 1) if length else 0
        inner = scores[first : first + length]
        torch.maximum(inner, _stretches(logits[start : start + length]), out=inner)
        nothing = torch.minimum(nothing, logits[_cls(encoding, cls)].sum())
    return scores, nothing


def _stretches(points: "torch.Tensor") -> "torch.Tensor":
    """Return the scores of all stretches in a window: row n, column m is that from token n to token n + m."""
    import torch

    starts, ends = points.unbind(dim=-1)
    ends = torch.nn.functional.pad(ends, (0, _LONGEST_ANSWER), value=-torch.inf)
    return starts[:, None] + ends.unfold(0, _LONGEST_ANSWER, 1)[:-1]


def _cls(encoding: "Encoding", cls: int | None) -> int:
    ids = encoding.ids
    return ids.index(cls) if cls in ids else 0


def _best(text: str, part: Windows, scores: "torch.Tensor", nothing: "torch.Tensor") -> Reading:
    import torch

    everything = torch.cat((scores.flatten(), nothing[None]))
    probabilities = everything.softmax(dim=0)
    best = int(everything.argmax())
    score = float(probabilities[best])
    if best < scores.numel():
        first, further = divmod(best, _LONGEST_ANSWER)
        start, end = whole(text, part.offsets[first][0], part.offsets[first + further][1])
        if start < end:
            return Reading(text[start:end], start, end, score)
    return Reading("", 0, 0, float(probabilities[-1]))
