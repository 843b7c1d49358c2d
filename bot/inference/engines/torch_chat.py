"""Chat with transformers on any device: one batch that requests join and leave between tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from bot.errors import BadInput
from bot.inference.api import ChatRequest, Finish
from bot.inference.engines import torch_device
from bot.inference.engines.protocol import Output
from bot.inference.engines.text import TokenStream
from bot.inference.engines.torch_batch import Batch
from bot.inference.engines.torch_sampling import Sampler
from bot.inference.engines.torch_text import Text

if TYPE_CHECKING:
    import torch

# Prompt tokens that one step reads, so that the others' tokens and a cancel never wait for a whole long prompt.
_PROMPT_TOKENS_PER_STEP = 256


@dataclass(slots=True)
class _Answer:
    """A request on its way: how much of its prompt is read, and what is left to write."""

    key: int
    prompt: list[int]
    left: int
    sampler: Sampler
    text: TokenStream
    read: int = 0
    cache: Any = None


class TorchChat:
    """A ChatEngine over AutoModelForCausalLM."""

    name = "torch"

    def __init__(
        self, folder: Path, *, context: int, device: Literal["auto", "cpu", "cuda", "mps"] = "auto", threads: int = 1
    ) -> None:
        import torch
        from transformers import AutoModelForCausalLM
        from transformers.utils import logging

        self.device: torch_device.Device = torch_device.resolve(device)
        torch.set_num_threads(threads)
        logging.disable_progress_bar()  # it would write into the log
        dtype = torch_device.chat_dtype(self.device)
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, local_files_only=True)
        self._model: Any = model.to(self.device).eval()
        self._text = Text(folder)
        self._context = context
        self._end_tokens = self._text.end_tokens | _end_tokens(model.generation_config.eos_token_id)
        self._reading: list[_Answer] = []
        self._writing: dict[int, _Answer] = {}
        self._batch = Batch(self._model)

    @property
    def alive(self) -> bool:
        """Always: it lives in this process."""
        return True

    @property
    def memory_bytes(self) -> int:
        """Memory of the weights."""
        return sum(int(parameter.nbytes) for parameter in self._model.parameters())

    def begin(self, key: int, request: ChatRequest) -> int:
        """Let the request join; return its prompt's length in tokens. Raises BadInput."""
        prompt = self._text.prompt(request.turns)
        room = self._context - len(prompt)
        if room < 1:
            raise BadInput("error-prompt-too-long", tokens=len(prompt), limit=self._context)
        left = min(request.max_new_tokens, room)
        self._reading.append(_Answer(key, prompt, left, Sampler(request), self._text.stream()))
        return len(prompt)

    def step(self) -> list[Output]:
        """Write one token of every answer, and read a piece of the oldest unread prompt."""
        import torch

        with torch.inference_mode():
            outputs = self._write()
            if self._reading:
                outputs += self._read(self._reading[0])
        return outputs

    def cancel(self, key: int) -> None:
        """Forget the request and its part of the cache."""
        self._reading = [answer for answer in self._reading if answer.key != key]
        if self._writing.pop(key, None) is not None:
            self._batch.leave([key])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return each text's length in tokens, without special tokens."""
        return self._text.count(texts)

    def close(self) -> None:
        """Give the memory back."""
        self._reading, self._writing = [], {}
        self._model, self._batch = None, Batch(None)

    def _read(self, answer: _Answer) -> list[Output]:
        """Read a piece of a prompt; behind its end comes the answer's first token."""
        piece = answer.prompt[answer.read : answer.read + _PROMPT_TOKENS_PER_STEP]
        logits, answer.cache = self._batch.read(piece, answer.cache)
        answer.read += len(piece)
        if answer.read < len(answer.prompt):
            return []
        self._reading.remove(answer)
        token = answer.sampler.pick(logits)
        output = self._advance(answer, token)
        if output.finish is None:
            self._writing[answer.key] = answer
            self._batch.join(answer.key, answer.cache, token)
        answer.cache = None
        return [output]

    def _write(self) -> list[Output]:
        if not self._writing:
            return []
        logits = self._batch.write()
        outputs = []
        for key, row in logits.items():
            answer = self._writing[key]
            token = answer.sampler.pick(row)
            self._batch.feed(key, token)
            outputs.append(self._advance(answer, token))
        finished = [output.key for output in outputs if output.finish is not None]
        for key in finished:
            del self._writing[key]
        self._batch.leave(finished)
        return outputs

    def _advance(self, answer: _Answer, token: int) -> Output:
        answer.left -= 1
        finish: Finish | None = None
        if token in self._end_tokens:
            finish = "stop"
        elif answer.left == 0:
            finish = "length"
        text = "" if finish == "stop" else answer.text.add([token])
        if finish is not None:
            text += answer.text.finish()
        return Output(answer.key, text, 1, finish)


def _end_tokens(ids: "int | list[int] | torch.Tensor | None") -> set[int]:
    if ids is None:
        return set()
    return {ids} if isinstance(ids, int) else {int(number) for number in ids}
