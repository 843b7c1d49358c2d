"""Token ids in, token ids out: openvino-genai in a process of its own.

`ContinuousBatchingPipeline.step` computes while it holds Python's global lock (measured with openvino-genai 2026.4.1: a
ticking thread stood still for a whole prefill, 4 s), which would stop the bot's event loop. So this file is run as a
script and imports nothing of the bot. `serve` talks JSON lines over its standard input and output: each line in is
{"begin": [...], "cancel": [...]} and lets the pipeline step once; each line out is {"outputs": [...]}. It ends when its
standard input does, so it cannot outlive the bot.
"""

import json
import os
import signal
import sys
from typing import Any, TextIO

import openvino
import openvino_genai


class Pipeline:
    """One continuous-batching pipeline and the handles of its requests."""

    def __init__(self, folder: str, *, threads: int, max_running: int, cache_gb: int) -> None:
        scheduler = openvino_genai.SchedulerConfig()
        scheduler.max_num_seqs = max_running
        scheduler.cache_size = cache_gb
        scheduler.dynamic_split_fuse = True
        scheduler.enable_prefix_caching = True
        properties = {"INFERENCE_NUM_THREADS": threads}
        self._pipeline = openvino_genai.ContinuousBatchingPipeline(folder, scheduler, "CPU", properties)
        self._handles: dict[int, Any] = {}

    def exchange(self, message: dict[str, Any]) -> list[list[Any]]:
        """Cancel, begin, step once; return [key, new token ids, finish or null] for each request with news."""
        for key in message["cancel"]:
            if (handle := self._handles.pop(key, None)) is not None:
                handle.cancel()
        for key, ids, options in message["begin"]:
            self._begin(key, ids, options)
        if self._pipeline.has_non_finished_requests():
            self._pipeline.step()
        outputs = [self._read(key, handle) for key, handle in list(self._handles.items())]
        return [output for output in outputs if output[1] or output[2]]

    def _begin(self, key: int, ids: list[int], options: dict[str, Any]) -> None:
        config = self._pipeline.get_config()  # carries the model's end tokens
        config.update_generation_config(**options)
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


def _reply(out: TextIO, message: dict[str, Any]) -> None:
    out.write(json.dumps(message) + "\n")
    out.flush()


def convert(gguf: str) -> None:
    """Write the model and its tokenizers in openvino's own format beside the GGUF file."""
    saving = {"enable_save_ov_model": True}
    openvino_genai.ContinuousBatchingPipeline(gguf, openvino_genai.SchedulerConfig(), "CPU", saving, saving)


def serve(folder: str, options: str) -> None:
    """Load a folder, say so with an empty answer, then answer line by line."""
    # What a library prints must not mix with the answers, so standard output is moved to where errors go.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    pipeline = Pipeline(folder, **json.loads(options))
    try:
        _reply(out, {"outputs": []})
        for line in sys.stdin:
            _reply(out, {"outputs": pipeline.exchange(json.loads(line))})
    except BrokenPipeError:
        pass  # the bot has gone, and there is nobody to tell
    # At once, for there is nothing to save; taken down in order, the pipeline complains of answers left unfinished.
    os._exit(0)


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM):  # they are for the bot, which then closes the pipe
        signal.signal(number, signal.SIG_IGN)
    if sys.argv[1] == "convert":
        convert(sys.argv[2])
    else:
        serve(*sys.argv[2:])
