"""Chat on a GPU: transformers' continuous batching with a paged cache that prompts share where they begin alike."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import OutOfMemory
from bot.inference.api import ChatRequest
from bot.inference.engines.protocol import Output
from bot.inference.engines.torch_answer import Answer
from bot.inference.engines.torch_chat import TorchChat
from bot.inference.engines.torch_memory import out_of_memory
from bot.inference.engines.torch_model import token_bytes

if TYPE_CHECKING:
    from transformers.generation.continuous_batching.requests import GenerationOutput

    from bot.inference.engines.torch_draws import Draws


@dataclass(frozen=True, slots=True)
class _Bounds:
    """What the manager may take. Only whole pages are shared between prompts, but flash attention wants them of 256.

    `tokens` is the room of the cache, running and remembered ones together, which is taken at the start; `step` is how
    many tokens one step computes at most, so that a long prompt is read in pieces while the others write on.
    """

    page: int
    tokens: int
    step: int
    requests: int


# 256 conversations of 1,000 tokens.
_GPU = _Bounds(page=256, tokens=262_144, step=2048, requests=256)
_CPU = _Bounds(page=16, tokens=16_384, step=256, requests=64)
# How much of a GPU's free memory the cache may take, so that other models find a place beside it.
_CACHE_SHARE = 0.5
# How long a step waits for a token before it says that there is none yet.
_WAIT_SECONDS = 0.2
_CLOSE_SECONDS = 5


@dataclass(slots=True)
class _Stream:
    """An answer that the manager writes under `name`: the tokens that have come, `before` of them to other managers."""

    answer: Answer
    name: str
    draws: "Draws | None"
    tokens: list[int]
    before: int = 0


class TorchContinuous(TorchChat):
    """A ChatEngine over transformers' ContinuousBatchingManager, which computes in a thread of its own.

    An answer that obeys a schema needs its last token on the host before the next one, for which the manager has no
    place: such answers are written by TorchChat's batch over the same weights, in turns with the manager. The thread
    ends with `close` alone; until then the process does not end.
    """

    def __init__(self, folder: Path, *, context: int, device: str, dtype: str, threads: int) -> None:
        super().__init__(folder, context=context, device=device, dtype=dtype, threads=threads)
        self._streams: dict[str, _Stream] = {}
        self._count = 0
        self._manager: Any = None
        with out_of_memory():
            self._start()

    @property
    def memory_bytes(self) -> int:
        """Memory of the weights and of the cache."""
        cache = 0 if self._manager is None else int(self._manager.batch_processor.cache.cache_tensor.nbytes)
        return super().memory_bytes + cache

    def begin(self, key: int, request: ChatRequest) -> int:
        """Let the request join; return its prompt's length in tokens. Raises BadInput."""
        from bot.inference.engines.torch_draws import Draws

        if request.schema:
            return super().begin(key, request)
        answer = self._answer(key, request)
        self._count += 1
        stream = _Stream(answer, f"{key}-{self._count}", Draws.of(request), [])
        self._streams[stream.name] = stream
        if self._manager is not None:
            self._submit(stream)
        return len(answer.prompt)

    def step(self) -> list[Output]:
        """Return what has been written since the last step; wait a moment if there is nothing."""
        if self._manager is None:
            with out_of_memory():
                self._start()
        outputs = self._step_with_schema() if self._reading or self._writing else []
        for result in self._results(wait=not outputs and bool(self._streams)):
            outputs += self._outputs_of(result)
        if not outputs and not self._manager.is_running():
            self._raise_failure()
        return outputs

    def cancel(self, key: int) -> None:
        """Forget the request; its pages are free before the manager computes the next tokens."""
        super().cancel(key)
        for stream in [stream for stream in self._streams.values() if stream.answer.key == key]:
            del self._streams[stream.name]
            if self._manager is not None:
                self._manager.cancel_request(stream.name)

    def score(self, ids: Sequence[int]) -> list[float]:
        """Return the log-probabilities of all tokens but the first, while the manager pauses."""
        with contextlib.ExitStack() as stack:
            if self._manager is not None:
                stack.enter_context(self._manager.pause())
            return super().score(ids)

    def close(self) -> None:
        """Stop the manager's thread and give the memory back."""
        self._streams = {}
        if self._manager is not None:
            self._manager.stop(timeout=_CLOSE_SECONDS, hard_stop=True)
            self._manager = None
        super().close()

    def _start(self) -> None:
        """Start a manager and give it every request that is under way, with what is written of its answer."""
        import torch
        from transformers import ContinuousBatchingConfig, GenerationConfig

        from bot.inference.engines.torch_draws import DrawnTokens

        if self._on_gpu:
            torch.cuda.set_device(self.device)  # the manager asks the current one how much is free
        bounds = _GPU if self._on_gpu else _CPU
        config = ContinuousBatchingConfig(
            page_size=bounds.page,
            num_blocks=max(1, self._room(bounds.tokens) // bounds.page),
            max_batch_tokens=bounds.step,
            max_requests_per_batch=bounds.requests,
        )
        # The manager's own choice is greedy; DrawnTokens leaves it one token each.
        generation = GenerationConfig(do_sample=False, eos_token_id=sorted(self._end_tokens))
        manager = self._model.init_continuous_batching(generation, config)
        manager.logit_processor = DrawnTokens()
        manager.warmup()  # takes the cache, and captures CUDA graphs where there are any
        manager.start()
        self._manager = manager
        for stream in self._streams.values():
            self._submit(stream)

    @property
    def _on_gpu(self) -> bool:
        return self.device.startswith("cuda")

    def _room(self, tokens: int) -> int:
        """Return for how many tokens there may be a cache: so many, or what fits into a share of the free memory."""
        import torch

        if not self._on_gpu:
            return max(tokens, 2 * self._context)
        free, _ = torch.cuda.mem_get_info(self.device)
        room = min(tokens, int(_CACHE_SHARE * free / token_bytes(self._model)))
        if room < self._context:  # a long prompt would fit in nowhere, and stop everybody's answers
            raise OutOfMemory
        return room

    def _submit(self, stream: _Stream) -> None:
        stream.before = len(stream.tokens)
        self._manager.add_request(
            stream.answer.prompt + stream.tokens,
            request_id=stream.name,
            max_new_tokens=stream.answer.left,
            streaming=True,
            eos_token_id=sorted(self._end_tokens),
            draws=stream.draws,
        )

    def _step_with_schema(self) -> list[Output]:
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(self._manager.pause())
            except RuntimeError:  # its thread has ended, which `step` looks into
                return []
            return super().step()

    def _results(self, *, wait: bool) -> "Iterator[GenerationOutput]":
        """Yield what the manager has written; with `wait`, only once there is something or a moment has passed."""
        result = self._manager.get_result(timeout=_WAIT_SECONDS if wait else 0.0)
        while result is not None:
            yield result
            result = None if self._manager.output_router.output_queue.empty() else self._manager.get_result(timeout=0.0)

    def _outputs_of(self, result: "GenerationOutput") -> list[Output]:
        """Return what a result brings: all tokens of the request so far, of which some are new."""
        stream = self._streams.get(result.request_id)
        if stream is None or result.error is not None:  # cancelled, or the manager's thread is about to end
            return []
        outputs = []
        for token in result.generated_tokens[len(stream.tokens) - stream.before :]:
            stream.tokens.append(token)
            outputs.append(stream.answer.take(token))
        if outputs and outputs[-1].finish is not None:
            del self._streams[stream.name]
        return outputs

    def _raise_failure(self) -> None:
        """Raise what ended the manager's thread; after OutOfMemory the next step starts another one."""
        failure = self._manager.background_thread_status.fatal_error
        self._manager.stop(timeout=_CLOSE_SECONDS, hard_stop=True)
        self._manager = None
        with out_of_memory():
            raise failure or RuntimeError("the thread of continuous batching has ended")
