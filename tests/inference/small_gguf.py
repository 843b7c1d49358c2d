"""Writes a Qwen2 GGUF of a few hundred kilobytes with random 8-bit weights and a byte-level tokenizer."""

from pathlib import Path
from typing import Any

import gguf
import numpy as np
import numpy.typing as npt

HIDDEN, LAYERS, HEADS, KV_HEADS, INTERMEDIATE = 64, 2, 4, 2, 96
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
Q8_0 = gguf.GGMLQuantizationType.Q8_0
Array = npt.NDArray[np.float32]


def byte_alphabet() -> list[str]:
    """GPT-2's printable stand-ins for the 256 bytes."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    other = [byte for byte in range(256) if byte not in printable]
    table = {byte: chr(byte) for byte in printable} | {byte: chr(256 + n) for n, byte in enumerate(other)}
    return [table[byte] for byte in range(256)]


TOKENS = [*byte_alphabet(), "ho", "la", *SPECIAL]


def write_gguf(file: Path, kind: gguf.GGMLQuantizationType = Q8_0) -> dict[str, Array]:
    """Write the file, matrices in that format; returns what its weights are once unpacked, by their names."""
    writer = gguf.GGUFWriter(file, "qwen2")
    write_shape(writer)
    write_tokenizer(writer)
    expected = {}
    random = np.random.default_rng(0)
    for name, shape in shapes().items():
        values = random.normal(scale=0.1, size=shape).astype(np.float32)
        if len(shape) == 1:
            writer.add_tensor(name, values)
            expected[name] = values
        else:
            packed = gguf.quants.quantize(values, kind)
            writer.add_tensor(name, packed, raw_dtype=kind)
            expected[name] = gguf.quants.dequantize(packed, kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return expected


def write_shape(writer: Any) -> None:
    writer.add_context_length(256)
    writer.add_embedding_length(HIDDEN)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INTERMEDIATE)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_rope_freq_base(1_000_000.0)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_vocab_size(len(TOKENS))
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)  # openvino-genai does not read a file without it


def write_tokenizer(writer: Any) -> None:
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(TOKENS)
    writer.add_token_types([1] * (len(TOKENS) - len(SPECIAL)) + [3] * len(SPECIAL))
    writer.add_token_merges(["h o", "l a"])
    writer.add_bos_token_id(TOKENS.index("<|endoftext|>"))
    writer.add_eos_token_id(TOKENS.index("<|im_end|>"))
    writer.add_pad_token_id(TOKENS.index("<|endoftext|>"))
    writer.add_chat_template(TEMPLATE)


def shapes() -> dict[str, tuple[int, ...]]:
    kv = HIDDEN // HEADS * KV_HEADS
    found: dict[str, tuple[int, ...]] = {
        "token_embd.weight": (len(TOKENS), HIDDEN),
        "output_norm.weight": (HIDDEN,),
        "output.weight": (len(TOKENS), HIDDEN),
    }
    for n in range(LAYERS):
        for name, rows in (("q", HIDDEN), ("k", kv), ("v", kv)):
            found[f"blk.{n}.attn_{name}.weight"] = (rows, HIDDEN)
            found[f"blk.{n}.attn_{name}.bias"] = (rows,)
        found[f"blk.{n}.attn_output.weight"] = (HIDDEN, HIDDEN)
        found[f"blk.{n}.attn_norm.weight"] = found[f"blk.{n}.ffn_norm.weight"] = (HIDDEN,)
        found[f"blk.{n}.ffn_gate.weight"] = found[f"blk.{n}.ffn_up.weight"] = (INTERMEDIATE, HIDDEN)
        found[f"blk.{n}.ffn_down.weight"] = (HIDDEN, INTERMEDIATE)
    return found
