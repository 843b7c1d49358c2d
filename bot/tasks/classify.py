"""Classify: which of a person's own labels fits a text, without any example of them."""

import asyncio
import unicodedata
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, create_model

from bot import texts
from bot.errors import BadInput
from bot.inference.api import ChatRequest, ClassifyRequest, EmbedRequest, Label, Turn
from bot.tasks.detect import detect
from bot.tasks.models import Models

# Characters; the beginning of a text that is longer than this says what it is about no better.
MOST = 6000
MOST_LABELS, MOST_LETTERS = 100, 200

# Cosines of the E5 family lie close together; divided by this (as they were trained), they tell labels apart.
_TEMPERATURE = 0.01


async def classify(models: Models, text: str, labels: Sequence[str], language: str = "") -> tuple[Label, ...]:
    """Return the labels with their probabilities, the likeliest first; `language` is the text's, "" to find it out.

    By an inference model (NLI) if one is installed; else by the chat model, asked with the labels in either order, and
    the encoder, which count alike. Raises BadInput for too long a text, no labels, too many and too long ones.
    """
    known = list(dict.fromkeys(" ".join(label.split()) for label in labels if label.strip()))
    if not known or len(known) > MOST_LABELS or max(map(len, known)) > MOST_LETTERS:
        raise BadInput("classify-labels", most=MOST_LABELS, letters=MOST_LETTERS)
    if len(text) > MOST:
        raise BadInput("classify-too-long", limit=MOST)
    if len(known) == 1:
        return (Label(known[0], 1.0),)
    if head := models.for_task("classify"):
        return await _by_head(models, head, text, known, language)
    return await _by_votes(models, text, known, language or await asyncio.to_thread(detect, text))


async def _by_head(models: Models, head: str, text: str, labels: list[str], language: str) -> tuple[Label, ...]:
    models.used.models.add(head)
    spoken = texts.choose([language or await asyncio.to_thread(detect, text)])
    hypothesis = texts.text(spoken, "prompt-classify-hypothesis", label="{}")
    asked = ClassifyRequest(head, (text,), tuple(labels), hypothesis, models.person, models.priority)
    [found] = await models.inference.classify(asked)
    return found


async def _by_votes(models: Models, text: str, labels: list[str], language: str) -> tuple[Label, ...]:
    forward, backward, likeness = await asyncio.gather(
        _chosen(models, text, labels, language),
        _chosen(models, text, labels[::-1], language),
        _alike(models, text, labels),
    )
    votes = [{forward: 1.0}, {backward: 1.0}, *([likeness] if likeness else [])]
    scores = {label: sum(vote.get(label, 0.0) for vote in votes) / len(votes) for label in labels}
    # Where the votes are split, what the model says with the labels as they were given goes first.
    order = sorted(labels, key=lambda label: (-scores[label], label != forward))
    return tuple(Label(label, scores[label]) for label in order)


async def _chosen(models: Models, text: str, labels: list[str], language: str) -> str:
    names = plain(labels)
    schema: type[BaseModel] = create_model("Choice", label=(Literal[tuple(names)], ...))  # type: ignore[arg-type]
    spoken = texts.choose([language])
    system = Turn("system", texts.text(spoken, "prompt-classify"))
    asked = Turn("user", texts.text(spoken, "prompt-classify-ask", text=text, labels="; ".join(labels)))
    room = max(len(label.encode()) for label in labels) + 20
    request = ChatRequest(models.chat, (system, asked), max_new_tokens=room, temperature=0.0)
    return names[(await models.structured(request, schema)).model_dump()["label"]]


def plain(labels: Sequence[str]) -> dict[str, str]:
    """Return ASCII names for labels, each its own, with the labels: "economia" for "economía".

    openvino-genai's grammars read the letter after an accented one as part of its number where it could be a
    hexadecimal digit ("ía" as U+0EDA), so the model could never write such a label.
    """
    names: dict[str, str] = {}
    for number, label in enumerate(labels, 1):
        name = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().strip()
        while not name or name in names:
            name = f"{name} {number}".strip()
        names[name] = label
    return names


async def _alike(models: Models, text: str, labels: list[str]) -> dict[str, float]:
    """Return how likely each label is by its likeness to the text; nothing where no encoder is installed."""
    encoder = models.encoder()
    if not encoder:
        return {}
    import numpy as np

    models.used.models.add(encoder)
    vectors = await models.inference.embed(
        EmbedRequest(encoder, (text, *labels), "query", models.person, models.priority)
    )
    cosines = vectors[1:] @ vectors[0]
    weights = np.exp((cosines - cosines.max()) / _TEMPERATURE)
    return dict(zip(labels, (weights / weights.sum()).tolist(), strict=True))
