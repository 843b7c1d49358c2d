"""The first request of a loaded model, made by the program: it pays for what libraries set up late."""

import contextlib
from typing import cast

from bot.errors import BadInput
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
from bot.inference.catalog import Model
from bot.inference.engines.protocol import BatchEngine, ChatEngine

_STEPS = 1000  # two tokens take two or three; an engine that never ends must not keep everybody waiting


def warm_up(engine: ChatEngine | BatchEngine, model: Model) -> None:
    """Let an engine that was just loaded work once; blocks. Raises what the engine raises."""
    if model.kind == "chat":
        _chat(cast("ChatEngine", engine), model)
        return
    # Whether it can do just this is not the question.
    with contextlib.suppress(BadInput):
        cast("BatchEngine", engine).run(_request(model))


def _chat(engine: ChatEngine, model: Model) -> None:
    engine.begin(0, ChatRequest(model.id, (Turn("user", "Hola"),), max_new_tokens=2, temperature=0))
    for _ in range(_STEPS):
        if any(output.finish for output in engine.step()):
            return
    raise RuntimeError(f"{model.id} did not end its first answer")


def _request(model: Model) -> BatchRequest:
    texts = ("Hola",)
    match model.kind:
        case "seq2seq":
            source, target = model.languages[0], model.languages[-1]
            return RewriteRequest(model.id, texts, source, target, max_new_tokens=2)
        case "classifier":
            return ClassifyRequest(model.id, texts)
        case "tagger":
            return TagRequest(model.id, texts)
        case "reader":
            return ReadRequest(model.id, "Hola", texts)
        case _:
            return EmbedRequest(model.id, texts, "query")
