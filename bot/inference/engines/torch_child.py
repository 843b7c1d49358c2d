"""The process in which one torch engine computes; remote.py is what the bot sees of it.

Run as `python -m bot.inference.engines.torch_child JSON`, where the JSON says what to do: {"convert": …} turns weights
into a folder that transformers loads and ends; anything else is an engine to build and to serve.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bot.inference.catalog import Kind, Model
from bot.inference.engines import child, torch_memory, unigram, wire
from bot.inference.engines.child import Handle, Message
from bot.inference.engines.protocol import BatchEngine, ChatEngine, Engine


def convert(order: Message) -> Handle:
    """Convert a model's weights. Raises WeightsError, ModelMissing."""
    from bot.inference.engines.convert import ensure_converted

    with torch_memory.out_of_memory():
        ensure_converted(TypeAdapter(Model).validate_python(order["convert"]), Path(order["weights_dir"]))
    return lambda _: {}


def load(order: Message) -> Handle:
    """Build the engine of a kind of model. Raises EngineFailed, OutOfMemory."""
    from bot.inference.engines import torch_device

    kind: Kind = order["kind"]
    options: dict[str, Any] = {name: order[name] for name in ("device", "dtype", "threads")} | order["options"]
    with torch_memory.out_of_memory():
        torch_device.require(options["device"])
        if kind == "chat":
            return _chat_handle(_chat(Path(order["folder"]), options))
        return _batch_handle(_batch(kind, Path(order["folder"]), options))


def _chat(folder: Path, options: Mapping[str, Any]) -> ChatEngine:
    if options["device"].startswith("cuda"):
        from bot.inference.engines.torch_continuous import TorchContinuous

        return TorchContinuous(folder, **options)
    from bot.inference.engines.torch_chat import TorchChat

    return TorchChat(folder, **options)


def _batch(kind: Kind, folder: Path, options: Mapping[str, Any]) -> BatchEngine:
    # Each is imported when it is wanted: transformers takes time to import what a class needs.
    match kind:
        case "encoder":
            return _encoder(folder, options)
        case "seq2seq":
            from bot.inference.engines.torch_seq2seq import TorchSeq2Seq

            return TorchSeq2Seq(folder, **options)
        case "classifier":
            from bot.inference.engines.torch_classifier import TorchClassifier

            return TorchClassifier(folder, **options)
        case "tagger":
            from bot.inference.engines.torch_tagger import TorchTagger

            return TorchTagger(folder, **options)
    from bot.inference.engines.torch_reader import TorchReader

    return TorchReader(folder, **options)


def _encoder(folder: Path, options: Mapping[str, Any]) -> BatchEngine:
    if unigram.written(folder):
        from bot.inference.engines.bert_encoder import BertEncoder

        return BertEncoder(folder, **options)
    from bot.inference.engines.torch_encoder import TorchEncoder

    return TorchEncoder(folder, **options)


def _chat_handle(engine: ChatEngine) -> Handle:
    def handle(message: Message) -> Message:
        match message:
            case {"step": _}:
                return {"outputs": wire.pack_outputs(engine.step())}
            case {"begin": key, "request": packed}:
                return {"tokens": engine.begin(key, wire.unpack_chat(packed))} | _memory(engine)
            case {"score": ids}:
                return {"log_probabilities": engine.score(ids)}
            case {"cancel": key}:
                engine.cancel(key)
                return {}
        return _common(engine, message)

    return handle


def _batch_handle(engine: BatchEngine) -> Handle:
    def handle(message: Message) -> Message:
        match message:
            case {"run": packed}:
                request = wire.unpack_batch(packed)
                return {"results": wire.pack_results(request, engine.run(request))} | _memory(engine)
        return _common(engine, message)

    return handle


def _common(engine: Engine, message: Message) -> Message:
    match message:
        case {"count": texts}:
            return {"counts": engine.count_tokens(texts)}
    return _memory(engine)  # the empty message, which asks whether all is ready


def _memory(engine: Engine) -> Message:
    taken = torch_memory.reserved_bytes(engine.device)
    return {"memory_bytes": taken} if taken else {}


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    child.serve(lambda: convert(given) if "convert" in given else load(given))
