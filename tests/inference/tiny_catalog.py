"""Makes the models of tiny_entries.py and installs them as if they came from the Hub."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from transformers import (
    XLMRobertaForQuestionAnswering,
    XLMRobertaForSequenceClassification,
    XLMRobertaForTokenClassification,
)

from bot.inference import weights
from bot.inference.catalog import Kind
from tests.inference.tiny_entries import entry
from tests.inference.tiny_heads import write_nllb, write_xlmr
from tests.inference.tiny_models import write_chat_model, write_encoder

_WRITERS: dict[Kind, Callable[[Path], Path]] = {
    "chat": write_chat_model,
    "encoder": write_encoder,
    "seq2seq": write_nllb,
    "classifier": partial(write_xlmr, head=XLMRobertaForSequenceClassification, labels=("negative", "positive")),
    "tagger": partial(write_xlmr, head=XLMRobertaForTokenClassification, labels=("O", "B-PER", "I-PER")),
    "reader": partial(write_xlmr, head=XLMRobertaForQuestionAnswering),
}


def install(kinds: Iterable[Kind], weights_dir: Path, scratch: Path) -> None:
    """Write the models of these kinds and install them from that folder."""
    for kind in kinds:
        model_id = entry(kind).id
        (scratch / model_id).mkdir(parents=True)
        folder = _WRITERS[kind](scratch / model_id)
        size = sum(file.stat().st_size for file in folder.iterdir())
        weights.pull(entry(kind, size), weights_dir, weights.Channels(from_dir=scratch))
