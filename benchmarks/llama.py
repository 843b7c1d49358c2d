"""Chat with llama.cpp's server (continuous batching, prompt cache), from an environment of its own, over loopback."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks.asked import Answer, Round
from benchmarks.child import child
from bot.inference.api import ChatRequest

VERSION = "2026.10.11549"
_CONTEXT = 1024


class Llama:
    """The server, from outside."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self.prompt_tokens = 0
        """Length of the last prompt that it read."""

    async def ask(self, requests: Sequence[ChatRequest]) -> Round:
        """Send all requests at once."""
        prompts = [await self._render(request) for request in requests]
        start = time.monotonic()
        answering = (self._answer(prompt, request) for prompt, request in zip(prompts, requests, strict=True))
        answers = await asyncio.gather(*answering)
        return Round(time.monotonic() - start, tuple(answers))

    async def _render(self, request: ChatRequest) -> str:
        turns = [{"role": turn.role, "content": turn.text} for turn in request.turns]
        answer = await self._http.post("/apply-template", json={"messages": turns})
        return str(answer.raise_for_status().json()["prompt"])

    async def _answer(self, prompt: str, request: ChatRequest) -> Answer:
        start, first_s, last = time.monotonic(), 0.0, dict[str, Any]()
        async with self._http.stream("POST", "/completion", json=_body(prompt, request)) as response:
            async for line in response.raise_for_status().aiter_lines():
                if line.startswith("data: "):
                    first_s = first_s or time.monotonic() - start
                    last = json.loads(line.removeprefix("data: "))
        self.prompt_tokens = last["tokens_evaluated"]
        return Answer(first_s, last["tokens_predicted"])


def _body(prompt: str, request: ChatRequest) -> dict[str, object]:
    # Its other samplers are switched off, so that it draws as the other engines do.
    sampling = {"temperature": request.temperature, "top_p": request.top_p, "top_k": 0, "min_p": 0}
    length = {"n_predict": request.max_new_tokens, "ignore_eos": True}
    return {"prompt": prompt, "stream": True, "cache_prompt": True, "seed": request.seed, **sampling, **length}


@asynccontextmanager
async def llama(gguf: Path, slots: int, threads: int, cache: Path) -> AsyncGenerator[Llama]:
    """Serve a GGUF file until the end of the block; the environment is made in `cache` the first time."""
    python = await asyncio.to_thread(environment, cache)
    script = Path(__file__).with_name("llama_server.py")
    command = (str(python), str(script), str(gguf), str(slots), str(_CONTEXT), str(threads))
    async with child(command) as process:
        address = await process.hear()
        async with httpx.AsyncClient(base_url=address, timeout=600) as http:
            yield Llama(http)


def environment(cache: Path) -> Path:
    """Return the Python of an environment with xllamacpp, made the first time."""
    folder = cache / f"xllamacpp-{VERSION}"
    python, made = folder / "bin" / "python", folder / "made"
    if not made.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.run([*pip, "--only-binary", ":all:", f"xllamacpp=={VERSION}"], check=True)
        made.touch()
    return python
