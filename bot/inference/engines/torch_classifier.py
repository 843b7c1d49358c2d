"""Classifiers with transformers: a sentiment model's own labels, or any labels with a model of inference (NLI)."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import BadInput
from bot.inference.api import BatchRequest, ClassifyRequest, Label
from bot.inference.engines.torch_model import Head, computing
from bot.inference.engines.torch_windows import windows

if TYPE_CHECKING:
    import torch
    from tokenizers import Encoding


class TorchClassifier(Head):
    """A BatchEngine over AutoModelForSequenceClassification. A long text is read in windows; longer ones count more."""

    def __init__(self, folder: Path, *, device: str, dtype: str, threads: int) -> None:
        head = "AutoModelForSequenceClassification"
        super().__init__(head, folder, device=device, dtype=dtype, threads=threads)

    def run(self, request: BatchRequest) -> list[tuple[Label, ...]]:
        """Return each text's labels, the likeliest first. A model with one output gives its probability alone.

        Raises BadInput for labels of one's own if the model does not tell what follows from a text, and for a label
        that leaves the text less than half of the model's room.
        """
        assert isinstance(request, ClassifyRequest)  # noqa: S101 - the manager sends each kind its own requests
        with computing():
            if request.labels:
                return self._zero_shot(request)
            return self._own(request.texts)

    def _own(self, texts: Sequence[str]) -> list[tuple[Label, ...]]:
        cut = [windows(encoding, self._model.room()).pieces for encoding in self._model.encode(texts)]
        lengths = [[len(piece) for piece in pieces] for pieces in cut]
        logits = iter(self._model.logits([self._model.around(piece) for pieces in cut for piece in pieces]))
        results = []
        for counts in lengths:
            scores = [_probabilities(next(logits)) for _ in counts]
            results.append(_ranked(self._model.labels, _mean(scores, counts)))
        return results

    def _zero_shot(self, request: ClassifyRequest) -> list[tuple[Label, ...]]:
        """Let the labels compete for how surely each text says them (Yin et al. 2019, arXiv 1909.00161)."""
        entailment = self._entailment()
        hypotheses = self._model.encode([request.hypothesis.replace("{}", label) for label in request.labels])
        room = self._model.room(pairs=True) - self._model.half(hypotheses)
        cut = [windows(encoding, room).pieces for encoding in self._model.encode(request.texts)]
        lengths = [[len(piece) for piece in pieces] for pieces in cut]
        logits = iter(self._model.logits(list(self._pairs(cut, hypotheses))))
        results = []
        for counts in lengths:
            scores = [_compete([next(logits)[entailment] for _ in hypotheses]) for _ in counts]
            results.append(_ranked(request.labels, _mean(scores, counts)))
        return results

    def _pairs(self, cut: "Sequence[Sequence[Encoding]]", hypotheses: "Sequence[Encoding]") -> "Iterator[Encoding]":
        for pieces in cut:
            for piece in pieces:
                for hypothesis in hypotheses:
                    yield self._model.around(piece, hypothesis)

    def _entailment(self) -> int:
        """Return the output for "this follows from that"; the models disagree about its place."""
        for number, name in enumerate(self._model.labels):
            if name.lower().startswith("entail"):
                return number
        raise BadInput("error-fixed-labels", labels=", ".join(self._model.labels))


def _probabilities(logits: "torch.Tensor") -> "torch.Tensor":
    return logits.sigmoid() if len(logits) == 1 else logits.softmax(dim=-1)


def _compete(logits: "Sequence[torch.Tensor]") -> "torch.Tensor":
    import torch

    return torch.stack(list(logits)).softmax(dim=-1)


def _mean(scores: "Sequence[torch.Tensor]", tokens: Sequence[int]) -> list[float]:
    """Average what windows say, weighted by their lengths in tokens; an empty text has one window of none."""
    import torch

    weights = torch.tensor(tokens, dtype=torch.float32).clamp(min=1)
    mean: list[float] = ((torch.stack(list(scores)) * weights[:, None]).sum(dim=0) / weights.sum()).tolist()
    return mean


def _ranked(names: Sequence[str], scores: Sequence[float]) -> tuple[Label, ...]:
    labels = [Label(name, score) for name, score in zip(names, scores, strict=True)]
    return tuple(sorted(labels, key=lambda label: label.score, reverse=True))
