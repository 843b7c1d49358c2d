"""Requests and results as JSON, between the bot and the processes that its engines run in."""

import base64
from dataclasses import asdict
from typing import Any, TypeAlias

from pydantic import TypeAdapter

from bot.inference.api import (
    BatchRequest,
    ChatRequest,
    ClassifyRequest,
    EmbedRequest,
    Label,
    Reading,
    ReadRequest,
    RewriteRequest,
    Span,
    TagRequest,
    Vectors,
)
from bot.inference.engines.protocol import Output, Results

Json: TypeAlias = dict[str, Any]

_CHAT = TypeAdapter(ChatRequest)
_BATCH: dict[str, TypeAdapter[BatchRequest]] = {
    kind.__name__: TypeAdapter(kind)
    for kind in (EmbedRequest, RewriteRequest, ClassifyRequest, TagRequest, ReadRequest)
}
# What each kind of request is answered with, but for vectors.
_RESULTS: dict[str, TypeAdapter[Any]] = {
    "RewriteRequest": TypeAdapter(list[str]),
    "ClassifyRequest": TypeAdapter(list[tuple[Label, ...]]),
    "TagRequest": TypeAdapter(list[tuple[Span, ...]]),
    "ReadRequest": TypeAdapter(list[Reading]),
}


def pack_request(request: ChatRequest | BatchRequest) -> Json:
    """Return a request as JSON."""
    return {"type": type(request).__name__, "fields": asdict(request)}


def unpack_chat(packed: Json) -> ChatRequest:
    """Return the chat request that was packed."""
    return _CHAT.validate_python(packed["fields"])


def unpack_batch(packed: Json) -> BatchRequest:
    """Return the request that was packed."""
    return _BATCH[packed["type"]].validate_python(packed["fields"])


def pack_outputs(outputs: list[Output]) -> list[list[Any]]:
    """Return what a step brought as JSON."""
    return [[output.key, output.text, output.new_tokens, output.finish] for output in outputs]


def unpack_outputs(packed: list[list[Any]]) -> list[Output]:
    """Return what a step brought."""
    return [Output(*fields) for fields in packed]


def pack_results(request: BatchRequest, results: Results) -> Any:
    """Return an engine's results as JSON; vectors as the base64 of little-endian float32."""
    if isinstance(request, EmbedRequest):
        import numpy as np

        vectors = np.asarray(results, dtype="<f4")
        return {"shape": vectors.shape, "float32": base64.b64encode(vectors.tobytes()).decode("ascii")}
    return _RESULTS[type(request).__name__].dump_python(results, mode="json")


def unpack_results(request: BatchRequest, packed: Any) -> Results:
    """Return the results of a request."""
    if isinstance(request, EmbedRequest):
        return _vectors(packed)
    results: Results = _RESULTS[type(request).__name__].validate_python(packed)
    return results


def _vectors(packed: Json) -> Vectors:
    import numpy as np

    flat = np.frombuffer(base64.b64decode(packed["float32"]), dtype="<f4")
    return flat.reshape(packed["shape"]).astype(np.float32)
