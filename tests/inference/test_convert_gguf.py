import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from bot.errors import WeightsError
from bot.inference.catalog import Model, find
from bot.inference.engines.convert import ensure_converted
from tests.inference.small_gguf import TOKENS, Array, write_gguf

Placed = tuple[Model, Path, dict[str, Array]]


@pytest.fixture(scope="module")
def placed(tmp_path_factory: pytest.TempPathFactory) -> Placed:
    """A small GGUF where verified weights lie, converted."""
    weights_dir = tmp_path_factory.mktemp("models")
    model = find("qwen2.5-coder-0.5b")
    file = weights_dir / model.id / model.file
    file.parent.mkdir()
    expected = write_gguf(file)
    fitting = dataclasses.replace(model, bytes=file.stat().st_size)
    return fitting, ensure_converted(fitting, weights_dir), expected


def test_model_has_the_files_weights(placed: Placed) -> None:
    _, folder, expected = placed
    state = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16).state_dict()
    pairs = {
        "model.embed_tokens.weight": "token_embd.weight",
        "lm_head.weight": "output.weight",
        "model.norm.weight": "output_norm.weight",
        "model.layers.1.self_attn.q_proj.weight": "blk.1.attn_q.weight",
        "model.layers.0.self_attn.k_proj.bias": "blk.0.attn_k.bias",
        "model.layers.1.mlp.down_proj.weight": "blk.1.ffn_down.weight",
    }
    for name, short in pairs.items():
        assert state[name].dtype == torch.bfloat16
        np.testing.assert_allclose(state[name].float().numpy(), expected[short], rtol=1 / 128, atol=1e-6)


def test_converted_model_writes(placed: Placed) -> None:
    model = AutoModelForCausalLM.from_pretrained(placed[1], dtype=torch.float32).eval()
    assert model.generation_config.eos_token_id == TOKENS.index("<|im_end|>")
    with torch.inference_mode():
        logits = model(torch.tensor([[1, 2, 3]])).logits
    assert logits.shape == (1, 3, len(TOKENS))
    assert torch.isfinite(logits).all()


def test_tokenizer_and_chat_template_come_along(placed: Placed) -> None:
    tokenizer = AutoTokenizer.from_pretrained(placed[1])
    text = tokenizer.apply_chat_template(
        [{"role": "user", "content": "hola"}], add_generation_prompt=True, tokenize=False
    )
    assert text == "<|im_start|>user\nhola<|im_end|>\n<|im_start|>assistant\n"
    ids = tokenizer(text, add_special_tokens=False).input_ids
    assert [TOKENS[piece] for piece in ids if piece >= 256] == [
        "<|im_start|>",
        "ho",
        "la",
        "<|im_end|>",
        "<|im_start|>",
    ]
    assert tokenizer.decode(ids) == text


def test_broken_gguf_is_an_error(placed: Placed, tmp_path: Path) -> None:
    model = placed[0]
    (tmp_path / model.id).mkdir()
    (tmp_path / model.id / model.file).write_bytes(b"GGUF" + bytes(model.bytes - 4))
    with pytest.raises(WeightsError) as caught:
        ensure_converted(model, tmp_path)
    assert caught.value.key == "error-weights-convert"
