"""Token ids in, token ids out: openvino-genai in a process of its own; openvino.py is what the bot sees of it.

`ContinuousBatchingPipeline.step` computes while it holds Python's global lock (measured with openvino-genai 2026.4.1: a
ticking thread stood still for a whole prefill, 4 s), which would stop the bot's event loop. Run as
`python -m bot.inference.engines.openvino_child FOLDER OPTIONS`; then each line in is {"begin": [...], "cancel": [...]}
and lets the pipeline step once, each line out is {"outputs": [...]}.
"""

import ctypes
import json
import sys
from pathlib import Path
from typing import Any

import openvino
import openvino_genai

from bot.errors import BadInput, EngineFailed
from bot.inference.engines import child
from bot.inference.engines.child import Handle, Message
from bot.inference.engines.openvino_files import QUANTIZATION_GROUP

# Tokens guessed ahead by looking them up in the prompt, and how many alike make a guess. Where the answer copies, five
# are worth it (3.9 times as fast); elsewhere one costs nothing, and five would slow down all who write together.
_GUESSES = {True: 5, False: 1}
_ALIKE = 3
_SCORED = 1 << 63  # the key of a text that is read and not answered; no request comes to have it
_MADV_DONTNEED = 4  # of Linux; asm-generic/mman-common.h
_MAPS = Path("/proc/self/maps")


class Pipeline:
    """One continuous-batching pipeline and the handles of its requests."""

    def __init__(self, folder: Path, *, threads: int, max_running: int, cache_gb: int) -> None:
        scheduler = openvino_genai.SchedulerConfig()
        scheduler.max_num_seqs = max_running
        scheduler.cache_size = cache_gb
        scheduler.dynamic_split_fuse = True
        scheduler.enable_prefix_caching = True
        properties = {
            "INFERENCE_NUM_THREADS": threads,
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": QUANTIZATION_GROUP,
            "prompt_lookup": True,
        }
        self._pipeline = openvino_genai.ContinuousBatchingPipeline(str(folder), scheduler, "CPU", properties)
        self._handles: dict[int, Any] = {}
        self._warm_up()
        _let_go_of_file(folder / "openvino_model.bin")

    def exchange(self, message: Message) -> Message:
        """Cancel, begin, step once; return [key, new token ids, finish or null] for each request with news.

        {"constrained": [key, ids, options]} begins one request with a schema, and nothing else: BadInput if it cannot.
        {"score": ids} is answered with the log-probabilities of all tokens but the first.
        """
        if "score" in message:
            return {"log_probabilities": self._score(message["score"])}
        for key in message.get("cancel", ()):
            if (handle := self._handles.pop(key, None)) is not None:
                handle.cancel()
        for key, ids, options in message.get("begin", ()):
            self._begin(key, ids, options)
        if "constrained" in message:
            self._begin_with_schema(*message["constrained"])
            return {"outputs": []}
        if self._pipeline.has_non_finished_requests():
            self._pipeline.step()
        outputs = [self._read(key, handle) for key, handle in list(self._handles.items())]
        return {"outputs": [output for output in outputs if output[1] or output[2]]}

    def _score(self, ids: list[int]) -> list[float]:
        self._begin(_SCORED, ids, {"max_new_tokens": 1, "do_sample": False, "echo": True, "logprobs": 1})
        handle = self._handles.pop(_SCORED)
        while handle.get_status() == openvino_genai.GenerationStatus.RUNNING:
            self._pipeline.step()
        found: list[float] = []
        while handle.can_read():
            for output in handle.read().values():
                found += output.generated_log_probs
        # Before them comes a number for the first token, behind them the one of the token that was written. Of a prompt
        # that is remembered only what is computed anew has any.
        if len(found) != len(ids) + 1:
            raise EngineFailed
        return found[1:-1]

    def _warm_up(self) -> None:
        # The first step packs the weights, which takes seconds.
        self._begin(0, [0], {"max_new_tokens": 1, "do_sample": False})
        while self._handles:
            self.exchange({})

    def _begin_with_schema(self, key: int, ids: list[int], options: dict[str, Any]) -> None:
        try:
            json.loads(options["schema"])  # which the library does not look at before it writes
            self._begin(key, ids, options)
        except (ValueError, RecursionError, RuntimeError) as error:
            # One schema that cannot be obeyed must not stop the others' answers.
            raise BadInput("error-schema", reason=str(error).strip().splitlines()[-1][:200]) from None

    def _begin(self, key: int, ids: list[int], options: dict[str, Any]) -> None:
        config = self._pipeline.get_config()  # carries the model's end tokens
        schema, copies = options.pop("schema", ""), options.pop("copies", False)
        config.update_generation_config(num_assistant_tokens=_GUESSES[copies], max_ngram_size=_ALIKE, **options)
        if schema:
            config.structured_output_config = openvino_genai.StructuredOutputConfig(json_schema=schema)
        tensor = openvino.Tensor(openvino.Type.i64, openvino.Shape([1, len(ids)]))
        tensor.data[:] = [ids]
        self._handles[key] = self._pipeline.add_request(key, tensor, config)

    def _read(self, key: int, handle: Any) -> list[Any]:
        ids: list[int] = []
        reason = openvino_genai.GenerationFinishReason.NONE
        while handle.can_read():
            for output in handle.read().values():
                ids += output.generated_ids
                reason = output.finish_reason
        finish = None
        if handle.get_status() != openvino_genai.GenerationStatus.RUNNING:
            del self._handles[key]
            # Whatever is not a stop token is some limit: of length, or of the cache.
            finish = "stop" if reason == openvino_genai.GenerationFinishReason.STOP else "length"
        return [key, ids, finish]


def _let_go_of_file(file: Path) -> None:
    """Let the kernel take back the memory that shows a file; what is needed of it again is read from disk.

    openvino maps its weights into memory and packs them into a copy of its own. Of the mapped ones only the rows of
    the token embeddings are ever looked at afterwards: that is half of the process's memory (Linux only).
    """
    if not _MAPS.exists():
        return
    advise = ctypes.CDLL(None).madvise
    for line in _MAPS.read_text(encoding="utf-8").splitlines():
        if line.endswith(str(file.resolve())):
            start, end = (int(address, 16) for address in line.split(maxsplit=1)[0].split("-"))
            advise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _MADV_DONTNEED)


def load(folder: str, options: str) -> Handle:
    """Load a prepared folder."""
    try:
        return Pipeline(Path(folder), **json.loads(options)).exchange
    except RuntimeError as error:
        print(error, file=sys.stderr)  # noqa: T201 - nobody's words are in it yet
        raise EngineFailed from error


if __name__ == "__main__":
    child.serve(lambda: load(*sys.argv[1:]))
