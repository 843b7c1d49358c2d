"""How many tokens a second does continuous batching write on a GPU, and how near is that to what its memory allows?

`python -m benchmarks.gpu` needs CUDA and no network: it makes a model of Qwen2's shape with 1.5B random weights, and a
tokenizer for it. Prompts take 216 tokens and no two begin alike, answers 64 to 128. `--device cpu --tiny` goes the same
way anywhere within a minute; its figures mean nothing. The last line is JSON; without CUDA it has the key `skipped`.
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROMPT_TOKENS = 216
ALONE = 4  # how many are asked one after another


@dataclass(frozen=True, slots=True)
class Size:
    """A model's shape, and what is measured on it."""

    shape: dict[str, int]
    crowds: tuple[int, ...]
    new_tokens: tuple[int, int]
    copied_bytes: int


# Qwen2.5-1.5B's shape.
FULL = Size(
    {
        "vocab_size": 151_936,
        "hidden_size": 1536,
        "intermediate_size": 8960,
        "num_hidden_layers": 28,
        "num_attention_heads": 12,
        "num_key_value_heads": 2,
    },
    crowds=(1, 8, 64, 256),
    new_tokens=(64, 128),
    copied_bytes=2**32,
)
TINY = Size(
    {
        "vocab_size": 1024,
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
    },
    crowds=(1, 8),
    new_tokens=(8, 16),
    copied_bytes=2**26,
)


def write_model(folder: Path, shape: dict[str, int], device: str) -> None:
    """Write a model of that shape with random weights in bfloat16, and a tokenizer that has a token for each id."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

    signs = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = [*signs, "<end>", *(f"w{number}" for number in range(shape["vocab_size"] - len(signs) - 1))]
    tokenizer = Tokenizer(models.BPE({word: number for number, word in enumerate(words)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<end>")
    fast.chat_template = "{% for message in messages %}{{ message.content }}{% endfor %}"
    fast.save_pretrained(folder)
    torch.manual_seed(0)
    config = Qwen2Config(
        **shape,
        max_position_embeddings=4096,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=fast.eos_token_id,
        dtype="bfloat16",
    )
    torch.set_default_dtype(torch.bfloat16)
    with torch.device(device):
        model = Qwen2ForCausalLM(config)
    torch.set_default_dtype(torch.float32)
    model.save_pretrained(folder)


def prompt(number: int) -> str:
    """Return a text of as many tokens as a prompt takes: one a letter."""
    return "".join(random.Random(number).choices("abcdefghijklmnopqrstuvwxyz ", k=PROMPT_TOKENS))


def lengths(count: int, bounds: tuple[int, int]) -> list[int]:
    """Return how many tokens each of so many answers takes, spread evenly between the bounds."""
    low, high = bounds
    return [low + (high - low) * number // max(1, count - 1) for number in range(count)]


def bandwidth(device: str, size: int) -> float:
    """Return the bytes a second that a large copy on the device reads and writes together."""
    import torch

    source = torch.ones(size, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    seconds = []
    for _ in range(8):
        finish(device)
        start = time.perf_counter()
        target.copy_(source)
        finish(device)
        seconds.append(time.perf_counter() - start)
    return 2 * size / statistics.median(seconds[2:])


def finish(device: str) -> None:
    """Wait for what the device has been told to do."""
    import torch

    if device.startswith("cuda"):
        torch.cuda.synchronize(device)


def generate_speed(folder: Path, device: str, size: Size) -> float:
    """Return the tokens a second of transformers' generate, one request after another."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16).to(device).eval()

    def answer(number: int, tokens: int) -> int:
        ids = torch.tensor([tokenizer(prompt(number)).input_ids], device=device)
        settings = {"max_new_tokens": tokens, "min_new_tokens": tokens, "do_sample": False, "pad_token_id": 0}
        with torch.inference_mode():
            out = model.generate(ids, attention_mask=torch.ones_like(ids), **settings)
        return int(out.shape[1] - ids.shape[1])

    answer(-1, size.new_tokens[0])
    return speed(lambda: sum(answer(number, n) for number, n in enumerate(lengths(ALONE, size.new_tokens))))


