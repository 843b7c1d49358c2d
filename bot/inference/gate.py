"""The quality gate: does a model on an engine say what it says on torch in wide numbers?

An engine may compute in small numbers, convert weights or arrange the arithmetic anew. Each of these can break one
model and leave another alone, so what is judged is always a pair: `take` a sample of each, then `compare`.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import EngineFailed
from bot.inference.api import (
    BatchRequest,
    ChatRequest,
    ClassifyRequest,
    EmbedRequest,
    ReadRequest,
    RewriteRequest,
    TagRequest,
    Turn,
)
from bot.inference.catalog import Kind, Model
from bot.inference.engines.protocol import BatchEngine, ChatEngine
from bot.inference.gate_material import PASSAGES, PROMPTS, QUESTION, SENTENCES

Encode = Callable[[str], list[int]]

ANSWER_TOKENS = 24
# Calibrated on Qwen2.5-Coder-1.5B: docs/models.md has what passed and what did not.
_PERPLEXITY = 1.03
_DIFFERENCE = 0.15
_AGREEMENT = 0.5
_COSINE = 0.99
_SAME = 0.9
# A translation goes on from a word that came out otherwise, so fewer are the same from end to end.
_SAME_TEXTS = 0.8


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number beside its bound, which is the highest allowed or, unless `highest`, the lowest."""

    name: str
    value: float
    bound: float
    highest: bool = False

    @property
    def passed(self) -> bool:
        """Tell whether the number keeps to its bound; one that is no number does not."""
        return self.value <= self.bound if self.highest else self.value >= self.bound


@dataclass(frozen=True, slots=True)
class ChatSample:
    """What a chat model made of the material.

    `likelihoods` are the log-probabilities of the passages' tokens, each but a passage's first; `answers` the tokens
    that it wrote to each prompt when it took the likeliest one every time.
    """

    likelihoods: tuple[float, ...]
    answers: tuple[tuple[int, ...], ...]

    @property
    def perplexity(self) -> float:
        """The number of tokens between which it was as good as undecided, on average."""
        return math.exp(min(-sum(self.likelihoods) / len(self.likelihoods), 700.0))


def tokenizer(model: Model, weights_dir: Path) -> Encode:
    """Return the reference's tokenizer, whose ids every engine of the model understands. Raises EngineFailed."""
    from tokenizers import Tokenizer

    from bot.inference.engines import convert

    file = convert.ensure_converted(model, weights_dir) / "tokenizer.json"
    try:
        found = Tokenizer.from_file(str(file))
    except Exception as error:  # the library raises nothing narrower
        raise EngineFailed("error-load-failed", model=model.id) from error
    return lambda text: found.encode(text, add_special_tokens=False).ids


def take_chat(engine: ChatEngine, encode: Encode) -> ChatSample:
    """Let a chat engine read the passages and answer the prompts; `encode` turns a text into the model's tokens."""
    likelihoods = [one for passage in PASSAGES for one in engine.score(encode(passage))]
    answers = _answers(engine)
    return ChatSample(tuple(likelihoods), tuple(tuple(encode(answer)) for answer in answers))


def take_batch(engine: BatchEngine, model: Model) -> list[Any]:
    """Let an engine of any other kind work on the sentences; returns one result for each, whatever its kind gives."""
    return [result for request in _requests(model) for result in engine.run(request)]


def compare_chat(sample: ChatSample, reference: ChatSample) -> list[Figure]:
    """Compare a chat model's sample with the reference's.

    Perplexity says whether it got worse; the mean distance of the tokens' log-probabilities (nats) whether it became
    another model of the same perplexity; the shared beginnings of answers what a person would see of it.
    """
    pairs = list(zip(sample.likelihoods, reference.likelihoods, strict=True))
    distance = sum(abs(one - other) for one, other in pairs) / len(pairs)
    shared = [_shared(*answers) for answers in zip(sample.answers, reference.answers, strict=True)]
    return [
        Figure("perplexity, ratio", sample.perplexity / reference.perplexity, _PERPLEXITY, highest=True),
        Figure("log-probability, mean distance", distance, _DIFFERENCE, highest=True),
        Figure("answers, share of the same beginning", sum(shared) / len(shared), _AGREEMENT),
    ]


def compare_batch(kind: Kind, sample: Sequence[Any], reference: Sequence[Any]) -> list[Figure]:
    """Compare the results of an encoder, translator, classifier, tagger or reader with the reference's."""
    pairs = list(zip(sample, reference, strict=True))
    if kind == "encoder":
        return [Figure("cosine, smallest", min(_cosine(*pair) for pair in pairs), _COSINE)]
    same = sum(_gist(kind, one) == _gist(kind, other) for one, other in pairs) / len(pairs)
    return [Figure("results, share of the same", same, _SAME_TEXTS if kind == "seq2seq" else _SAME)]


def _answers(engine: ChatEngine) -> list[str]:
    texts = [""] * len(PROMPTS)
    for key, prompt in enumerate(PROMPTS):
        engine.begin(key, ChatRequest("", (Turn("user", prompt),), ANSWER_TOKENS, temperature=0))
    running = len(PROMPTS)
    while running:
        for output in engine.step():
            texts[output.key] += output.text
            running -= output.finish is not None
    return texts


def _requests(model: Model) -> list[BatchRequest]:
    match model.kind:
        case "encoder":
            return [EmbedRequest("", SENTENCES, "query"), EmbedRequest("", SENTENCES, "passage")]
        case "seq2seq":
            source, target = model.languages[0], model.languages[min(1, len(model.languages) - 1)]
            return [RewriteRequest("", SENTENCES, source, target, max_new_tokens=ANSWER_TOKENS)]
        case "classifier":
            return [ClassifyRequest("", SENTENCES)]
        case "tagger":
            return [TagRequest("", SENTENCES)]
    return [ReadRequest("", QUESTION, SENTENCES)]


def _gist(kind: Kind, result: Any) -> Any:
    """Return of a result what must be the same: of labels the likeliest, of spans where they are and of what kind."""
    match kind:
        case "classifier":
            return result[0].name
        case "tagger":
            return [(span.start, span.end, span.label) for span in result]
        case "reader":
            return result.start, result.end
    return result


def _cosine(one: Any, other: Any) -> float:
    return float(one @ other) / math.sqrt(float(one @ one) * float(other @ other))


def _shared(one: Sequence[int], other: Sequence[int]) -> float:
    """Return how much of the longer answer is a beginning that both have."""
    length = max(len(one), len(other))
    differ = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return differ / length if length else 1.0
