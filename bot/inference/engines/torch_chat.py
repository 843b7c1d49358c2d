"""Chat with transformers on any device: one batch that requests join and leave between tokens."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import BadInput, OutOfMemory
from bot.inference.api import ChatRequest
from bot.inference.engines.protocol import Output
from bot.inference.engines.torch_answer import Answer
from bot.inference.engines.torch_batch import Batch, row_entries
from bot.inference.engines.torch_grammar import Grammars
from bot.inference.engines.torch_lookup import accepted, guess
from bot.inference.engines.torch_memory import out_of_memory
from bot.inference.engines.torch_model import token_bytes, weight_bytes
from bot.inference.engines.torch_prefixes import Prefixes
from bot.inference.engines.torch_sampling import Sampler
from bot.inference.engines.torch_text import Text

if TYPE_CHECKING:
    import torch

# Prompt tokens that one step reads, so that the others' tokens and a cancel never wait for a whole long prompt.
_PROMPT_TOKENS_PER_STEP = 256
# What past conversations that are remembered may take: some twenty of them with a 1.5B model.
_REMEMBERED_BYTES = 450_000_000


class TorchChat:
    """A ChatEngine over AutoModelForCausalLM."""

    name = "torch"

    def __init__(self, folder: Path, *, context: int, device: str, dtype: str, threads: int) -> None:
        import torch
        from transformers import AutoModelForCausalLM
        from transformers.utils import logging

        self.device = device
        torch.set_num_threads(threads)
        logging.disable_progress_bar()  # it would write into the log
        with out_of_memory():
            model = AutoModelForCausalLM.from_pretrained(folder, dtype=getattr(torch, dtype), local_files_only=True)
            self._model: Any = model.to(device).eval()
        self._text = Text(folder)
        self._context = context
        self._end_tokens = self._text.end_tokens | _end_tokens(model.generation_config.eos_token_id)
        self._grammars: Grammars | None = None
        self._reading: list[Answer] = []
        self._writing: dict[int, Answer] = {}
        self._outputs: list[Output] = []
        self._batch = Batch(self._model)
        self._prefixes = Prefixes(_REMEMBERED_BYTES // token_bytes(self._model))

    @property
    def alive(self) -> bool:
        """Always: it lives in this process."""
        return True

    @property
    def memory_bytes(self) -> int:
        """Memory of the weights."""
        return weight_bytes(self._model)

    def begin(self, key: int, request: ChatRequest) -> int:
        """Let the request join; return its prompt's length in tokens. Raises BadInput."""
        answer = self._answer(key, request)
        self._reading.append(answer)
        return len(answer.prompt)

    def step(self) -> list[Output]:
        """Write one token of every answer, and read a piece of the oldest unread prompt."""
        import torch

        try:
            # What came before a failure waits in self._outputs for the next step.
            with out_of_memory(), torch.inference_mode():
                if self._writing:
                    self._write()
                if self._reading:
                    self._read(self._reading[0])
        except OutOfMemory:
            self._prefixes.clear()
            raise
        outputs, self._outputs = self._outputs, []
        return outputs

    def cancel(self, key: int) -> None:
        """Forget the request; what is read of it is remembered for the next one."""
        self._outputs = [output for output in self._outputs if output.key != key]
        for answer in [answer for answer in self._reading if answer.key == key]:
            self._reading.remove(answer)
            if answer.cache is not None:
                self._prefixes.keep(answer.prompt[: answer.read], row_entries(answer.cache, answer.read))
        if self._writing.pop(key, None) is not None:
            self._leave(key)

    def score(self, ids: Sequence[int]) -> list[float]:
        """Return the log-probabilities of all tokens but the first. Raises OutOfMemory."""
        import torch

        with out_of_memory(), torch.inference_mode():
            tokens = torch.tensor([list(ids)], device=self.device)
            logits = self._model(input_ids=tokens, use_cache=False).logits[0, :-1].float()
            found: list[float] = logits.log_softmax(-1).gather(1, tokens[0, 1:, None])[:, 0].tolist()
        return found

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return each text's length in tokens, without special tokens."""
        return self._text.count(texts)

    def close(self) -> None:
        """Give the memory back."""
        self._reading, self._writing, self._outputs = [], {}, []
        self._model, self._batch = None, Batch(None)
        self._prefixes.clear()

    def _answer(self, key: int, request: ChatRequest) -> Answer:
        prompt = self._text.prompt(request.turns)
        room = self._context - len(prompt)
        if room < 1:
            raise BadInput("error-prompt-too-long", tokens=len(prompt), limit=self._context)
        left = min(request.max_new_tokens, room)
        answer = Answer(key, prompt, left, Sampler(request), self._text.stream(), self._end_tokens)
        answer.copies = request.copies and request.temperature == 0 and not request.schema
        if request.schema:
            if self._grammars is None:
                vocabulary = self._model.get_output_embeddings().weight.shape[0]
                self._grammars = Grammars(self._text.tokenizer_json(), vocabulary, self._end_tokens)
            answer.grammar = self._grammars.compile(request.schema)
        return answer

    def _read(self, answer: Answer) -> None:
        """Read a piece of a prompt; behind its end comes the answer's first token."""
        if answer.cache is None:
            answer.read, answer.cache = self._prefixes.find(answer.prompt)
        piece = answer.prompt[answer.read : answer.read + _PROMPT_TOKENS_PER_STEP]
        logits, cache = self._batch.read(piece, answer.cache, answer.read)
        token = answer.choose(logits) if answer.read + len(piece) == len(answer.prompt) else None
        answer.cache, answer.read = cache, answer.read + len(piece)
        if token is None:
            return
        self._reading.remove(answer)
        output = answer.take(token)
        self._outputs.append(output)
        self._writing[answer.key] = answer
        self._batch.join(answer.key, list(answer.prompt), answer.cache, token)
        answer.cache = None
        if output.finish is not None:
            del self._writing[answer.key]
            self._leave(answer.key)

    def _write(self) -> None:
        alone = self._batch.only()
        if alone is not None and self._writing[alone[0]].copies:
            self._write_ahead(*alone)
            return
        tokens = {key: self._writing[key].choose(row) for key, row in self._batch.write().items()}
        self._batch.feed(tokens)
        self._take(list(tokens.items()))

    def _write_ahead(self, key: int, ids: list[int]) -> None:
        """Write the only answer's next token, and all those behind it that were guessed right."""
        answer = self._writing[key]
        guessed = guess(ids, answer.left - 1)
        best: list[int] = self._batch.write_ahead(guessed).argmax(dim=-1).tolist()
        tokens = accepted(guessed, best)
        ends = [place for place, token in enumerate(tokens) if token in self._end_tokens]
        tokens = tokens[: ends[0] + 1] if ends else tokens
        self._batch.feed_ahead(tokens)
        self._take([(key, token) for token in tokens])

    def _take(self, tokens: list[tuple[int, int]]) -> None:
        """Write tokens to answers, and take those that end out of the batch."""
        outputs = [self._writing[key].take(token) for key, token in tokens]
        self._outputs += outputs
        for output in outputs:
            if output.finish is not None:
                del self._writing[output.key]
                self._leave(output.key)

    def _leave(self, key: int) -> None:
        """Take an answer out of the batch and remember its tokens, if there is memory for that."""
        import torch

        try:
            with out_of_memory(), torch.inference_mode():
                self._prefixes.keep(*self._batch.copy(key))
        except OutOfMemory:
            self._prefixes.clear()
        self._batch.leave(key)


def _end_tokens(ids: "int | list[int] | torch.Tensor | None") -> set[int]:
    if ids is None:
        return set()
    return {ids} if isinstance(ids, int) else {int(number) for number in ids}
