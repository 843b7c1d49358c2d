"""A Hugging Face tokenizer as the torch engines use it."""

from collections.abc import Sequence
from pathlib import Path

from bot.inference.api import Turn
from bot.inference.engines.text import TokenStream, plain_turns


class Text:
    """The fast tokenizer of a model's folder; safe to use from several threads, because nothing changes its state."""

    def __init__(self, folder: Path) -> None:
        from transformers import AutoTokenizer

        self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        # The tokenizers library underneath: calls through transformers set padding and truncation each time, which
        # fails when another thread is encoding.
        self._encoder = self._tokenizer.backend_tokenizer
        self._encoder.no_truncation()
        self._encoder.no_padding()
        self._added_tokens = [str(token) for token in self._tokenizer.added_tokens_decoder.values()]

    @property
    def end_tokens(self) -> set[int]:
        """Ids after which an answer is over."""
        end = self._tokenizer.eos_token_id
        return set() if end is None else {int(end)}

    def prompt(self, turns: Sequence[Turn]) -> list[int]:
        """Return the ids of the turns in the model's chat template."""
        plain = plain_turns(turns, self._added_tokens)
        # People wait for the answer: templates that know this switch (Qwen3's) leave out the thinking before it.
        text = self._tokenizer.apply_chat_template(
            plain, tokenize=False, add_generation_prompt=True, enable_thinking=False
        )
        ids: list[int] = self._encoder.encode(text, add_special_tokens=False).ids
        return ids

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return each text's length in tokens, without special tokens."""
        return [len(encoding) for encoding in self._encoder.encode_batch(list(texts), add_special_tokens=False)]

    def tokenizer_json(self) -> str:
        """Return the tokenizer as the tokenizers library writes it."""
        return str(self._encoder.to_str())

    def stream(self) -> TokenStream:
        """Return a decoder for one answer."""
        return TokenStream(lambda ids: str(self._tokenizer.decode(list(ids), skip_special_tokens=True)))
