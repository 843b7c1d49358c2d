"""Translation and summaries with transformers' encoder-decoder models: Marian, T5, NLLB, mBART, M2M100."""

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from bot.inference.api import BatchRequest, RewriteRequest
from bot.inference.engines.torch_model import by_length, computing, limit, load, padded, set_threads, weight_bytes

# Texts that are written together, each by the beams of the model's own settings.
_ROWS = 8


class TorchSeq2Seq:
    """A BatchEngine over AutoModelForSeq2SeqLM.

    `languages` are the model's own codes of two-letter languages ("es": "spa_Latn", or ">>spa<<" for a Marian model
    with several targets). `prefixes` are what goes before a text by what is asked ("es-en": "translate Spanish to
    English: ", "": "summarize: " for whatever is not named), as T5 was trained.
    """

    name = "torch"

    def __init__(
        self,
        folder: Path,
        *,
        device: str,
        dtype: str,
        threads: int,
        languages: Mapping[str, str] | None = None,
        prefixes: Mapping[str, str] | None = None,
    ) -> None:
        self.device = device
        self._languages = languages or {}
        self._prefixes = prefixes or {}
        self._network = load("AutoModelForSeq2SeqLM", folder, device=device, dtype=dtype)
        set_threads(threads)
        self._network.generation_config.max_length = None  # requests say how long
        self._tokenizer = _tokenizer(folder)
        self._limit = limit(self._network, self._tokenizer)

    @property
    def alive(self) -> bool:
        """Always: it lives in this process."""
        return True

    @property
    def memory_bytes(self) -> int:
        """Memory of the weights."""
        return weight_bytes(self._network)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return each text's length in tokens, without special tokens."""
        return [len(ids) for ids in self._ids(texts, special=False)]

    def close(self) -> None:
        """Give the memory back."""
        self._network = None

    def run(self, request: BatchRequest) -> list[str]:
        """Return what the model makes of each text. Raises BadInput for one that is too long, and for languages."""
        assert isinstance(request, RewriteRequest)  # noqa: S101 - the manager sends each kind its own requests
        options = self._options(request)
        rows = self._ids([self._prefix(request) + text for text in request.texts], special=True)
        longest = max(map(len, rows), default=0)
        if longest > self._limit:
            raise BadInput("error-text-too-long", tokens=longest, limit=self._limit)
        written: dict[int, str] = {}
        with computing():
            for batch in by_length([len(ids) for ids in rows], _ROWS * self._limit, most=_ROWS):
                texts = self._write([rows[row] for row in batch], options)
                written.update(zip(batch, texts, strict=True))
        return [written[row] for row in range(len(rows))]

    def _write(self, batch: Sequence[Sequence[int]], options: Mapping[str, int]) -> list[str]:
        inputs = padded(batch, int(self._tokenizer.pad_token_id or 0), self.device)
        ids = self._network.generate(**inputs, **options, do_sample=False)
        texts = self._tokenizer.batch_decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return [str(text).strip() for text in texts]

    def _options(self, request: RewriteRequest) -> dict[str, int]:
        """Set the source language, and return what else the decoder is told."""
        # The decoder has as many positions as the encoder, and the first is not an answer's.
        options = {"max_new_tokens": min(request.max_new_tokens, self._limit - 1)}
        if self._languages and self._has_codes:
            self._tokenizer.src_lang = self._code(request.source)
            options["forced_bos_token_id"] = self._language_id(self._code(request.target))
        return options

    def _prefix(self, request: RewriteRequest) -> str:
        if self._languages and not self._has_codes:
            return self._code(request.target) + " "
        return self._prefixes.get(f"{request.source}-{request.target}", self._prefixes.get("", ""))

    @property
    def _has_codes(self) -> bool:
        # NLLB, mBART and M2M100 take languages as tokens of their own; Marian takes them as the text's first word.
        return hasattr(self._tokenizer, "src_lang")

    def _code(self, language: str) -> str:
        if language not in self._languages:
            raise BadInput("error-model-language", language=language)
        return self._languages[language]

    def _language_id(self, code: str) -> int:
        # M2M100 writes a language's token otherwise than its code.
        token = self._tokenizer.get_lang_token(code) if hasattr(self._tokenizer, "get_lang_token") else code
        return int(self._tokenizer.convert_tokens_to_ids(token))

    def _ids(self, texts: Sequence[str], *, special: bool) -> list[list[int]]:
        if not texts:
            return []
        # Special tokens in what somebody wrote are text.
        encoded = self._tokenizer(list(texts), add_special_tokens=special, split_special_tokens=True, verbose=False)
        ids: list[list[int]] = encoded["input_ids"]
        return ids


def _tokenizer(folder: Path) -> Any:
    from transformers import AutoTokenizer

    with warnings.catch_warnings():
        # Marian's asks for sacremoses, for a method that nothing in transformers calls.
        warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")
        return AutoTokenizer.from_pretrained(folder, local_files_only=True)
