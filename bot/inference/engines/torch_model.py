"""A transformers model on its device with its fast tokenizer, as encoders, classifiers, taggers and readers use it."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.errors import BadInput
from bot.inference.engines.torch_memory import out_of_memory

if TYPE_CHECKING:
    import torch
    from tokenizers import Encoding

# Tokens in a micro-batch, padding included. On two cores 512 took 0.76 to 0.9 of the time that batches of 8 took at
# lengths of 20 to 300 tokens, and no more from 256 to 1024; larger ones leave the cores' caches.
_CPU_TOKENS = 512
_GPU_TOKENS = 16_384
# Where neither the model nor its tokenizer says how many tokens it takes (mT5); T5 was trained on that many.
_USUAL_LIMIT = 512
# What is kept of a micro-batch's output, given its mask (rows, tokens): one entry for each row.
Take: TypeAlias = "Callable[[Any, torch.Tensor], torch.Tensor]"


class TorchModel:
    """A model with one of transformers' heads ("AutoModelForTokenClassification"), and what goes into it."""

    def __init__(self, head: str, folder: Path, *, device: str, dtype: str, threads: int) -> None:
        from transformers import AutoTokenizer

        self.device = device
        # Each micro-batch has one thread and each thread micro-batches of its own. Two threads that share every product
        # wait for each other at its end: beside other busy processes that took seven times as long.
        workers = threads if device == "cpu" else 1
        self._workers = ThreadPoolExecutor(workers, "torch", initializer=lambda: set_threads(1))
        self.network: Any = load(head, folder, device=device, dtype=dtype)
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        # The tokenizers library underneath: it cuts encodings in windows, and tells where each token was in the text.
        self._tokenizer = tokenizer.backend_tokenizer
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._tokenizer.encode_special_tokens = True  # "[SEP]" in what somebody wrote is text
        self.limit = limit(self.network, tokenizer)
        self.cls = tokenizer.cls_token_id
        self._pad = int(tokenizer.pad_token_id or 0)
        # RoBERTa's kin have one type, and DistilBERT takes none at all.
        self._takes_types = getattr(self.network.config, "type_vocab_size", 0) > 1

    @property
    def labels(self) -> list[str]:
        """The names of the head's outputs."""
        names: dict[int, str] = self.network.config.id2label
        return [names[number] for number in range(len(names))]

    @property
    def memory_bytes(self) -> int:
        """Memory of the weights."""
        return weight_bytes(self.network)

    def close(self) -> None:
        """Give the memory back."""
        self._workers.shutdown()
        self.network = None

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return each text's length in tokens, without special tokens."""
        return [len(encoding) for encoding in self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]

    def encode(self, texts: Sequence[str]) -> "list[Encoding]":
        """Return the tokens of each text, without special tokens."""
        encodings: list[Encoding] = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return encodings

    def room(self, *, pairs: bool = False) -> int:
        """Return how many tokens fit beside the special ones."""
        return self.limit - int(self._tokenizer.num_special_tokens_to_add(pairs))

    def half(self, encodings: "Sequence[Encoding]") -> int:
        """Return the longest encoding's length; raises BadInput if it is more than half of what fits in a pair."""
        longest, most = max(map(len, encodings)), self.room(pairs=True) // 2
        if longest > most:
            raise BadInput("error-text-too-long", tokens=longest, limit=most)
        return longest

    def around(self, first: "Encoding", second: "Encoding | None" = None) -> "Encoding":
        """Return a text's tokens, or those of a pair, with the special ones around them."""
        encoding: Encoding = self._tokenizer.post_process(first, second)
        return encoding

    def rows(self, encodings: "Sequence[Encoding]", take: "Take") -> "list[torch.Tensor]":
        """Run the model on micro-batches of like length; returns what `take` makes of each encoding's row, in order."""
        tokens = _CPU_TOKENS if self.device == "cpu" else _GPU_TOKENS
        batches = list(by_length([len(encoding) for encoding in encodings], tokens))
        results = self._workers.map(lambda batch: self._run([encodings[row] for row in batch], take), batches)
        found: dict[int, torch.Tensor] = {}
        for batch, result in zip(batches, results, strict=True):
            found.update(zip(batch, result, strict=True))
        return [found[row] for row in range(len(encodings))]

    def logits(self, encodings: "Sequence[Encoding]") -> "list[torch.Tensor]":
        """Return each encoding's logits in float32 on the CPU: (labels,), or (tokens, labels) with padding behind."""
        return self.rows(encodings, lambda output, _: output.logits.float().cpu())

    def _run(self, batch: "Sequence[Encoding]", take: "Take") -> "torch.Tensor":
        import torch

        inputs = self._inputs(batch)
        with torch.inference_mode():  # each thread has its own
            return take(self.network(**inputs), inputs["attention_mask"])

    def _inputs(self, batch: "Sequence[Encoding]") -> "dict[str, torch.Tensor]":
        inputs = padded([encoding.ids for encoding in batch], self._pad, self.device)
        if self._takes_types:
            inputs["token_type_ids"] = padded([encoding.type_ids for encoding in batch], 0, self.device)["input_ids"]
        return inputs


