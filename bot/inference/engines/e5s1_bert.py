"""An E5S1 file as a folder that transformers loads: BertModel weights and a fast tokenizer."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bot.inference.e5s1 import Array, E5File, Sizes, Vocabulary

# Names inside one layer: in the file, in BertModel, and whether it is a projection (weight and bias) or a norm.
_PROJECTIONS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def write_bert(source: Path, folder: Path) -> None:
    """Decode `source` into `folder`, float16 on disk; raises ValueError when the file is broken."""
    from safetensors.numpy import save_file

    file = E5File(source.read_bytes())
    tensors = {name: tensor.astype(np.float16) for name, tensor in _state(file)}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    _write_config(file, folder)
    _write_tokenizer(file.vocabulary, file.sizes.positions, folder)


def _state(file: E5File) -> Iterator[tuple[str, Array]]:
    sizes = file.sizes
    hidden = sizes.hidden
    yield "embeddings.word_embeddings.weight", file.tensor("emb.word", sizes.vocabulary, hidden)
    yield "embeddings.position_embeddings.weight", file.tensor("emb.pos", sizes.positions, hidden)
    yield "embeddings.token_type_embeddings.weight", file.tensor("emb.type", sizes.types, hidden)
    yield "embeddings.LayerNorm.weight", file.tensor("emb.ln.w", hidden)
    yield "embeddings.LayerNorm.bias", file.tensor("emb.ln.b", hidden)
    for layer in range(sizes.layers):
        yield from _layer(file, layer)
    # The file has no pooler: sentence vectors are means. BertModel has one, and zeros keep its loading quiet.
    yield "pooler.dense.weight", np.zeros((hidden, hidden), np.float32)
    yield "pooler.dense.bias", np.zeros(hidden, np.float32)


def _layer(file: E5File, layer: int) -> Iterator[tuple[str, Array]]:
    prefix = f"encoder.layer.{layer}"
    for short, name in _PROJECTIONS.items():
        rows, columns = _projection(file.sizes, short)
        yield f"{prefix}.{name}.weight", file.tensor(f"l{layer}.{short}.w", rows, columns)
        yield f"{prefix}.{name}.bias", file.tensor(f"l{layer}.{short}.b", rows)
    for short, name in _NORMS.items():
        yield f"{prefix}.{name}.weight", file.tensor(f"l{layer}.{short}.w", file.sizes.hidden)
        yield f"{prefix}.{name}.bias", file.tensor(f"l{layer}.{short}.b", file.sizes.hidden)


def _projection(sizes: Sizes, short: str) -> tuple[int, int]:
    rows = sizes.intermediate if short == "fi" else sizes.hidden
    columns = sizes.intermediate if short == "fo" else sizes.hidden
    return rows, columns


def _write_config(file: E5File, folder: Path) -> None:
    from transformers import BertConfig

    sizes, vocabulary = file.sizes, file.vocabulary
    BertConfig(
        architectures=["BertModel"],
        vocab_size=sizes.vocabulary,
        hidden_size=sizes.hidden,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads,
        intermediate_size=sizes.intermediate,
        max_position_embeddings=sizes.positions,
        type_vocab_size=sizes.types,
        layer_norm_eps=sizes.epsilon,
        pad_token_id=vocabulary.pad,
        dtype="float32",  # half precision is for the disk; at this one the vectors were checked
    ).save_pretrained(folder)


def _write_tokenizer(vocabulary: Vocabulary, positions: int, folder: Path) -> None:
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.Unigram(list(vocabulary.pieces), unk_id=vocabulary.unk, byte_fallback=False))
    # The file's own map, code point by code point, says exactly what these two rules say.
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    bos, eos, pad, unk = (
        vocabulary.pieces[piece][0] for piece in (vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unk)
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single=[bos, "$A", eos],
        pair=[bos, "$A", eos, eos, "$B", eos],
        special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)],
    )
    special = {"bos_token": bos, "cls_token": bos, "eos_token": eos, "sep_token": eos, "unk_token": unk}
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token=pad, model_max_length=positions, **special
    ).save_pretrained(folder)