def speed(work: Callable[[], int]) -> float:
    """Return the tokens a second of some work that returns how many it wrote."""
    start = time.perf_counter()
    tokens = work()
    return tokens / (time.perf_counter() - start)


@dataclass(frozen=True, slots=True)
class Crowd:
    """What some requests at once got: all their tokens by all the time, and without the first ones' time."""

    tok_s: float
    decode_tok_s: float
    first_s: float


def ask(engine: Any, first: int, counts: list[int]) -> Crowd:
    """Ask for answers of so many tokens at once, greedily."""
    from bot.inference.api import ChatRequest, Turn

    start = time.perf_counter()
    for key, tokens in enumerate(counts):
        engine.begin(key, ChatRequest("", (Turn("user", prompt(first + key)),), tokens, temperature=0))
    written: dict[int, int] = {}
    firsts: dict[int, float] = {}
    ended = 0
    while ended < len(counts):
        for output in engine.step():
            firsts.setdefault(output.key, time.perf_counter() - start)
            written[output.key] = written.get(output.key, 0) + output.new_tokens
            ended += output.finish is not None
    seconds = time.perf_counter() - start
    tokens = sum(written.values())
    waited = max(firsts.values())
    return Crowd(tokens / seconds, (tokens - len(counts)) / (seconds - waited), waited)


def measure(device: str, size: Size) -> dict[str, Any]:
    """Return every figure."""
    import torch

    from bot.inference.engines.torch_continuous import TorchContinuous

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_model(folder, size.shape, device)
        copied = bandwidth(device, size.copied_bytes)
        figures: dict[str, Any] = {"generate_tok_s": generate_speed(folder, device, size)}
        engine = TorchContinuous(folder, context=2048, device=device, dtype="bfloat16", threads=torch.get_num_threads())
    weights = sum(parameter.nbytes for parameter in engine._model.parameters())  # noqa: SLF001 - the engine adds its cache
    figures |= {"weights_bytes": weights, "attention": engine._model.config._attn_implementation}  # noqa: SLF001
    try:
        for crowd in size.crowds:
            figures |= measure_crowd(engine, crowd, size)
    finally:
        engine.close()
    figures["bandwidth_gb_s"] = copied / 1e9
    figures["bandwidth_fraction_1"] = weights * figures["decode_tok_s_1"] / copied
    figures["ratio_generate"] = figures[f"tok_s_{size.crowds[-1]}"] / figures["generate_tok_s"]
    return figures


def measure_crowd(engine: Any, crowd: int, size: Size) -> dict[str, float]:
    """Return the figures of so many requests at once; one alone is asked several times."""
    ask(engine, 10_000 * crowd, [size.new_tokens[0]] * crowd)  # graphs for these shapes, and the caches' pages
    rounds = range(ALONE if crowd == 1 else 1)
    results = [ask(engine, 20_000 * crowd + number, lengths(crowd, size.new_tokens)) for number in rounds]
    figures = {
        f"tok_s_{crowd}": statistics.median(result.tok_s for result in results),
        f"decode_tok_s_{crowd}": statistics.median(result.decode_tok_s for result in results),
        f"first_s_{crowd}": statistics.median(result.first_s for result in results),
    }
    print(f"{crowd:4} at once: {figures[f'tok_s_{crowd}']:9.1f} tokens/s, the last first token after ", end="")
    print(f"{figures[f'first_s_{crowd}']:.2f} s", flush=True)
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda:0")
    parser.add_argument("--tiny", action="store_true", help="a model of no use, to try the script")
    arguments = parser.parse_args()
    import torch

    device: str = arguments.device
    if device.startswith("cuda") and not torch.cuda.is_available():
        print("There is no CUDA device here.")
        print(json.dumps({"skipped": "no CUDA device"}))
        return
    figures = measure(device, TINY if arguments.tiny else FULL)
    name = torch.cuda.get_device_name(device) if device.startswith("cuda") else "CPU"
    rounded = {key: round(value, 4) if isinstance(value, float) else value for key, value in figures.items()}
    print(json.dumps({"device": name, "torch": torch.__version__, **rounded}))


if __name__ == "__main__":
    main()
