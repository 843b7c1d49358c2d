"""Chat on the CPU with openvino-genai: continuous batching and prefix caching, in a process of its own."""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from bot.inference.api import ChatRequest
from bot.inference.engines.openvino_files import SPECIAL_TOKENS
from bot.inference.engines.process import ROOT, Child
from bot.inference.engines.protocol import Output
from bot.inference.engines.text import TokenStream, plain_turns

_CACHE_GB = 1  # the 1.5B keeps about 75,000 tokens in it, running and remembered prompts together
_MODULE = "bot.inference.engines.openvino_child"


class Text:
    """The tokenizer of a prepared folder. It works in this process and may be used from several threads."""

    def __init__(self, folder: Path) -> None:
        import openvino_genai

        self._tokenizer = openvino_genai.Tokenizer(str(folder))
        self._special_tokens = json.loads((folder / SPECIAL_TOKENS).read_text(encoding="utf-8"))

    def encode(self, text: str) -> list[int]:
        """Return the token ids of a text; special tokens in it are read as such."""
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).input_ids.data[0].tolist()
        return ids

    def prompt(self, request: ChatRequest) -> list[int]:
        """Return the ids of the request's turns in the model's chat template."""
        turns = plain_turns(request.turns, self._special_tokens)
        return self.encode(self._tokenizer.apply_chat_template(turns, add_generation_prompt=True))

    def stream(self) -> TokenStream:
        """Return a decoder for one answer."""
        return TokenStream(lambda ids: str(self._tokenizer.decode(ids)))

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return each text's length in tokens."""
        return [len(self.encode(text)) if text else 0 for text in texts]


def token_counter(folder: Path) -> Callable[[Sequence[str]], list[int]]:
    """Return a function that counts tokens and needs the tokenizer alone (0.2 s to load)."""
    return Text(folder).count


class OpenVinoChat:
    """A ChatEngine over one openvino-genai process; step raises when the process has died."""

    name = "openvino"
    device = "cpu"

    def __init__(self, folder: Path, *, context: int, threads: int, max_running: int) -> None:
        self._context = context
        self._streams: dict[int, TokenStream] = {}
        self._begin: list[tuple[int, list[int], dict[str, Any]]] = []
        self._cancel: list[int] = []
        options = json.dumps({"threads": threads, "max_running": max_running, "cache_gb": _CACHE_GB})
        self._child = Child([sys.executable, "-m", _MODULE, str(folder.absolute()), options], folder=ROOT)
        try:
            self._text = Text(folder)  # meanwhile the child loads the weights
            self._child.ready()
        except BaseException:
            self.close()
            raise

    @property
    def alive(self) -> bool:
        """Tell whether the process still runs."""
        return self._child.alive

    @property
    def memory_bytes(self) -> int:
        """Resident memory of the process: weights and cache."""
        return self._child.memory_bytes

    def begin(self, key: int, request: ChatRequest) -> int:
        """Let the request join at the next step; return its prompt's length in tokens. Raises BadInput."""
        ids = self._text.prompt(request)
        room = self._context - len(ids)
        if room < 1:
            raise BadInput("error-prompt-too-long", tokens=len(ids), limit=self._context)
        options = _options(request, room)
        if request.schema:
            self._child.ask({"constrained": (key, ids, options)})
        else:
            self._begin.append((key, ids, options))
        self._streams[key] = self._text.stream()
        return len(ids)

    def step(self) -> list[Output]:
        """Advance every request; long prompts are read in pieces between the others' tokens."""
        message = {"begin": self._begin, "cancel": self._cancel}
        self._begin, self._cancel = [], []
        return [self._output(*output) for output in self._child.ask(message)["outputs"] if output[0] in self._streams]

    def cancel(self, key: int) -> None:
        """Forget the request; its memory is free at the next step."""
        if self._streams.pop(key, None) is not None:
            self._cancel.append(key)

    def score(self, ids: Sequence[int]) -> list[float]:
        """Return the log-probabilities of all tokens but the first. Raises EngineFailed, also when asked twice."""
        found: list[float] = self._child.ask({"score": list(ids)})["log_probabilities"]
        return found

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return each text's length in tokens, without special tokens."""
        return self._text.count(texts)

    def close(self) -> None:
        """End the process."""
        self._child.close()

    def _output(self, key: int, ids: list[int], finish: str | None) -> Output:
        text = self._streams[key].add(ids)
        if finish is None:
            return Output(key, text, len(ids))
        text += self._streams.pop(key).finish()
        return Output(key, text, len(ids), "stop" if finish == "stop" else "length")


def _options(request: ChatRequest, room: int) -> dict[str, Any]:
    options = {
        "max_new_tokens": min(request.max_new_tokens, room),
        "schema": request.schema,
        "copies": request.copies,
    }
    if request.temperature == 0:
        return {**options, "do_sample": False}
    sampling = {"temperature": request.temperature, "top_p": request.top_p, "rng_seed": request.seed}
    return {**options, "do_sample": True, **sampling}
