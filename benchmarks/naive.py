"""Chat as a simple bot does it: transformers in bfloat16, each message after the one before, in a process of its own.

`python -m benchmarks.naive FOLDER THREADS` answers lines of JSON. It keeps keys and values within an answer and
nothing between answers. torch and transformers are imported here alone.
"""

import argparse
import dataclasses
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from benchmarks.asked import Answer, Round
from benchmarks.child import Child, child, serve
from bot.inference.api import ChatRequest


class Naive:
    """The process, from outside."""

    def __init__(self, process: Child) -> None:
        self._process = process

    async def ask(self, requests: Sequence[ChatRequest]) -> Round:
        """Let it answer one request after another, which all came at the same time."""
        start = time.monotonic()
        answers = []
        for request in requests:
            before = time.monotonic() - start
            first_s, tokens = await self._process.ask(dataclasses.asdict(request))
            answers.append(Answer(before + first_s, tokens))
        return Round(time.monotonic() - start, tuple(answers))


@asynccontextmanager
async def naive(folder: Path, threads: int) -> AsyncGenerator[Naive]:
    """Load a safetensors folder and answer until the end of the block."""
    async with child((sys.executable, "-m", "benchmarks.naive", str(folder), str(threads))) as process:
        await process.hear()
        yield Naive(process)


def _serve(folder: Path, threads: int) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.generation.streamers import BaseStreamer
    from transformers.utils import logging

    class FirstToken(BaseStreamer):  # type: ignore[misc]
        """Notes when tokens come."""

        def __init__(self) -> None:
            self.times: list[float] = []

        def put(self, _: Any) -> None:
            """Be told the prompt first, then token after token."""
            self.times.append(time.monotonic())

        def end(self) -> None:
            """Do nothing."""

    logging.disable_progress_bar()
    torch.set_num_threads(threads)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16).eval()

    def answer(request: dict[str, Any]) -> tuple[float, int]:
        start, seen = time.monotonic(), FirstToken()
        turns = [{"role": turn["role"], "content": turn["text"]} for turn in request["turns"]]
        prompt = tokenizer.apply_chat_template(turns, add_generation_prompt=True, return_dict=True, return_tensors="pt")
        length = request["max_new_tokens"]
        torch.manual_seed(request["seed"])
        out = model.generate(
            **prompt,
            max_new_tokens=length,
            min_new_tokens=length,
            do_sample=request["temperature"] > 0,
            temperature=request["temperature"] or None,
            top_p=request["top_p"],
            top_k=0,
            streamer=seen,
        )
        new = out[0][prompt["input_ids"].shape[1] :]
        tokenizer.decode(new, skip_special_tokens=True)
        return seen.times[1] - start, len(new)

    serve(answer)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("threads", type=int)
    arguments = parser.parse_args()
    _serve(arguments.folder, arguments.threads)