class Head:
    """What is the same in every engine over a TorchModel; each adds its `run`."""

    name = "torch"

    def __init__(self, head: str, folder: Path, *, device: str, dtype: str, threads: int) -> None:
        self.device = device
        self._model = TorchModel(head, folder, device=device, dtype=dtype, threads=threads)

    @property
    def alive(self) -> bool:
        """Always: it lives in this process."""
        return True

    @property
    def memory_bytes(self) -> int:
        """Memory of the weights."""
        return self._model.memory_bytes

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return each text's length in tokens, without special tokens."""
        return self._model.count_tokens(texts)

    def close(self) -> None:
        """Give the memory back."""
        self._model.close()


@contextlib.contextmanager
def computing() -> Iterator[None]:
    """Compute without gradients; raises OutOfMemory."""
    import torch

    with out_of_memory(), torch.inference_mode():
        yield


def set_threads(number: int) -> None:
    """Let products that this thread starts use so many threads."""
    import torch

    torch.set_num_threads(number)


def load(head: str, folder: Path, *, device: str, dtype: str) -> Any:
    """Return one of transformers' models on its device."""
    import torch
    import transformers

    transformers.utils.logging.disable_progress_bar()  # it would write into the log
    # On the CPU torch's own attention took 1.5 times as long as plain products in bfloat16, and 0.7 to 0.9 in float32.
    attention = "eager" if (device, dtype) == ("cpu", "bfloat16") else None
    model = getattr(transformers, head).from_pretrained(
        folder, dtype=getattr(torch, dtype), attn_implementation=attention, local_files_only=True
    )
    return model.to(device).eval()


def weight_bytes(network: Any) -> int:
    """Return how much memory the weights take; 0 for a model that was closed."""
    return sum(int(parameter.nbytes) for parameter in network.parameters()) if network is not None else 0


def token_bytes(network: Any) -> int:
    """Return how much memory a chat model's keys and values of one token take."""
    config = network.config.get_text_config()
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    heads = getattr(config, "num_key_value_heads", None) or config.num_attention_heads
    return int(2 * config.num_hidden_layers * heads * size * network.dtype.itemsize)


def limit(network: Any, tokenizer: Any) -> int:
    """Return how many tokens a model takes at once, special ones included."""
    config = network.config
    positions = getattr(config, "max_position_embeddings", None) or getattr(config, "n_positions", None)
    # A tokenizer that knows no limit says 10 to the power of 30.
    return int(min((positions or _USUAL_LIMIT) - _unused_positions(network), tokenizer.model_max_length))


def by_length(lengths: Sequence[int], tokens: int, most: int = 1024) -> Iterator[list[int]]:
    """Yield micro-batches of rows of like length, the longest first: `most` rows, or as many as fit into `tokens`."""
    order = sorted(range(len(lengths)), key=lambda row: lengths[row], reverse=True)
    while order:
        size = min(most, max(1, tokens // max(1, lengths[order[0]])))
        yield order[:size]
        order = order[size:]


def padded(rows: Sequence[Sequence[int]], pad: int, device: str) -> "dict[str, torch.Tensor]":
    """Return rows of ids with padding behind, and the mask that tells them apart."""
    import torch

    longest = max(map(len, rows))
    ids = torch.tensor([[*row, *[pad] * (longest - len(row))] for row in rows], device=device)
    lengths = torch.tensor([len(row) for row in rows], device=device)
    mask = (torch.arange(longest, device=device) < lengths[:, None]).long()
    return {"input_ids": ids, "attention_mask": mask}


def _unused_positions(network: Any) -> int:
    # RoBERTa's kin count positions from behind the padding's number, and their table has rows for those before.
    tables = [module for name, module in network.named_modules() if name.endswith("position_embeddings")]
    padding = getattr(tables[0], "padding_idx", None) if tables else None
    return 0 if padding is None else padding + 1
